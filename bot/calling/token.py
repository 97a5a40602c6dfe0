"""Where the bearer token of the virtual extension API comes from."""

from dataclasses import dataclass, field
from typing import Protocol, Self

from pydantic import SecretStr


class TokenSource(Protocol):
    """Gives the token for a call; asked from many threads at once. Its methods may raise WebexError."""

    def current(self) -> str:
        """The token to send."""
        ...

    def renew(self, refused: str) -> str:
        """A token in place of one that Webex answered 401 to; the same one where there is no other."""
        ...


@dataclass(frozen=True)
class StaticToken:
    """A token that is given once and cannot be renewed."""

    value: str = field(repr=False)

    @classmethod
    def of(cls, secret: SecretStr) -> Self:
        """The token in a setting."""
        return cls(secret.get_secret_value())

    def current(self) -> str:
        """The token."""
        return self.value

    def renew(self, refused: str) -> str:
        """The same token again: there is no other."""
        return refused
