"""A plan of twenty changes in a sandbox, answered by workers that die, and what has to be true afterwards."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests
from twenty_changes import calls_of, calls_that_acted, state_after, state_of, twenty_changes

from bot.history import Filter
from bot.plans import ChangeState, Plan, PlannedChange, PlanState
from bot.sandbox.server import SandboxServer
from bot.store import Store

KILLED = -9
Order = dict[str, Any]


class DyingWorker:
    """The process that has everything imported, and that forks a worker for each attempt."""

    def __init__(self) -> None:
        here = Path(__file__).parent
        self._process = subprocess.Popen(
            [sys.executable, "-m", "dying_worker"],
            # What is imported has to be this checkout, whatever else is installed.
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(here.parent.parent), str(here)])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def attempts(self, order: Order) -> tuple[int, list[str]]:
        """How an attempt ended (0, or -9), and the steps that it came by."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answered = json.loads(self._process.stdout.readline())
        assert answered["status"] in (0, KILLED), answered
        return answered["status"], answered["steps"]

    def close(self) -> None:
        """No more orders."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


class Trial:
    """One plan of Alice in a sandbox, and the message that has it applied."""

    def __init__(self, store: Store, sandbox: SandboxServer) -> None:
        self._store = store
        self.sandbox = sandbox
        self.before = state_of(sandbox)
        self.changes = twenty_changes(sandbox)
        self.room_id = self._writes("alice", "hello")["roomId"]
        self.plan = self._propose()
        self.event = self._writes("alice", f"confirm {self.plan.id}")

    def approves(self, name: str) -> None:
        """Let it be the approval of a second person that has the plan applied."""
        assert self.now().state is PlanState.AWAITING
        self.event = self._writes(name, f"approve {self.plan.id}")

    def now(self) -> Plan:
        """The plan as it is in the database."""
        found = self._store.find_plan(self.plan.id)
        assert found
        return found

    def check(self) -> None:
        """Each change was applied exactly once, is noted as done, has its entry, and the person was told."""
        assert state_of(self.sandbox) == state_after(self.before, self.changes)
        assert calls_that_acted(self.sandbox) == calls_of(self.changes)
        applied = self.now()
        assert applied.state is PlanState.APPLIED
        assert {planned.outcome.state for planned in applied.changes} == {ChangeState.DONE}
        assert all(planned.outcome.target_id for planned in applied.changes if planned.change.thing != "mode")
        self._check_history()
        said = self.answers()
        assert any(text.startswith("**Done: 20 changes**") for text in said), said
        assert not any(word in text for text in said for word in ("in part", "Not done", "Not certain"))

    def answers(self) -> list[str]:
        """What stands now in the space where the plan was asked for, of all that the bot has said about it."""
        with self.sandbox.world.lock:
            messages = list(self.sandbox.world.messages.values())
        ours = [one for one in messages if one.person_id == self._bot_id and one.space_id == self.room_id]
        return [one.markdown for one in ours if one.markdown and self.plan.id in one.markdown]

    def _check_history(self) -> None:
        links = self._store.history.page(Filter(plan_id=self.plan.id), 0, 100)
        outcomes = [(link.entry.position, link.entry.outcome) for link in links]
        assert sorted(outcomes) == [(position, "done") for position in range(20)]
        _, break_ = self._store.history.check()
        assert break_ is None

    def _propose(self) -> Plan:
        alice = next(one for one in self.sandbox.world.people.values() if one.first_name == "Alice")
        planned = tuple(map(PlannedChange, self.changes))
        now, proposed = datetime.now(UTC), PlanState.PROPOSED
        draft = Plan("", proposed, alice.id, alice.display_name, self.room_id, now, planned)
        return replace(draft, id=self._store.add_plan(draft).id)

    def _writes(self, name: str, text: str) -> dict[str, Any]:
        answer = requests.post(
            f"{self.sandbox.api_url}/messages",
            json={"toPersonId": self._bot_id, "markdown": text},
            headers={"Authorization": f"Bearer sandbox-{name}"},
            timeout=30,
        )
        message: dict[str, Any] = answer.json()
        return message

    @property
    def _bot_id(self) -> str:
        return next(one.id for one in self.sandbox.world.people.values() if one.type == "bot")


@dataclass(frozen=True)
class Bench:
    """What the trials of the dying worker have in common: the database, and the policy that the bot goes by."""

    worker: DyingWorker
    store: Store
    database_url: str
    policy_file: Path

    @contextmanager
    def trial(self, approver: str | None) -> Iterator[Trial]:
        """A fresh plan in a fresh sandbox, with the message at hand that has it applied."""
        with SandboxServer() as sandbox:
            each = Trial(self.store, sandbox)
            if approver:
                self.attempt(each)
                each.approves(approver)
            yield each

    def attempt(self, each: Trial, **order: Any) -> tuple[int, list[str]]:
        """Let a worker answer the message; `order` says where it dies. How it ended, and the steps on the way."""
        return self.worker.attempts(
            {
                "environ": self._environ(each.sandbox),
                "database_url": self.database_url,
                "envelope": {"resource": "messages", "event": "created", "data": {"id": each.event["id"]}},
                "again": each.now().state in (PlanState.APPLYING, PlanState.APPLIED),
                **order,
            }
        )

    def _environ(self, sandbox: SandboxServer) -> dict[str, str]:
        return {
            "WEBEX_BASE_URL": sandbox.api_url,
            "WEBEX_BOT_TOKEN": "sandbox-bot",
            "WEBEX_CALLING_TOKEN": "sandbox-calling",
            "WEBEX_WEBHOOK_SECRET": "secret-of-the-process-tests",
            "PUBLIC_URL": "http://127.0.0.1:9",
            "ACCESS_FILE": str(self.policy_file),
            "COMMANDS_PER_MINUTE": "1000",
            "CALLS_PER_MINUTE": "100000",
        }
