"""Tokens in the form in which they are kept: encrypted, by keys that can be changed."""

from collections.abc import Sequence

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import ValidationError

from bot.calling.authorization import Grant

log = structlog.get_logger()


class Seal:
    """Encrypts with the first of the Fernet keys, and reads what any of them encrypted."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [Fernet(key) for key in keys]
        self._fernet = MultiFernet(self._keys)

    def close(self, grant: Grant, like: str | None = None) -> str:
        """The grant, encrypted; `like` another, by the key that opens that one, where it is among them."""
        key = self._key_of(like) if like else None
        return (key or self._fernet).encrypt(grant.model_dump_json().encode()).decode()

    def fits(self, sealed: str) -> bool:
        """Whether one of the keys opens it."""
        return self._key_of(sealed) is not None

    def open(self, sealed: str) -> Grant | None:
        """The grant that was encrypted; None where none of the keys fits."""
        try:
            return Grant.model_validate_json(self._fernet.decrypt(sealed.encode()))
        except (InvalidToken, ValidationError):
            log.error("token.unreadable", hint="None of TOKEN_KEYS fits: WEBEX_REFRESH_TOKEN is used again.")
            return None

    def _key_of(self, sealed: str) -> Fernet | None:
        return next((key for key in self._keys if _opens(key, sealed)), None)


def _opens(key: Fernet, sealed: str) -> bool:
    try:
        key.decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True
