"""Child processes that belong together: started in order, restarted when they die, stopped as one."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

import structlog

SUPERVISED = "EXTBOT_SUPERVISED"
RESTART_SECONDS = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
"""A child that has lived that long could start: what ends it then is something new."""

GRACE_SECONDS = 35.0

log = structlog.get_logger()


class Pauses:
    """How long to wait before a child is started again: longer each time where it can't start.

    To try twice a second whether a wrong token is right by now would be many calls to Webex, and a full log.
    """

    def __init__(self) -> None:
        self._failures = 0

    def after(self, code: int, lived: float) -> float:
        """The pause in seconds after a child that ended with this status, and had lived so many seconds.

        One that was ended by a signal, which is a negative status, could start.
        """
        if code <= 0 or lived >= STEADY_SECONDS:
            self._failures = 0
            return 0.0
        pause = min(LONGEST_PAUSE, RESTART_SECONDS * 2**self._failures)
        self._failures += pause < LONGEST_PAUSE
        return float(pause)


@dataclass
class Child:
    """A child, and when it began and, where it has died, is due to be started again, by the monotonic clock."""

    running: subprocess.Popen[bytes]
    began: float
    pauses: Pauses = field(default_factory=Pauses)
    due: float | None = None


class Supervisor:
    """Keeps `extbot` children alive until `stop` is called."""

    def __init__(self, commands: tuple[str, ...], environ: Mapping[str, str]) -> None:
        self._commands = commands
        # Glibc gives every thread a heap of its own otherwise, which none of them fills.
        self._environ = {"MALLOC_ARENA_MAX": "2", **environ, SUPERVISED: "1"}
        self._children: dict[str, Child] = {}
        self._stopping = threading.Event()

    def run(self) -> None:
        """Start the children and watch them until `stop`; then end them, gently at first."""
        for name in self._commands:
            self._children[name] = Child(self._start(name), time.monotonic())
        while not self._stopping.wait(RESTART_SECONDS):
            for name in self._commands:
                self._restart_if_dead(name)
        self._end()

    def stop(self) -> None:
        """Let `run` end the children and return. Safe in a signal handler."""
        self._stopping.set()

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        # The child ends when the pipe on its standard input closes: also when this process is killed.
        command = [sys.executable, "-m", "bot.cli", name]
        return subprocess.Popen(command, env=self._environ, stdin=subprocess.PIPE)  # noqa: S603

    def _restart_if_dead(self, name: str) -> None:
        child, now = self._children[name], time.monotonic()
        code = child.running.poll()
        if code is None or self._stopping.is_set():
            return
        if child.due is None:
            pause = child.pauses.after(code, now - child.began)
            log.warning("child.died", child=name, code=code, pause=pause)
            child.due = now + pause
        if now >= child.due:
            child.running, child.began, child.due = self._start(name), now, None

    def _end(self) -> None:
        deadline = time.monotonic() + GRACE_SECONDS
        running = [child.running for child in self._children.values()]
        for child in running:
            child.terminate()
        for child in running:
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


@contextmanager
def stopped_by_signals(supervisor: Supervisor) -> Iterator[None]:
    """SIGTERM and SIGINT stop the supervisor for as long as the block lasts."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_with_parent(process_id: int) -> None:
    """Where a supervisor started us: have that process of ours end when it is gone, even by `kill -9`."""
    if SUPERVISED not in os.environ:
        return

    def wait_for_end() -> None:
        # Not through sys.stdin: its lock would be held when the interpreter shuts down.
        while os.read(0, 1024):
            pass
        os.kill(process_id, signal.SIGTERM)

    threading.Thread(target=wait_for_end, daemon=True, name="end-with-parent").start()
