"""When a call may be made: everybody who uses a token shares one budget of calls, and one pause after a 429."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.errors import FailedCall, RateLimited

BURST_SHARE = 5
"""One call in so many may be made at once after a rest; the others come evenly. That all keeps to the minute."""

RESERVE_SHARE = 3
"""One call in so many of a burst is left to people who wait: bulk work takes none of them."""


@dataclass(frozen=True)
class Allowance:
    """How many calls: `burst` at once after a rest, then one every `interval` seconds.

    Bulk work leaves `reserve` of the burst to people who wait.
    """

    interval: float
    burst: int
    reserve: int = 0

    def ahead(self, *, bulk: bool) -> float:
        """The seconds of calls that may have been made ahead of their time, before one more."""
        return self.interval * (self.burst - 1 - (self.reserve if bulk else 0))


UNCOUNTED = Allowance(interval=0.0, burst=1)
"""As many as wanted, until Webex asks for a pause."""


def per_minute(calls: int) -> Allowance:
    """At most so many calls, which are at least 2, in any sixty seconds."""
    burst = max(1, calls // BURST_SHARE)
    return Allowance(60.0 / (calls - burst), burst, burst // RESERVE_SHARE)


class Budget(Protocol):
    """What is shared by all who use a token, in whatever thread or worker they are."""

    def take(self, *, bulk: bool) -> float:
        """Take one call: 0.0 where it may be made now. Else nothing is taken: the seconds until asking helps."""
        ...

    def pause(self, seconds: float) -> None:
        """Let nobody make a call for so long."""
        ...


class Unshared:
    """The budget of a single command, such as `extbot doctor`: nothing is counted."""

    def take(self, *, bulk: bool) -> float:  # noqa: ARG002 - as the protocol has it
        """Every call may be made."""
        return 0.0

    def pause(self, seconds: float) -> None:
        """Who got the 429 waits by itself; there is nobody else."""


class Limiter:
    """Holds calls back until the budget has room for them. Shared by all threads; `sleep` takes seconds."""

    def __init__(
        self,
        budget: Budget | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._budget = budget or Unshared()
        self._sleep = sleep
        self._clock = clock

    def admit(self, method: str, path: str, patience: float, *, bulk: bool = False) -> None:
        """Wait until the call may be made. Raises RateLimited where that takes longer than `patience` seconds.

        `path` is the template, for the error.
        """
        deadline = self._clock() + patience
        while seconds := self._budget.take(bulk=bulk):
            if self._clock() + seconds > deadline:
                raise RateLimited(FailedCall(method, path, seconds=seconds))
            self._sleep(seconds)

    def pause(self, seconds: float) -> None:
        """Hold back all calls of the token for so long: Webex answered one with 429."""
        self._budget.pause(seconds)
