"""How long web and worker take to start, and what memory they hold, beside other servers."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import psutil
from crowd import Crowd
from ground import Ground, Installation, Memory, memory_of, stop, wait_until
from measures import Extent, Report, median_of, megabytes, times

from bot.sandbox.server import SandboxServer

COLUMNS = ("", "seconds", "RSS", "PSS", "seconds to the bare app", "PSS to the bare app")
METHOD = """\
From the start of the command, on a database that is up and migrated: `extbot web` until it can store events, \
`extbot worker` until an event that waited is answered, the others until they answer `/health`. Memory is read \
right after that. All but the worker are two processes of gunicorn, which count as one. RSS counts what processes \
share for each of them, PSS once. The bare app is Flask with a psycopg pool; it and webexteamsbot take turns \
with web and worker in every round."""

NAMES = {
    "web": "`extbot web`",
    "worker": "`extbot worker`",
    "bare": "the bare app",
    "webexteamsbot": "webexteamsbot",
}


@dataclass(frozen=True)
class Start:
    """Seconds until it did what it is for, and what it held then."""

    seconds: float
    memory: Memory


Round = dict[str, Start]


def measure(ground: Ground, extent: Extent) -> Report:
    """Run the benchmark."""
    others = ("bare", "webexteamsbot") if extent.others and ground.fetch_others() else ("bare",)
    with SandboxServer() as sandbox, ground.installation(sandbox, "starting") as bot:
        crowd = Crowd(sandbox, 1)
        rounds = [_round(bot, crowd, others) for _ in range(extent.rounds)]
    return Report("Starting", METHOD, COLUMNS, tuple(_row(rounds, name) for name in rounds[0]))


def _round(bot: Installation, crowd: Crowd, others: Sequence[str]) -> Round:
    bare = {name: _stopped(*_timed(lambda name=name: bot.start_other(name)[0])) for name in others}
    # A worker brings the webhooks, which webexteamsbot has taken.
    stop(bot.start_worker())
    web_start, web = _timed(bot.start_web)
    left = bot.waiting()  # what the last worker has found by catching up, too, and was stopped before
    crowd.ask("show 5004")
    wait_until(lambda: bot.waiting() > left, "the question waits")
    worker = _stopped(*_timed(lambda: _answering(bot, crowd)))
    return {"web": _stopped(web_start, web), "worker": worker, **bare}


def _timed(start: Callable[[], psutil.Process]) -> tuple[Start, psutil.Process]:
    began = time.monotonic()
    process = start()
    return Start(time.monotonic() - began, memory_of(process)), process


def _answering(bot: Installation, crowd: Crowd) -> psutil.Process:
    worker = bot.start("-m", "bot.cli", "worker")
    wait_until(lambda: crowd.answered == crowd.asked, "the question is answered")
    return worker


def _stopped(started: Start, process: psutil.Process) -> Start:
    stop(process)
    return started


def _row(rounds: Sequence[Round], name: str) -> tuple[str, ...]:
    def figure(of: Callable[[Start], float]) -> float:
        return median_of(rounds, lambda one: of(one[name]))

    def to_bare(of: Callable[[Start], float]) -> str:
        return times(median_of(rounds, lambda one: of(one[name]) / of(one["bare"])))

    return (
        NAMES[name],
        f"{figure(_seconds):.2f}",
        megabytes(figure(lambda one: one.memory.resident)),
        megabytes(figure(_proportional)),
        to_bare(_seconds),
        to_bare(_proportional),
    )


def _seconds(start: Start) -> float:
    return start.seconds


def _proportional(start: Start) -> float:
    return start.memory.proportional
