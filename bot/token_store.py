"""What is kept of the tokens: the newest ones, encrypted, and what Webex has refused."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import QueueAway, StoreAway
from bot.outages import in_transactions
from bot.tables import tokens


class TokenName(StrEnum):
    """Which token: the bot's own, the access token for Webex Calling, or the refresh token that gives it."""

    BOT = "bot token"
    CALLING = "calling token"
    REFRESH = "refresh token"


@dataclass(frozen=True)
class TokenState:
    """`seed` is the hash of the setting that the tokens came from, `sealed` the tokens, `refused_at` when Webex
    refused them last and did not accept them since, `announced` what the administrators were told last, and before
    `held_back_until` nobody asks for new ones."""

    seed: str | None = None
    sealed: str | None = None
    refused_at: datetime | None = None
    announced: str | None = None
    held_back_until: datetime | None = None


COLUMNS = (tokens.c.seed, tokens.c.sealed, tokens.c.refused_at, tokens.c.announced, tokens.c.held_back_until)
"""As in TokenState."""

LOCKED_FOR = text("SET LOCAL lock_timeout = '25s'; SET LOCAL idle_in_transaction_session_timeout = '60s'")
"""To ask Webex takes half a minute at most. Who waits for that is told before their connection counts as dead, and
who stands still, as a suspended machine does, loses the token to the others."""


class InUse(Exception):
    """Another thread or process has had the token for itself all the while."""


class LockedState:
    """The state of a token, which nobody else can read to change it until the block ends."""

    def __init__(self, connection: Connection, name: TokenName) -> None:
        self._connection = connection
        self._name = name
        connection.execute(LOCKED_FOR)
        connection.execute(upsert(tokens).values(name=name).on_conflict_do_nothing())
        row = connection.execute(select(*COLUMNS).where(tokens.c.name == name).with_for_update()).one()
        self.state = TokenState(*row)

    def keep(self, seed: str | None, sealed: str) -> None:
        """Put new tokens in the place of those that were there. Nothing of them has been refused."""
        self._set(seed=seed, sealed=sealed, refused_at=None, held_back_until=None)

    def seal(self, sealed: str) -> None:
        """Keep the same tokens, encrypted by another key."""
        self._set(sealed=sealed)

    def refuse(self, seed: str | None, now: datetime) -> None:
        """Note that Webex refused the refresh token that came from that seed. The tokens stay as they are."""
        self._set(seed=seed, refused_at=now)

    def hold_back(self, until: datetime) -> None:
        """Note that nobody, in any process, is to ask for new tokens before that."""
        self._set(held_back_until=until)

    def _set(self, **values: object) -> None:
        self._connection.execute(update(tokens).where(tokens.c.name == self._name).values(**values))


class TokenStore:
    """The queries. Every method raises QueueAway where the database can't be asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._transactions = in_transactions(engine)

    @contextmanager
    def locked(self, name: TokenName) -> Iterator[LockedState]:
        """One transaction, alone with a token: who comes second, in any process, sees what the first one did.

        Raises InUse after 25 seconds in which another one had it. After a minute it is no longer had by this one.
        """
        with _database(), self._transactions.begin() as connection:
            yield LockedState(connection, name)

    def read(self, name: TokenName) -> TokenState:
        """What is kept of a token, as it is just now."""
        query = select(*COLUMNS)
        with _database(), self._engine.connect() as connection:
            row = connection.execute(query.where(tokens.c.name == name)).first()
        return TokenState(*row) if row else TokenState()

    def note_refusal(self, name: TokenName, refused_at: datetime | None) -> None:
        """Note when Webex refused a token; None where it accepts it."""
        self._note(name, refused_at=refused_at)

    def forget_refusal(self, name: TokenName) -> None:
        """A token that is not used any more need not be accepted. What is kept of it stays."""
        query = update(tokens).where(tokens.c.name == name).values(refused_at=None)
        with _database(), self._engine.connect() as connection:
            connection.execute(query)

    def note_announcement(self, name: TokenName, announced: str | None) -> None:
        """Note what the administrators have been told of a token."""
        self._note(name, announced=announced)

    def _note(self, name: TokenName, **values: object) -> None:
        query = upsert(tokens).values(name=name, **values)
        with _database(), self._engine.connect() as connection:
            connection.execute(query.on_conflict_do_update(index_elements=["name"], set_=values))


@contextmanager
def _database() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, StoreAway) as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise InUse from error
        raise QueueAway("The database does not answer, or its tables are missing.") from error
