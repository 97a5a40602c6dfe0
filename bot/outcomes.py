"""How a command ended, and after how long: for the log, the metrics and the trace."""

import time
from collections.abc import Callable
from types import TracebackType

import structlog

from bot.errors import Mistakes, NotAllowed, StoreAway, TakenOver, UserError, WebexError
from bot.lookup import Ambiguous
from bot.metrics import time_command
from bot.tracing import annotate

OUTCOMES: tuple[tuple[type[Exception], str], ...] = (
    (Ambiguous, "ok"),
    (NotAllowed, "refused"),
    (UserError, "mistake"),
    (Mistakes, "mistake"),
    (WebexError, "failed"),
    (TakenOver, "taken over"),
    (StoreAway, "interrupted"),
)

log = structlog.get_logger()


class TimedCommand:
    """A block in which a command runs. What it raises goes on up; `clock` is in seconds."""

    def __init__(self, name: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._clock = clock
        self._began = clock()

    def __enter__(self) -> None:
        """Say that it begins."""
        log.info("command.started", command=self._name)

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Say how it ended."""
        outcome, seconds = outcome_of(error), self._clock() - self._began
        time_command(self._name, outcome, seconds)
        annotate(command=self._name, outcome=outcome)
        log.info("command.ended", command=self._name, outcome=outcome, milliseconds=round(seconds * 1000))


def outcome_of(error: BaseException | None) -> str:
    """What a command that raised this, or nothing, is counted as. A choice of several is an answer."""
    if error is None:
        return "ok"
    return next((outcome for kind, outcome in OUTCOMES if isinstance(error, kind)), "crashed")
