"""When a call is repeated, and after how long."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_PAUSE = 900.0
"""Seconds: what is believed of a Retry-After."""

SECONDS = re.compile(r"\d{1,9}(\.\d+)?")


def read_retry_after(value: str | None) -> float | None:
    """The seconds that Retry-After asks for; None where it holds no number.

    Webex has sent `rand(30),add(30)` (WebexPythonSDK issue 181), and HTTP allows a date.
    """
    text = (value or "").strip()
    return float(text) if SECONDS.fullmatch(text) else None


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how patiently a call is repeated; all times in seconds.

    `deadline` bounds one call with all its repetitions and pauses, `bulk_deadline` one of bulk work, which lets
    others go first; a pause that does not fit into it ends the call. `longest_pause` bounds what is believed of a
    Retry-After. An answer may keep silent for `silence`. What came of a change that was not answered is looked up
    again after each of `looks_again`.
    """

    tries: int = 4
    first_pause: float = 0.5
    longest_pause: float = LONGEST_PAUSE
    deadline: float = 60.0
    bulk_deadline: float = 300.0
    silence: float = 15.0
    looks_again: tuple[float, ...] = (2.0, 4.0, 8.0)
    jitter: Callable[[], float] = random.random

    def repeats(self, status: int | None, *, changes: bool) -> bool:
        """Whether a call that got this status, or no answer (None), may be sent again.

        429 says that nothing was done. After anything else a change may have been carried out.
        """
        return status == 429 or (not changes and status in {None, 502, 503, 504})

    def pause(self, attempt: int, retry_after: float | None) -> float:
        """The seconds to wait after the given attempt (from 1): what Webex asks, or longer each time."""
        growing = self.first_pause * 2.0 ** (attempt - 1) * (1 + self.jitter()) / 2
        return min(self.longest_pause, max(growing, retry_after or 0.0))
