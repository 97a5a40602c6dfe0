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
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def close(self, grant: Grant) -> str:
        """The grant, encrypted."""
        return self._fernet.encrypt(grant.model_dump_json().encode()).decode()

    def open(self, sealed: str) -> Grant | None:
        """The grant that was encrypted; None where none of the keys fits."""
        try:
            return Grant.model_validate_json(self._fernet.decrypt(sealed.encode()))
        except (InvalidToken, ValidationError):
            log.error("token.unreadable", hint="None of TOKEN_KEYS fits: WEBEX_REFRESH_TOKEN is used again.")
            return None
