"""Tokens are kept encrypted, by keys that can be changed."""

from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet

from bot.calling.authorization import Grant
from bot.calling.seal import Seal

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
GRANT = Grant(
    access_token="access-1",
    refresh_token="refresh-1",
    obtained_at=NOW,
    expires_at=NOW + timedelta(days=14),
    refresh_expires_at=None,
)


def key() -> str:
    return Fernet.generate_key().decode()


def test_what_is_sealed_can_be_opened_and_not_read() -> None:
    seal = Seal([key()])
    sealed = seal.close(GRANT)
    assert seal.open(sealed) == GRANT
    assert "access-1" not in sealed
    assert "refresh-1" not in sealed


def test_a_new_key_is_put_in_front_of_the_old_one() -> None:
    """It seals from then on; the old one still opens what it sealed."""
    old, new = key(), key()
    both = Seal([new, old])
    assert both.open(Seal([old]).close(GRANT)) == GRANT
    assert Seal([new]).open(both.close(GRANT)) == GRANT
    assert Seal([old]).open(both.close(GRANT)) is None


def test_what_no_key_opens_is_nothing() -> None:
    assert Seal([key()]).open(Seal([key()]).close(GRANT)) is None
    assert Seal([key()]).open("no sealed text") is None


def test_something_else_that_was_sealed_is_nothing() -> None:
    one = key()
    assert Seal([one]).open(Fernet(one).encrypt(b"{}").decode()) is None
