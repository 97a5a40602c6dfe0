"""A worker that answers one event, and kills itself with SIGKILL on the way, at the step that was ordered.

It reads orders from stdin, one line of JSON each, and has each carried out by a child of its own, so that nothing
but the database and Webex outlives it. What the child came by is the answer. Nothing of the bot is replaced: the
steps are seen from outside, in SQLAlchemy's events and in the transport of httpx.
"""

import json
import logging
import os
import re
import signal
import sys
from collections import Counter
from typing import Any

import httpx
import structlog
from sqlalchemy import Engine, Pool, event

from bot.commands import all_commands
from bot.dispatch import Dispatch
from bot.events import Envelope
from bot.language import read
from bot.settings import load
from bot.store import connect
from bot.worker import open_services

BEFORE = r"(?:WITH \w+ AS\s*\((?:SELECT .*?FOR UPDATE\)\s*)?)?"
"""Of a statement that locks something first, or that does two things, of which the first is its name."""

STATEMENT = re.compile(BEFORE + r"(?:(UPDATE)|(\w+).*?(?:FROM|INTO)) (\w+)", re.S)
READING = ("SELECT", "budgets")
"""What leaves nothing that a worker goes on with: the budget of calls may have any state."""


class Steps:
    """The steps of an attempt, each with a name that it has in every attempt; and the one that is the last.

    That is the step of the number `kill_at`, or the first whose name is not among `passed`, where that is given;
    with `edges` none before which nothing new is durable: not within a transaction, and not before a reading.
    """

    def __init__(self, order: dict[str, Any], told: int) -> None:
        self._again = "again " if order.get("again") else ""
        self._kill_at = order.get("kill_at")
        self._passed = frozenset(order["passed"]) if "passed" in order else None
        self._edges = bool(order.get("edges"))
        self._told = told
        self._count = 0
        self._named: Counter[str] = Counter()
        self.change: str = ""

    def reach(self, what: str, *, is_edge: bool = True) -> None:
        """Tell of a step, and die if it is the one."""
        label = f"{self.change or self._again}{what}"
        self._named[label] += 1
        self._count += 1
        name = f"{label} #{self._named[label]}"
        os.write(self._told, f"{name}\n".encode())
        is_new = self._passed is not None and name not in self._passed
        if self._count == self._kill_at or (is_new and (is_edge or not self._edges)):
            os.kill(os.getpid(), signal.SIGKILL)


class SteppedTransport(httpx.HTTPTransport):
    """Requests to Webex Calling, with a step before each is sent and one after its answer has come."""

    def __init__(self, steps: Steps) -> None:
        super().__init__(verify=False)  # what the sandbox speaks is plain HTTP
        self._steps = steps

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        called = f"{request.method} {request.url.raw_path.decode()}"
        self._steps.reach(f"{called} is to be sent", is_edge=request.method != "GET")
        response = super().handle_request(request)
        response.read()
        self._steps.reach(f"{called} is answered")
        return response


def watch_database(steps: Steps) -> None:
    """Steps before each statement, before each commit, and after it."""

    def executes(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        verb, table = _read(statement)
        if "its_state" in values:
            steps.change = f"change {values['at_position']} {values['its_state']}: "
        steps.reach(f"{verb} {table}", is_edge=False)
        is_single = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
        if is_single and verb not in READING and table not in READING:
            connection.info["committed"] = True

    def commits(connection: Any) -> None:
        steps.reach("COMMIT", is_edge=False)
        connection.info["committed"] = True

    def returns(_connection: Any, record: Any) -> None:
        if record.info.pop("committed", False):
            steps.reach("COMMITTED")

    event.listen(Engine, "before_cursor_execute", executes)
    event.listen(Engine, "commit", commits)
    event.listen(Pool, "checkin", returns)


def _read(statement: str) -> tuple[str, str]:
    found = STATEMENT.match(statement)
    assert found, statement
    return found[1] or found[2], found[3]


def answer(order: dict[str, Any], told: int) -> None:
    """Answer the event as a worker does."""
    steps, settings = Steps(order, told), load(order["environ"])
    with open_services(settings, connect(order["database_url"]), transport=SteppedTransport(steps)) as services:
        # Connections are opened before the counting starts: the statements of that are SQLAlchemy's own.
        services.store.find_plan("")
        watch_database(steps)
        Dispatch(services).handle(Envelope.model_validate(order["envelope"]))


def attempt(order: dict[str, Any]) -> dict[str, Any]:
    """Have an order carried out by a child; how that ended, and the steps that it came by."""
    telling, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(telling)
        answer(order, told)
        os._exit(0)
    os.close(told)
    with os.fdopen(telling) as lines:
        steps = lines.read().splitlines()
    _, status = os.waitpid(child, 0)
    return {"status": os.waitstatus_to_exitcode(status), "steps": steps}


def main() -> None:
    """Carry out orders until there are no more."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    # What is slow the first time is done before the forks: they all begin with it.
    read("confirm 7F3K", all_commands())
    httpx.HTTPTransport(verify=False).close()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(attempt(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
