"""A sandbox and a bot for every story, one database for all of them, emptied for each."""

from collections.abc import Iterator

import pytest
from bot_at_work import BotAtWork, bot_at_work
from directories import started_directory, without_flushes
from emptied import keep, put_back
from people import Person
from sqlalchemy import Engine

from bot.database import embedded_database
from bot.sandbox.server import SandboxServer
from bot.store import connect


@pytest.fixture(scope="session")
def shared_database_url() -> Iterator[str]:
    """The database as the stories before have left it."""
    with started_directory() as directory, embedded_database(directory) as address:
        keep(address)
        yield without_flushes(address)


@pytest.fixture(scope="session")
def forgetting(shared_database_url: str) -> Iterator[Engine]:
    """What empties the database before a story."""
    engine = connect(shared_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def database_url(shared_database_url: str, forgetting: Engine) -> str:
    """The database without what other stories have left: each has another Webex, with the same people in it."""
    put_back(forgetting)
    return shared_database_url


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


@pytest.fixture
def bot(sandbox: SandboxServer, database_url: str) -> Iterator[BotAtWork]:
    with bot_at_work(sandbox, database_url) as working:
        yield working


@pytest.fixture
def alice(bot: BotAtWork) -> Person:
    """Full administrator."""
    return Person(bot, "alice")


@pytest.fixture
def rita(bot: BotAtWork) -> Person:
    """Read-only administrator."""
    return Person(bot, "rita")


@pytest.fixture
def leo(bot: BotAtWork) -> Person:
    """Location administrator of Lyon."""
    return Person(bot, "leo")


@pytest.fixture
def nina(bot: BotAtWork) -> Person:
    """Somebody of the same organization without a role."""
    return Person(bot, "nina")


@pytest.fixture
def oscar(bot: BotAtWork) -> Person:
    """Somebody of another organization."""
    return Person(bot, "oscar")
