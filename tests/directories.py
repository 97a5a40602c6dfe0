"""Directories for databases of the tests."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from bot.database import embedded_database
from bot.schema import upgrade
from bot.store import connect

OF_ALL = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
"""The process that has started the others, or is the only one."""

TEMPLATE = Path(gettempdir()) / f"extbot-template-{OF_ALL}"


@contextmanager
def database_directory() -> Iterator[Path]:
    """A directory whose server is made as on a new machine, at its first start.

    PostgreSQL's own user can reach it. Pytest's directories are closed to others at every start.
    """
    with TemporaryDirectory(prefix="extbot-test-") as directory:
        yield Path(directory) / "data"


@contextmanager
def started_directory() -> Iterator[Path]:
    """One whose database is up to date and stopped: it is made once for all tests, and copied."""
    with database_directory() as directory:
        # As it is, with the owner: PostgreSQL takes no files of others.
        subprocess.run(["cp", "-a", _template(), directory], check=True)
        yield directory


def forget_template() -> None:
    """Leave nothing behind, when all processes are done with their tests."""
    if os.getpid() == OF_ALL:
        shutil.rmtree(TEMPLATE, ignore_errors=True)


def _template() -> Path:
    made = TEMPLATE / "data"
    TEMPLATE.mkdir(exist_ok=True)
    with (TEMPLATE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            with embedded_database(TEMPLATE / "making") as address:
                engine = connect(address)
                upgrade(engine)
                engine.dispose()
            (TEMPLATE / "making").rename(made)
    return made


def without_flushes(database_url: str) -> str:
    """The address for connections that do not wait for the disk: nothing here is about what outlives a crash."""
    return f"{database_url}{'&' if '?' in database_url else '?'}options=-csynchronous_commit%3Doff"
