"""What the benchmarks stand on: a sandbox, a database of its own for each, and the bot's processes beside them."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import psycopg
import requests
from other_servers import command

from bot.database import embedded_database
from bot.sandbox.server import SandboxServer

BENCH = Path(__file__).parent
ROOT = BENCH.parent.parent
SECRET = "secret-of-the-benchmarks"
POLICY = """
[[grants]]
roles = ["Full Administrator"]
permissions = ["read", "change", "delete", "bulk", "settings", "approve"]
everywhere = true

[approval]
commands = []
"""
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'answer' AND status IN ('todo', 'doing')"
DEADLINE = 60.0
"""Seconds until a condition counts as never coming true, unless another time is named."""


@dataclass(frozen=True)
class Memory:
    """Bytes: `resident` counts what processes share for each of them, `proportional` once."""

    resident: int
    proportional: int


@dataclass(frozen=True)
class Ground:
    """A PostgreSQL server with a migrated database to copy, and a directory for files."""

    directory: Path
    server_url: str
    version: str

    def fetch_others(self) -> bool:
        """Have pip fetch the packages to compare with, where installations find them; whether that succeeded."""
        target = self.directory / "others"
        arguments = ["--quiet", "--no-deps", "--require-hashes", "-r", str(BENCH / "requirements.txt")]
        command = [sys.executable, "-m", "pip", "install", "--target", str(target), *arguments]
        return target.exists() or not subprocess.run(command, check=False).returncode

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """A fresh database for one benchmark, as the migrations make it."""
        with _server(self.server_url) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
        yield _renamed(self.server_url, name)
        with _server(self.server_url) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @contextmanager
    def installation(self, sandbox: SandboxServer, name: str) -> "Iterator[Installation]":
        """The bot on a database of its own, with nothing started; what is started ends with the block."""
        with self.database(name) as database_url, ExitStack() as started:
            yield Installation(sandbox, database_url, self.directory, started)


class Installation:
    """The processes of one bot. They write their log to files, at the level that production has."""

    def __init__(self, sandbox: SandboxServer, database_url: str, directory: Path, started: ExitStack) -> None:
        self.sandbox = sandbox
        self.database_url = database_url
        self.port = free_port()
        self.bot_id = next(one.id for one in sandbox.world.people.values() if one.type == "bot")
        self._directory = directory
        self._started = started
        self.environ = {**os.environ, **_settings(sandbox, database_url, self.port, directory)}

    def start(self, *command: str, **environ: str) -> psutil.Process:
        """Start a Python module or script as a process, with the bot's settings."""
        log = self._started.enter_context((self._directory / "log").open("ab"))
        process = psutil.Popen(
            [sys.executable, *command], env={**self.environ, **environ}, cwd=ROOT, stdout=log, stderr=log
        )
        self._started.callback(stop, process)
        return process

    def start_web(self) -> psutil.Process:
        """Start `extbot web`, and wait until it can store events."""
        process = self.start("-m", "bot.cli", "web")
        wait_until(self._stores_events, "extbot web can store events")
        return process

    def start_other(self, name: str, **environ: str) -> tuple[psutil.Process, int]:
        """Start a server to compare with (see other_servers.py), and wait until it answers at its port."""
        port = free_port()
        process = self.start(*command(name, port), **environ)
        wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), f"{name} answers")
        return process, port

    def start_worker(self) -> psutil.Process:
        """Start `extbot worker`, and wait until the webhooks are registered."""
        process = self.start("-m", "bot.cli", "worker")
        wait_until(lambda: len(self.sandbox.world.webhooks) >= 3, "extbot worker has registered the webhooks")
        return process

    def start_bare(self) -> psutil.Process:
        """Start the bare bot, its receiver and its worker, of which this is the latter."""
        _, port = self.start_other("queueing", BOT_ID=self.bot_id)
        worker = self.start(str(BENCH / "bare_bot.py"), BARE_URL=f"http://127.0.0.1:{port}/webex")
        wait_until(lambda: len(self.sandbox.world.webhooks) >= 3, "the bare bot has registered its webhooks")
        return worker

    def waiting(self) -> int:
        """How many events are stored and not answered yet."""
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute(WAITING).fetchone()
        return int(row[0]) if row else 0

    def _stores_events(self) -> bool:
        """Whether the web process has found its tables; of the worker, which `/ready` is about too, no matter."""
        try:
            ready = requests.get(f"http://127.0.0.1:{self.port}/ready", timeout=30)
        except requests.ConnectionError:
            return False
        return bool(ready.json()["checks"]["tables"] == "ok")


@contextmanager
def prepared_ground() -> Iterator[Ground]:
    """Start a PostgreSQL server and migrate a database once; all is gone when the block ends."""
    with TemporaryDirectory(prefix="extbot-bench-") as named:
        directory = Path(named)
        directory.chmod(0o755)  # PostgreSQL's own user has to get in
        (directory / "access.toml").write_text(POLICY)
        with embedded_database(directory / "data") as server_url:
            with _server(server_url) as connection:
                connection.execute("CREATE DATABASE migrated")
                (version,) = connection.execute("SHOW server_version").fetchone() or ("",)
            _migrate(_renamed(server_url, "migrated"), directory)
            yield Ground(directory, server_url, str(version))


def wait_until(condition: Callable[[], bool], what: str, seconds: float = DEADLINE) -> None:
    """Wait for a condition. Raises TimeoutError that names it."""
    until, pause = time.monotonic() + seconds, threading.Event()
    while not condition():
        if time.monotonic() > until:
            raise TimeoutError(f"Not within {seconds:.0f} s: {what}")
        pause.wait(0.01)


def answers(url: str) -> bool:
    """Whether somebody answers there with success."""
    try:
        return requests.get(url, timeout=30).ok
    except requests.ConnectionError:
        return False


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def suspended(process: psutil.Process) -> Iterator[None]:
    """Hold a process up while the block lasts: even a worker that waits looks for work ten times a second."""
    process.suspend()
    try:
        yield
    finally:
        process.resume()


def memory_of(process: psutil.Process) -> Memory:
    """What a process and its children hold."""
    infos = [one.memory_full_info() for one in (process, *process.children(recursive=True))]
    return Memory(sum(info.rss for info in infos), sum(info.pss for info in infos))


def stop(process: psutil.Process) -> None:
    """SIGTERM, and wait for the end."""
    if process.is_running() and process.poll() is None:
        process.terminate()
        process.wait(DEADLINE)


def _settings(sandbox: SandboxServer, database_url: str, port: int, directory: Path) -> dict[str, str]:
    return {
        "WEBEX_BASE_URL": sandbox.api_url,
        "WEBEX_BOT_TOKEN": "sandbox-bot",
        "WEBEX_CALLING_TOKEN": "sandbox-calling",
        "WEBEX_WEBHOOK_SECRET": SECRET,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "DATABASE_URL": database_url,
        "ACCESS_FILE": str(directory / "access.toml"),
        "COMMANDS_PER_MINUTE": "10000",
        "CALLS_PER_MINUTE": "100000",
        "LOG_LEVEL": "INFO",
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT, BENCH, directory / "others"))),
        # As the supervisor of `extbot run` has it.
        "MALLOC_ARENA_MAX": "2",
    }


def _migrate(database_url: str, directory: Path) -> None:
    with SandboxServer() as sandbox:
        environ = {**os.environ, **_settings(sandbox, database_url, free_port(), directory)}
        command = [sys.executable, "-m", "bot.cli", "setup", "--tables-only"]
        subprocess.run(command, env=environ, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _server(url: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(url, autocommit=True)


def _renamed(url: str, database: str) -> str:
    """The address of another database of the same server."""
    address, _, query = url.partition("?")
    return f"{address.rpartition('/')[0]}/{database}?{query}"
