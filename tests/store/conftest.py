"""One PostgreSQL for all tests of the store, emptied for each."""

from collections.abc import Iterator

import pytest
from directories import started_directory
from emptied import keep, put_back
from sqlalchemy import Engine

from bot.database import embedded_database
from bot.store import Store, connect


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    with started_directory() as directory, embedded_database(directory) as address:
        keep(address)
        yield address


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An empty database that is up to date."""
    engine = connect(database_url)
    put_back(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)
