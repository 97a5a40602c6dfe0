"""The answer of a change was lost: it happened, it did not, or it cannot be told. It is never sent twice."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import psycopg
import pytest
from bot_at_work import BotAtWork, bot_at_work
from people import Person
from sqlalchemy import Engine, event

from bot.calling.retries import RetryPolicy
from bot.context import Context
from bot.decide import confirm_plan, resume_plans, tell_outcomes
from bot.history import Filter
from bot.person import Person as AccessPerson
from bot.plans import ChangeState, Outcome, Plan, PlanState
from bot.sandbox.faults import Fault
from bot.sandbox.numbering import Extension
from bot.sandbox.server import SandboxServer

LINES = {
    "add 5012 +14085550123 Jane Doe at Denver": "Added virtual extension 5012",
    "rename 5003 to Jane Roe": "Changed virtual extension 5003",
    "delete 4001": "Deleted virtual extension 4001",
    "add range Berlin +4930555 5XXX 6XXX at Munich": "Added range Berlin",
    "range London add 7XXX": "Changed range London",
    "delete range Paris": "Deleted range Paris",
    "mode enhanced": "Changed the mode of the organization",
}
"""A change of each kind, and what is said when it happened."""

ADDITIONS = [line for line in LINES if line.startswith("add")]
CHANGES = r"/virtualExtension"
DID_NOT_HAPPEN = "Webex did not answer, and reading back shows that it did not happen. Nothing was changed."
NOT_SO_FAR = "Webex did not answer, and it has not happened so far. It still may: look it up before you try again."
CANNOT_TELL = "Webex did not answer and can't be read now. Look it up before you try again."
LOOKS_ELSE = "Webex did not answer, and reading back shows something else. Look it up before you try again."


IN_HAND = """
INSERT INTO procrastinate_jobs (queue_name, task_name, status, args) VALUES ('events', 'answer', 'doing', %s)
RETURNING id
"""


class Interrupted(httpx.HTTPTransport):
    """Lets something happen in the world right after the first request that is of that kind."""

    def __init__(self, sandbox: SandboxServer, method: str, then: Callable[[SandboxServer], None]) -> None:
        super().__init__(verify=False)
        self._sandbox = sandbox
        self._method = method
        self._then: Callable[[SandboxServer], None] | None = then

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = super().handle_request(request)
            response.read()
            return response
        finally:
            if self._then and request.method == self._method and not request.url.path.endswith("/invoke"):
                then, self._then = self._then, None
                then(self._sandbox)


def unreadable(sandbox: SandboxServer) -> None:
    """Nothing can be read from Webex Calling any more."""
    # Reading is repeated after 503, and then said to have failed just as after 500.
    sandbox.world.faults.add(Fault(method="GET", pattern=CHANGES, status=500))


def unreadable_for_a_moment(sandbox: SandboxServer) -> None:
    """An outage that is shorter than the patience of a reading."""
    sandbox.world.faults.add(Fault(method="GET", pattern=CHANGES, status=503, count=1))


def rename_5003(sandbox: SandboxServer) -> None:
    """Somebody else is at work as well."""
    numbering = sandbox.numbering
    found = next(one for one in numbering.extensions() if one.extension == "5003")
    numbering.change_extension(found.id, lambda before: replace(before, display_name="Somebody Else"))


@contextmanager
def bot_and_alice(
    sandbox: SandboxServer, database_url: str, method: str, then: Callable[[SandboxServer], None]
) -> Iterator[tuple[BotAtWork, Person]]:
    """A bot in whose world something happens after its first request of that kind."""
    with bot_at_work(sandbox, database_url, transport=Interrupted(sandbox, method, then)) as bot:
        yield bot, Person(bot, "alice")


def method_of(line: str) -> str:
    """The method of the call that makes the change."""
    return {"add": "POST", "delete": "DELETE"}.get(line.split()[0], "PUT")


def confirms(bot: BotAtWork, person: Person, line: str, **fault: object) -> str:
    """Have a change done whose call meets something; the id of its plan."""
    person.says(line)
    plan_id = person.plan_id()
    if fault:
        bot.meets(method=method_of(line), pattern=CHANGES, count=1, **fault)
    person.says(f"confirm {plan_id}")
    return plan_id


def plan_of(bot: BotAtWork, plan_id: str) -> Plan:
    found = bot.services.store.find_plan(plan_id)
    assert found is not None
    return found


def entries(bot: BotAtWork, plan_id: str) -> list[str]:
    """The outcomes that the history has of a plan."""
    return [link.entry.outcome for link in bot.services.store.history.page(Filter(plan_id=plan_id), 0, 9)]


def changes_sent(bot: BotAtWork) -> int:
    """How many calls that change something the sandbox has got, answered or not."""
    calls = [call for call in bot.sandbox.world.calls if call.path.startswith("/v1/telephony/")]
    return sum(call.method != "GET" and not call.path.endswith("/invoke") for call in calls)


@pytest.mark.parametrize("line", LINES)
def test_what_happened_is_said_to_have_happened(bot: BotAtWork, alice: Person, line: str) -> None:
    """The connection dropped after Webex had acted."""
    plan_id = confirms(bot, alice, line, drop="after")
    alice.sees(f"Done: {LINES[line]}", "Read back from Webex: it is as planned.")
    assert changes_sent(bot) == 1
    assert entries(bot, plan_id) == ["done"]


@pytest.mark.parametrize("line", LINES)
def test_what_has_not_happened_so_far_is_not_said_to_have_failed(bot: BotAtWork, alice: Person, line: str) -> None:
    """The connection dropped before Webex had acted, as far as can be told; nothing is sent again."""
    plan_id = confirms(bot, alice, line, drop="before")
    alice.sees("Not certain:", NOT_SO_FAR)
    assert changes_sent(bot) == 1
    assert entries(bot, plan_id) == ["unknown"]


def test_what_webex_does_after_we_gave_up_waiting_is_found(sandbox: SandboxServer, database_url: str) -> None:
    """The first look comes too early."""
    impatient = RetryPolicy(silence=0.2, looks_again=(0.3,) * 30)
    with bot_at_work(sandbox, database_url, retries=impatient) as bot:
        alice = Person(bot, "alice")
        plan_id = confirms(bot, alice, "rename 5003 to Jane Roe", delay=700)
        alice.sees("Done: Changed virtual extension 5003")
        assert changes_sent(bot) == 1
        assert entries(bot, plan_id) == ["done"]


def test_what_webex_failed_at_is_said_not_to_have_happened(bot: BotAtWork, alice: Person) -> None:
    """It has answered, so that nothing is on its way any more."""
    plan_id = confirms(bot, alice, "rename 5003 to Jane Roe", status=500)
    alice.sees("Not done:", DID_NOT_HAPPEN)
    assert changes_sent(bot) == 1
    assert entries(bot, plan_id) == ["failed"]


def test_what_a_gateway_answered_is_looked_up(bot: BotAtWork, alice: Person) -> None:
    """A 502 tells nothing of what Webex did."""
    plan_id = confirms(bot, alice, "rename 5003 to Jane Roe", status=502, body="<h1>Bad gateway</h1>")
    alice.sees("Not certain:", NOT_SO_FAR)
    assert changes_sent(bot) == 1
    assert entries(bot, plan_id) == ["unknown"]


@pytest.mark.parametrize("drop", ["before", "after"])
@pytest.mark.parametrize("line", LINES)
def test_what_cannot_be_told_is_said_not_to_be_certain(
    sandbox: SandboxServer, database_url: str, line: str, drop: str
) -> None:
    """The connection dropped, and Webex can't be read. Confirming again sends nothing again."""
    with bot_and_alice(sandbox, database_url, method_of(line), unreadable) as (bot, alice):
        plan_id = confirms(bot, alice, line, drop=drop)
        alice.sees("Not certain:", CANNOT_TELL)
        assert entries(bot, plan_id) == ["unknown"]
        bot.meets_nothing_more()
        alice.says(f"confirm {plan_id}")
        alice.sees("confirmed before, by Alice Martin", "This time nothing was changed")
        assert changes_sent(bot) == 1
        assert entries(bot, plan_id) == ["unknown"]


def test_reading_back_is_tried_again_before_it_is_given_up(sandbox: SandboxServer, database_url: str) -> None:
    """Webex drops the connection and can't be read for a moment: it is known all the same."""
    with bot_and_alice(sandbox, database_url, "PUT", unreadable_for_a_moment) as (bot, alice):
        confirms(bot, alice, "rename 5003 to Jane Roe", drop="after")
        alice.sees("Done: Changed virtual extension 5003", "Read back from Webex")


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"truncate": True}])
@pytest.mark.parametrize("line", ADDITIONS)
def test_what_was_added_without_an_answer_can_be_undone(
    bot: BotAtWork, alice: Person, line: str, fault: dict[str, object]
) -> None:
    """The id that the answer would have told, or told in half, is found by reading back."""
    plan_id = confirms(bot, alice, line, **fault)
    assert plan_of(bot, plan_id).changes[0].outcome.target_id
    alice.says(f"undo {plan_id}")
    alice.clicks("Confirm")
    alice.sees("Done: Deleted")
    assert changes_sent(bot) == 2


def test_what_was_accepted_and_cannot_be_read_is_done_and_not_verified(
    sandbox: SandboxServer, database_url: str
) -> None:
    """It is not said to look different: nobody has seen it."""
    with bot_and_alice(sandbox, database_url, "PUT", unreadable) as (bot, alice):
        plan_id = confirms(bot, alice, "rename 5003 to Jane Roe")
        alice.sees("Done: Changed", "Webex accepted it, but can't be read now to check it. Look it up")
        alice.does_not_see("Read back from Webex", "something else")
        assert entries(bot, plan_id) == ["done"]


def test_what_was_accepted_and_looks_different_is_said(sandbox: SandboxServer, database_url: str) -> None:
    """Somebody changed it behind the call."""
    with bot_and_alice(sandbox, database_url, "PUT", rename_5003) as (bot, alice):
        plan_id = confirms(bot, alice, "rename 5003 to Jane Roe")
        alice.sees("Done: Changed", "Webex accepted it, but reading back shows something else. Look it up")
        assert entries(bot, plan_id) == ["done"]


def test_what_was_not_answered_and_looks_different_cannot_be_told(
    sandbox: SandboxServer, database_url: str
) -> None:
    """It is not said that Webex had accepted it."""
    with bot_and_alice(sandbox, database_url, "PUT", rename_5003) as (bot, alice):
        plan_id = confirms(bot, alice, "rename 5003 to Jane Roe", drop="after")
        alice.sees("Not certain: Change", LOOKS_ELSE)
        assert entries(bot, plan_id) == ["unknown"]


def add_5012(sandbox: SandboxServer) -> None:
    """What a killed worker had sent arrives late."""
    denver = next(one for one in sandbox.numbering.locations() if one.name == "Denver")
    late = Extension("bGF0ZWxhdGVsYXRl", "5012", "+14085550123", "Jane Doe", location=denver)
    sandbox.numbering.add_extension(late)


def test_what_arrives_late_is_no_failure(sandbox: SandboxServer, database_url: str) -> None:
    """A worker was killed behind its call. The next one reads that it did not happen, and then it does."""
    with bot_at_work(sandbox, database_url) as asking:
        alice = Person(asking, "alice")
        alice.says("add 5012 +14085550123 Jane Doe at Denver")
        plan = plan_of(asking, alice.plan_id())
    with bot_and_alice(sandbox, database_url, "GET", add_5012) as (bot, _):
        going_on = left_behind_its_call(bot, plan)
        confirm_plan(going_on, plan_of(bot, plan.id))
        outcome = plan_of(bot, plan.id).changes[0].outcome
        assert (outcome.state, outcome.target_id) == (ChangeState.DONE, "bGF0ZWxhdGVsYXRl")
        assert entries(bot, plan.id) == ["done"]


def test_one_answer_that_fails_does_not_make_it_uncertain(bot: BotAtWork, alice: Person) -> None:
    """A worker was killed behind its call, and the next one can't read at once what came of it."""
    alice.says("rename 5003 to Jane Roe")
    plan = plan_of(bot, alice.plan_id())
    going_on = left_behind_its_call(bot, plan)
    bot.meets(method="GET", pattern=CHANGES, status=500, count=1)
    confirm_plan(going_on, plan_of(bot, plan.id))
    assert entries(bot, plan.id) == ["done"]


def left_behind_its_call(bot: BotAtWork, plan: Plan) -> Context:
    """A plan whose worker was killed between its first call and the note of its answer; what goes on with it."""
    alice = AccessPerson(plan.requested_by, display_name=plan.requested_name)
    context = Context(bot.services, alice, plan.room_id, f"event {plan.id}")
    decided = replace(
        plan,
        state=PlanState.APPLYING,
        decided_by=alice.id,
        decided_name=alice.display_name,
        decided_at=bot.clock(),
        decided_event=context.event_id,
    )
    bot.services.store.decide_plan(decided, PlanState.PROPOSED)
    bot.services.store.record_outcome(plan.id, 0, Outcome(ChangeState.SENT))
    return context


def left_half_applied(bot: BotAtWork, person: Person) -> Plan:
    """A plan of two deletions: the first was done and not noted, and nobody has answered its event."""
    person.says("delete 4001")
    shown = plan_of(bot, person.plan_id())
    person.says("delete 4002")
    both = (*shown.changes, *plan_of(bot, person.plan_id()).changes)
    plan = plan_of(bot, bot.services.store.add_plan(replace(shown, changes=both)).id)
    event = left_behind_its_call(bot, plan).event_id
    bot.services.calling.delete_extension(plan.changes[0].change.target_id or "")
    bot.services.store.events.begin(("messages", "created", event), "alice", bot.clock())
    resume_plans(bot.services)
    assert plan_of(bot, plan.id).state is PlanState.APPLYING, "Its event is not answered: a worker may be at it."
    return plan


def left_for_good(bot: BotAtWork, person: Person) -> Plan:
    """The same; then its event was answered without it, because the message that confirmed it is gone."""
    plan = left_half_applied(bot, person)
    bot.services.store.events.finish(("messages", "created", f"event {plan.id}"), bot.clock())
    return plan


def test_a_plan_whose_event_was_given_up_is_gone_on_with(bot: BotAtWork, alice: Person) -> None:
    """Webex did not answer for so long that nobody will try again."""
    plan = left_half_applied(bot, alice)
    bot.clock.pass_by(minutes=59)
    resume_plans(bot.services)
    assert changes_sent(bot) == 1
    bot.clock.pass_by(minutes=2)
    resume_plans(bot.services)
    alice.sees("Done: 2 changes", plan.id)
    assert (changes_sent(bot), entries(bot, plan.id)) == (2, ["done", "done"])


def test_a_plan_whose_event_is_in_hand_is_left_alone_whatever_the_clock_says(
    bot: BotAtWork, alice: Person, database_url: str
) -> None:
    """A worker whose clock is ahead takes nothing from the one that is at it."""
    plan = left_half_applied(bot, alice)
    bot.clock.pass_by(minutes=61)
    with psycopg.connect(database_url, autocommit=True) as connection:
        job = connection.execute(
            IN_HAND, [json.dumps({"envelope": {"data": {"id": f"event {plan.id}"}}})]
        ).fetchone()
        assert job
        resume_plans(bot.services)
        assert changes_sent(bot) == 1
        connection.execute("DELETE FROM procrastinate_jobs WHERE id = %s", job)
    resume_plans(bot.services)
    assert changes_sent(bot) == 2


def test_what_came_of_it_is_told_when_webex_is_back(bot: BotAtWork, alice: Person) -> None:
    """The changes are made and the person can't be told: the next minute brings another try, of telling only."""
    plan = left_for_good(bot, alice)
    bot.meets(method="POST", path="/v1/messages", status=503)
    resume_plans(bot.services)
    assert changes_sent(bot) == 2
    bot.meets_nothing_more()
    resume_plans(bot.services)
    tell_outcomes(bot.services)
    alice.sees("Done: 2 changes", plan.id)
    assert (changes_sent(bot), entries(bot, plan.id)) == (2, ["done", "done"])
    before = len(alice.messages())
    tell_outcomes(bot.services)
    assert len(alice.messages()) == before


def test_nobody_is_tried_for_ever_who_can_not_be_told(bot: BotAtWork, alice: Person) -> None:
    """The bot is not in their space any more, say."""
    plan = left_for_good(bot, alice)
    bot.meets(method="POST", path="/v1/messages", status=403)
    resume_plans(bot.services)
    plan = plan_of(bot, plan.id)
    assert (plan.state, plan.untold) == (PlanState.APPLIED, False)


def test_a_plan_that_was_left_half_applied_is_gone_on_with(bot: BotAtWork, alice: Person) -> None:
    """Nobody has to ask for it again; each change is done once, and the person is told."""
    plan = left_for_good(bot, alice)
    resume_plans(bot.services)
    alice.sees("Done: 2 changes", plan.id)
    assert (changes_sent(bot), entries(bot, plan.id)) == (2, ["done", "done"])
    resume_plans(bot.services)
    assert changes_sent(bot) == 2


def test_a_plan_does_not_go_on_for_those_who_may_not_do_it_any_more(bot: BotAtWork, alice: Person) -> None:
    """What was sent is looked up, and has its entry; the rest is not started."""
    plan = left_for_good(bot, alice)
    bot.takes_roles_from("Alice")
    bot.clock.pass_by(minutes=6)
    resume_plans(bot.services)
    alice.sees("Done in part: 2 changes", "Done: Deleted virtual extension 4001", "Not done: Delete")
    alice.sees("It was interrupted, and whoever confirmed it may not do this any more. Nothing was changed.")
    assert (changes_sent(bot), sorted(entries(bot, plan.id))) == (1, ["done", "failed"])


def test_a_plan_waits_while_people_cannot_be_looked_up(bot: BotAtWork, alice: Person) -> None:
    """The next minute brings another try."""
    plan = left_for_good(bot, alice)
    bot.clock.pass_by(minutes=6)
    bot.meets(path="/v1/people", status=403)
    resume_plans(bot.services)
    assert plan_of(bot, plan.id).state is PlanState.APPLYING
    bot.meets_nothing_more()
    resume_plans(bot.services)
    alice.sees("Done: 2 changes")


@pytest.mark.parametrize("fault", [{}, {"drop": "before"}, {"status": 429, "headers": {"Retry-After": "0"}}])
def test_a_worker_that_was_paused_leaves_the_plan_to_the_one_that_took_it_over(
    sandbox: SandboxServer, database_url: str, fault: dict[str, Any]
) -> None:
    """It wakes behind its call, whether that came through or not, and calls nobody and notes nothing any more.

    Nor does it repeat a call that Webex put off: what it sent now might undo what was done since.
    """
    plans: list[Plan] = []

    def taken_over(_: SandboxServer) -> None:
        found = plan_of(bot, plans[0].id)
        going_on = Context(bot.services, person, found.room_id, found.decided_event or "")
        confirm_plan(going_on, found)

    with bot_and_alice(sandbox, database_url, "PUT", taken_over) as (bot, alice):
        alice.says("rename 5003 to Jane Roe")
        plans.append(plan_of(bot, alice.plan_id()))
        person = AccessPerson(plans[0].requested_by, display_name=plans[0].requested_name)
        if fault:
            bot.meets(method="PUT", pattern=CHANGES, count=1, **fault)
        alice.says(f"confirm {plans[0].id}")
        assert plan_of(bot, plans[0].id).claim == 1
        assert plan_of(bot, plans[0].id).changes[0].outcome.state is ChangeState.DONE
        assert (changes_sent(bot), entries(bot, plans[0].id)) == (2 if fault else 1, ["done"])
        # It is not for this worker to say that the event is answered.
        asked = next(one["id"] for one in alice.messages() if one["text"].startswith("confirm"))
        assert not bot.services.store.events.find_answered([asked])


def test_a_worker_that_was_paused_behind_its_decision_sends_nothing(bot: BotAtWork, alice: Person) -> None:
    """The decision is noted, the change is not sent yet, and another worker goes on with the plan."""
    alice.says("rename 5003 to Jane Roe")
    plan = plan_of(bot, alice.plan_id())
    person = AccessPerson(plan.requested_by, display_name=plan.requested_name)
    overtaken: list[str] = []

    def is_overtaken(_: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if "UPDATE plans" in statement and not overtaken:
            overtaken.append(statement)
            found = plan_of(bot, plan.id)
            confirm_plan(Context(bot.services, person, found.room_id, found.decided_event or ""), found)

    event.listen(Engine, "after_cursor_execute", is_overtaken)
    alice.says(f"confirm {plan.id}")
    event.remove(Engine, "after_cursor_execute", is_overtaken)
    assert (plan_of(bot, plan.id).claim, plan_of(bot, plan.id).state) == (1, PlanState.APPLIED)
    assert (changes_sent(bot), entries(bot, plan.id)) == (1, ["done"])


def test_a_form_that_cannot_be_drawn_hides_nothing(sandbox: SandboxServer, database_url: str) -> None:
    """Webex refused the change, and can't be read for the form: what came of the plan is told all the same."""
    with bot_and_alice(sandbox, database_url, "PUT", unreadable) as (bot, alice):
        alice.says("change 5003 number +14085550999")
        refused = {"errors": [{"description": "No.", "errorCode": "8361"}], "trackingId": "ROUTER_refused"}
        bot.meets(method="PUT", pattern=CHANGES, status=400, body=refused, count=1)
        plan_id = alice.plan_id()
        alice.clicks("Confirm")
        alice.sees("Not done", "ROUTER_refused")
        alice.sees_no_decision_left(plan_id)
        assert entries(bot, plan_id) == ["failed"]
