"""A small installation as it is run: `extbot run` beside a sandbox, in processes of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import psutil
import requests
from card_schema import check_cards_of
from policies import ALONE, EVERYTHING, LOOKING
from prometheus_client.parser import text_string_to_metric_families

from bot.database import embedded_database
from bot.sandbox.records import Message
from bot.sandbox.server import SandboxServer
from bot.store import connect
from bot.token_store import TokenName, TokenState, TokenStore

WORKING = "I am working on it"
"""What a reply says whose place the answer takes."""

DEADLINE = 60.0
"""Seconds until a condition counts as never coming true; nothing here waits that long when all is well."""


def wait_until(condition: Callable[[], bool], what: str, seconds: float = DEADLINE) -> None:
    """Wait for a condition."""
    began = time.monotonic()
    tick = threading.Event()
    while not condition():
        assert time.monotonic() - began < seconds, f"Not within {seconds:.0f} s: {what}"
        tick.wait(0.05)


class Installation:
    """`extbot run`, and what a test may do to it."""

    def __init__(self, sandbox: SandboxServer, directory: Path, **environ: str) -> None:
        self.sandbox = sandbox
        self.port = free_port()
        policy_file = directory.parent / "access.toml"
        policy_file.write_text(EVERYTHING + LOOKING + ALONE)
        self._environ = {
            **os.environ,
            "WEBEX_BASE_URL": sandbox.api_url,
            "WEBEX_BOT_TOKEN": "sandbox-bot",
            "WEBEX_CALLING_TOKEN": "sandbox-calling",
            "WEBEX_WEBHOOK_SECRET": "secret-of-the-process-tests",
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "PORT": str(self.port),
            "DATA_DIR": str(directory),
            "DATABASE_URL": "",
            "ACCESS_FILE": str(policy_file),
            "LOG_LEVEL": "WARNING",
            **environ,
        }
        self.log = directory.parent / "log"
        self.processes: list[subprocess.Popen[bytes]] = []
        self.bot_id = next(one.id for one in sandbox.world.people.values() if one.type == "bot")

    def start(self, command: str, **environ: str) -> subprocess.Popen[bytes]:
        """Start `extbot run` or `extbot worker`."""
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", command], env={**self._environ, **environ}, stderr=log
            )
        self.processes.append(process)
        return process

    def says(self, command: str, **environ: str) -> str:
        """Everything that a command prints until it ends by itself."""
        return self.ended(command, **environ).stdout

    def ended(self, command: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """A command that has ended by itself."""
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", command],
            env={**self._environ, **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=DEADLINE,
        )

    def kept_tokens(self) -> TokenState:
        """What the database has of the refresh token."""
        with embedded_database(Path(self._environ["DATA_DIR"])) as address:
            engine = connect(address)
            state = TokenStore(engine).read(TokenName.REFRESH)
            engine.dispose()
        return state

    def stop(self) -> None:
        """SIGTERM to all, and wait for their end."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(DEADLINE)

    def is_ready(self) -> bool:
        """Whether webhooks are received and registered. To ask costs more than to look into the sandbox."""
        if len(self.sandbox.world.webhooks) != 3:
            return False
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/ready", timeout=30).ok
        except (requests.ConnectionError, requests.Timeout):
            return False

    def is_receiving(self) -> bool:
        """Whether events are taken in, be there a worker or not."""
        try:
            alive = requests.get(f"http://127.0.0.1:{self.port}/health", timeout=30).ok
        except (requests.ConnectionError, requests.Timeout):
            return False
        return alive and len(self.sandbox.world.webhooks) == 3

    def readiness(self) -> dict[str, str]:
        """The named checks of /ready."""
        answer = requests.get(f"http://127.0.0.1:{self.port}/ready", timeout=30)
        checks: dict[str, str] = answer.json()["checks"]
        return checks

    def measures(self, name: str, port: int | None = None) -> dict[tuple[str, ...], float]:
        """What `/metrics` says of a metric, by the values of its labels in alphabetical order of the labels."""
        try:
            text = requests.get(f"http://127.0.0.1:{port or self.port}/metrics", timeout=30).text
        except requests.ConnectionError:
            return {}
        found = [one for family in text_string_to_metric_families(text) for one in family.samples]
        return {
            tuple(value for _, value in sorted(one.labels.items())): one.value for one in found if one.name == name
        }

    def child(self, command: str) -> psutil.Process:
        """The process of `extbot run` that runs this command."""
        children = psutil.Process(self.processes[0].pid).children()
        return next(one for one in children if one.cmdline()[-1] == command)

    def family(self) -> list[psutil.Process]:
        """All processes of the installation, those of its database too."""
        directory = self._environ["DATA_DIR"]
        databases = [one for one in psutil.process_iter(["cmdline"]) if directory in (one.info["cmdline"] or ())
                     or directory + "/postgres" in (one.info["cmdline"] or ())]  # fmt: skip
        children = psutil.Process(self.processes[0].pid).children(recursive=True)
        return [*children, *databases]

    def database_id(self) -> int | None:
        """The first process of the embedded database, whose children the others are; None where there is none."""
        noted = Path(self._environ["DATA_DIR"], "postgres", "postmaster.pid")
        lines = noted.read_text().splitlines() if noted.exists() else []
        return int(lines[0]) if lines else None

    @contextmanager
    def frozen_database(self) -> Iterator[None]:
        """Let the embedded database stand still, connections and all, for as long as the block lasts."""
        first = psutil.Process(self.database_id())
        frozen = [first, *first.children()]
        for one in frozen:
            one.suspend()
        try:
            yield
        finally:
            for one in frozen:
                one.resume()

    def kill(self) -> None:
        """`kill -9` of `extbot run` itself."""
        killed = self.processes.pop(0)
        killed.kill()
        killed.wait()

    def kill_worker(self) -> None:
        """`kill -9` of the worker of `extbot run`."""
        self.child("worker").send_signal(signal.SIGKILL)

    def kill_workers(self) -> None:
        """`kill -9` of every worker; those that were started by hand are started again."""
        by_hand = self.processes[1:]
        self.kill_worker()
        for process in by_hand:
            process.kill()
            process.wait()
            self.processes.remove(process)
            self.start("worker")

    def ask(self, text: str, name: str = "alice", space: str | None = None) -> dict[str, Any]:
        """Write to the bot; the message as Webex has it."""
        to = {"roomId": space} if space else {"toPersonId": self.bot_id}
        answer = requests.post(
            f"{self.sandbox.api_url}/messages",
            json={**to, "markdown": text},
            headers={"Authorization": f"Bearer sandbox-{name}"},
            timeout=30,
        )
        message: dict[str, Any] = answer.json()
        return message

    def mention(self, text: str, space: str, name: str = "alice") -> dict[str, Any]:
        """Write to the bot in a group space; the message as Webex has it."""
        return self.ask(f"<@personId:{self.bot_id}|Extensions> {text}", name, space)

    def answers(self, room_id: str) -> list[str]:
        """What the bot has said in a space, oldest first."""
        return [one.markdown or "" for one in self._said(room_id)]

    def replies(self, message: Mapping[str, str]) -> list[str]:
        """What the bot has said in the space of a message since then, oldest first, but for its greeting."""
        return [one.markdown or "" for one in self.replied(message)]

    def replied(self, message: Mapping[str, str]) -> list[Message]:
        """The same, as Webex has them."""
        since = datetime.fromisoformat(message["created"])
        return [
            one
            for one in self._said(message["roomId"])
            if one.created > since and "Hello, I am" not in (one.markdown or "")
        ]

    def has_answered(self, message: Mapping[str, str], count: int) -> bool:
        """Whether it has given so many replies since a message, and none of them says that it takes longer."""
        replies = self.replies(message)
        return len(replies) == count and not any(WORKING in text for text in replies)

    def _said(self, room_id: str) -> list[Message]:
        world = self.sandbox.world
        with world.lock:
            said = [
                one for one in world.messages.values() if one.space_id == room_id and one.person_id == self.bot_id
            ]
        return sorted(said, key=lambda one: one.created)

    def plan_in(self, room_id: str) -> str | None:
        """The id of a plan that the bot shows in a space."""
        found = re.search(r"`confirm (\w{4})`", "\n".join(self.answers(room_id)))
        return found[1] if found else None

    def calls(self, path: str) -> int:
        """How many requests to a path the sandbox has answered."""
        return sum(call.path.startswith(path) for call in list(self.sandbox.world.calls))


@contextmanager
def installation(directory: Path, **environ: str) -> Iterator[Installation]:
    """A running `extbot run` with a sandbox, for as long as the block lasts; its log is shown at the end."""
    with SandboxServer() as sandbox:
        made = Installation(sandbox, directory, **environ)
        made.start("run")
        try:
            wait_until(made.is_ready, "extbot run is ready")
            yield made
        finally:
            made.stop()
            sys.stderr.write(made.log.read_text())
        check_cards_of(sandbox.world)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
