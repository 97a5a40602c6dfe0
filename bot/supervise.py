"""Child processes that belong together: started in order, restarted when they die, stopped as one."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

import structlog

SUPERVISED = "EXTBOT_SUPERVISED"
RESTART_SECONDS = 0.5
GRACE_SECONDS = 35.0

log = structlog.get_logger()


class Supervisor:
    """Keeps `extbot` children alive until `stop` is called."""

    def __init__(self, commands: tuple[str, ...], environ: Mapping[str, str]) -> None:
        self._commands = commands
        # Glibc gives every thread a heap of its own otherwise, which none of them fills.
        self._environ = {"MALLOC_ARENA_MAX": "2", **environ, SUPERVISED: "1"}
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = threading.Event()

    def run(self) -> None:
        """Start the children and watch them until `stop`; then end them, gently at first."""
        for name in self._commands:
            self._start(name)
        while not self._stopping.wait(RESTART_SECONDS):
            for name in self._commands:
                self._restart_if_dead(name)
        self._end()

    def stop(self) -> None:
        """Let `run` end the children and return. Safe in a signal handler."""
        self._stopping.set()

    def _start(self, name: str) -> None:
        # The child ends when the pipe on its standard input closes: also when this process is killed.
        command = [sys.executable, "-m", "bot.cli", name]
        self._children[name] = subprocess.Popen(command, env=self._environ, stdin=subprocess.PIPE)  # noqa: S603

    def _restart_if_dead(self, name: str) -> None:
        code = self._children[name].poll()
        if code is not None and not self._stopping.is_set():
            log.warning("child.died", child=name, code=code)
            self._start(name)

    def _end(self) -> None:
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self._children.values():
            child.terminate()
        for child in self._children.values():
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
