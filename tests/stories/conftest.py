"""A sandbox and a bot for every story, one database for all of them."""

from collections.abc import Iterator

import pytest
from bot_at_work import BotAtWork, bot_at_work
from directories import started_directory, without_flushes
from people import Person

from bot.database import embedded_database
from bot.sandbox.server import SandboxServer


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    with started_directory() as directory, embedded_database(directory) as address:
        yield without_flushes(address)


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
