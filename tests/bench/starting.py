"""How long web and worker take to start, and what memory they hold."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from crowd import Crowd
from ground import Ground, Installation, Memory, memory_of, stop, wait_until
from measures import Extent, Report, median_of, megabytes

from bot.sandbox.server import SandboxServer

COLUMNS = ("", "seconds", "RSS", "PSS")
METHOD = """\
From the start of the command, on a database that is up and migrated: `extbot web` until `/ready` says 200, \
`extbot worker` until a question that waited is answered. Memory right after that; gunicorn's two processes \
count as one. RSS counts what processes share for each of them, PSS once."""


@dataclass(frozen=True)
class Start:
    """Seconds until it was ready, and what it held then."""

    seconds: float
    memory: Memory


def measure(ground: Ground, extent: Extent) -> Report:
    """Run the benchmark."""
    with SandboxServer() as sandbox, ground.installation(sandbox, "starting") as bot:
        crowd = Crowd(sandbox, 1)
        stop(bot.start_worker())  # the webhooks are there now
        webs, workers = zip(*(_round(bot, crowd) for _ in range(extent.rounds)), strict=True)
    return Report("Starting", METHOD, COLUMNS, (_row("web", webs), _row("worker", workers)))


def _round(bot: Installation, crowd: Crowd) -> tuple[Start, Start]:
    began = time.monotonic()
    web = bot.start_web()
    web_start = Start(time.monotonic() - began, memory_of(web))
    crowd.ask("show 5004")
    wait_until(lambda: bot.waiting() == 1, "the question waits")
    began = time.monotonic()
    worker = bot.start("-m", "bot.cli", "worker")
    wait_until(lambda: crowd.answered == crowd.asked, "the question is answered")
    worker_start = Start(time.monotonic() - began, memory_of(worker))
    stop(worker)
    stop(web)
    return web_start, worker_start


def _row(name: str, starts: Sequence[Start]) -> tuple[str, ...]:
    seconds = median_of(starts, lambda one: one.seconds)
    resident = median_of(starts, lambda one: one.memory.resident)
    proportional = median_of(starts, lambda one: one.memory.proportional)
    return f"`extbot {name}`", f"{seconds:.2f}", megabytes(resident), megabytes(proportional)
