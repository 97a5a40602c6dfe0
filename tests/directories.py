"""Directories for databases of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def database_directory() -> Iterator[Path]:
    """A directory that PostgreSQL's own user can reach. Pytest's are closed to others at every start."""
    with TemporaryDirectory(prefix="extbot-test-") as directory:
        yield Path(directory) / "data"


def without_flushes(database_url: str) -> str:
    """The address for connections that do not wait for the disk: nothing here is about what outlives a crash."""
    return f"{database_url}{'&' if '?' in database_url else '?'}options=-csynchronous_commit%3Doff"
