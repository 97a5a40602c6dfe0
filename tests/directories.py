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
