"""What of an exception is told in the log, and what a command's end is called."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from prometheus_client import REGISTRY

from bot.engine import Chore, _as_task
from bot.errors import FailedCall, Mistakes, NotAllowed, NotFound, StoreAway, TakenOver, UserError
from bot.logs import tell_exception
from bot.lookup import Ambiguous
from bot.outcomes import outcome_of

SECRET = "+14085550123 Jane Doe"


def _told(error: Any) -> Any:
    return tell_exception(None, "error", {"event": "it.happened", "exc_info": error})


def _raise_for_another() -> None:
    try:
        int(SECRET)
    except ValueError as first:
        raise KeyError(SECRET) from first


def test_the_exception_that_is_being_handled_is_told() -> None:
    try:
        int(SECRET)
    except ValueError:
        told = _told("yes")
    assert [one["type"] for one in told["exception"]] == ["ValueError"]


def test_an_exception_is_told_without_its_words() -> None:
    """Where it was raised and what for, and nothing that somebody may have written."""
    with pytest.raises(KeyError) as raised:
        _raise_for_another()
    told = _told(raised.value)
    assert _told((KeyError, raised.value, None)) == told
    assert [one["type"] for one in told["exception"]] == ["KeyError", "ValueError"]
    assert told["exception"][0]["at"][-1].endswith("_raise_for_another")
    assert "Jane" not in repr(told)


def test_exceptions_of_a_group_are_told_each() -> None:
    told = _told(ExceptionGroup(SECRET, [ValueError(SECRET), OSError(SECRET)]))
    assert [one["type"] for one in told["exception"]] == ["ExceptionGroup", "ValueError", "OSError"]
    assert "Jane" not in repr(told)


def test_without_an_exception_a_line_stays_as_it_is() -> None:
    assert _told(None) == _told("") == {"event": "it.happened"}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (None, "ok"),
        (Ambiguous([]), "ok"),
        (NotAllowed("No."), "refused"),
        (UserError("No such thing."), "mistake"),
        (Mistakes({"name": "Too long."}), "mistake"),
        (NotFound(FailedCall("GET", "/x", 404)), "failed"),
        (StoreAway(), "interrupted"),
        (TakenOver("7F3K"), "taken over"),
        (ValueError(SECRET), "crashed"),
    ],
)
def test_how_a_command_ended(error: Exception | None, outcome: str) -> None:
    assert outcome_of(error) == outcome


def test_what_fails_by_the_clock_is_counted() -> None:
    """It has nobody who would notice: it is not in the queue of events, and answers nobody."""

    def fail() -> None:
        raise ValueError("always")

    _as_task(Chore("look", "* * * * *", lambda: None))(0)
    for _ in range(2):
        with pytest.raises(ValueError, match="always"):
            _as_task(Chore("look", "* * * * *", fail))(0)
    counted = {outcome: REGISTRY.get_sample_value("extbot_chores_total", {"chore": "look", "outcome": outcome})
               for outcome in ("ok", "failed")}  # fmt: skip
    assert counted == {"ok": 1.0, "failed": 2.0}


def test_a_log_that_can_not_be_written_ends_nothing() -> None:
    """As when the disk is full to which it goes. Asked in a process of its own: it is standard error."""
    logging = "from bot.logs import configure_logs; configure_logs('INFO'); import structlog"
    script = f"{logging}; structlog.get_logger().info('x'); structlog.get_logger().error('y'); print('goes on')"
    read, written = os.pipe()
    os.close(read)
    done = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=written, text=True)
    os.close(written)
    assert done.stdout == "goes on\n"


ENDING = f"""
import threading
from bot.logs import configure_logs
configure_logs("INFO")
thread = threading.Thread(target=int, args=("{SECRET}",))
thread.start()
thread.join()
int("{SECRET}")
"""


def test_what_ends_a_thread_or_a_process_is_told_without_its_words() -> None:
    """Python itself would print them."""
    ended = subprocess.run([sys.executable, "-c", ENDING], capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    of_thread, of_all = (json.loads(line) for line in ended.stderr.splitlines())
    assert [one["exception"][0]["type"] for one in (of_thread, of_all)] == ["ValueError"] * 2
    assert {of_thread["event"], of_all["event"]} == {"ended.by_exception"}
    assert "Jane" not in ended.stderr
