"""What waits for a decision is found again; who decides without saying on what is told which line to type."""

from dataclasses import replace

import pytest
from bot_at_work import BotAtWork, event_of, person_id
from confirmed_plans import ADD, extension
from people import Person
from policies import EVERYTHING, grant_to
from test_approval import DIRECT, asks_for_the_mode
from test_approval_again import is_sent, wait_until

from bot.dispatch import Dispatch
from bot.plans import PlanState


@pytest.fixture(autouse=True)
def _nothing_waits(bot: BotAtWork) -> None:
    """The plans of the stories before this one are over."""
    store = bot.services.store
    for name in ("alice", "leo", "rita"):
        for plan in store.find_open_plans(person_id(bot, name)):
            store.decide_plan(replace(plan, state=PlanState.EXPIRED), plan.state)


def is_open(bot: BotAtWork, plan_id: str) -> bool:
    plan = bot.services.store.find_plan(plan_id)
    return plan is not None and plan.state is PlanState.PROPOSED


@pytest.mark.parametrize(("verb", "button"), [("confirm", "Confirm"), ("cancel", "Cancel")])
def test_without_an_id_the_latest_plan_is_named_and_nothing_is_done(
    bot: BotAtWork, alice: Person, verb: str, button: str
) -> None:
    """A guess would be right until it is not."""
    alice.says("delete 5003")
    alice.says(ADD)
    plan_id = alice.plan_id()
    alice.says(verb)
    alice.sees(f"Which plan? The latest one is {plan_id}: Add virtual extension 5012 Jane Doe. Nothing was done.")
    alice.sees(f"{verb} {plan_id}", f"press {button} on its card")
    assert is_open(bot, plan_id)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("confirm", "In this space, no plan of yours waits for its confirmation."),
        ("cancel", "In this space, no plan of yours waits."),
        ("approve", "No plan waits for your approval."),
        ("reject", "No plan waits for your approval."),
        ("yes", "There is nothing for you to confirm or to approve, so nothing was done."),
        ("plans", "There are no plans that wait"),
    ],
)
def test_where_none_waits_that_is_said(alice: Person, line: str, answer: str) -> None:
    """Not that there is no such plan: none was named."""
    alice.says(line)
    alice.sees(answer)


def test_plans_of_other_people_and_other_spaces_are_not_named(bot: BotAtWork, alice: Person, leo: Person) -> None:
    """Nor those that nobody can confirm any more."""
    leo.says("delete 4006", in_space="Telephony")
    alice.says("confirm", in_space="Telephony")
    alice.sees("In this space, no plan of yours waits")
    leo.opens("Telephony")
    bot.clock.pass_by(minutes=16)
    leo.says("confirm", in_space="Telephony")
    leo.sees("In this space, no plan of yours waits")


@pytest.mark.parametrize("line", ["yes", "ok", "no", "do it", "yes please", "confirm it"])
def test_a_word_behind_a_plan_does_nothing_and_says_what_would(bot: BotAtWork, alice: Person, line: str) -> None:
    """`yes` may be the answer to somebody else."""
    alice.says(ADD)
    plan_id = alice.plan_id()
    alice.says(line)
    alice.sees(
        "The plans that wait", "Nothing of this has been done yet.", f"confirm {plan_id}", f"cancel {plan_id}"
    )
    assert is_open(bot, plan_id)
    assert extension(bot, "5012") is None


def test_plans_are_listed_and_shown_again(alice: Person) -> None:
    """With what, who, since when, and until when; the newest first."""
    alice.says("delete 5003")
    first = alice.plan_id()
    alice.says(ADD)
    second = alice.plan_id()
    alice.says("plans")
    alice.sees(
        "Add virtual extension 5012 Jane Doe · Denver", "Asked for by you, ", "for confirmation, until ", " UTC"
    )
    alice.sees_rows(second, first)
    alice.clicks("Show", target=first)
    alice.sees_buttons("Confirm", "Cancel")
    assert alice.plan_id() == first
    alice.says(f"plan {second}")
    alice.clicks("Confirm")
    alice.sees("Done: Added virtual extension 5012")
    alice.says(f"plan {second}")
    alice.sees(f"Plan {second} does not wait any more.", f"history plan {second}")


def test_while_a_plan_is_applied_that_is_said_to_others(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Nothing waits any more, and there is nothing to look up yet."""
    bot.goes_by(f'granted_by = "The telephony team"\n{EVERYTHING}' + grant_to("rita@example.com", "read change"))
    rita.meets_the_bot()
    alice.says("change 5003 number +14085550777")
    plan_id = alice.plan_id()
    bot.meets(deliveries="lost")
    lines = [f"{verb} {plan_id}" for verb in ("plan", "confirm", "cancel")]
    events = [event_of("messages", rita.writes(line)) for line in lines]
    bot.meets_nothing_more()
    bot.meets(method="PUT", path="/v1/telephony", delay=3000, count=1)
    press = alice.presses("Confirm")
    wait_until(lambda: is_sent(bot, plan_id))
    for event in events:
        Dispatch(bot.services).handle(event)
        rita.sees("Being applied", "It was confirmed by Alice Martin, ", " UTC, and is being applied just now.")
        rita.sees(f"history plan {plan_id}", " in a moment to see what came of it.")
        assert is_sent(bot, plan_id)
    bot.queue.wait_for(press["id"])
    alice.sees("Done: Changed virtual extension 5003")


def test_who_may_approve_sees_what_waits_for_it(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """And whoever asked sees that it waits for somebody else."""
    bot.goes_by(DIRECT)
    rita.meets_the_bot()
    plan_id = asks_for_the_mode(alice)
    alice.says("approvals")
    alice.sees("for approval, until ", f"cancel {plan_id}")
    alice.does_not_see(f"approve {plan_id}")
    rita.says("approve")
    rita.sees(f"Which plan? The latest one is {plan_id}", f"approve {plan_id}", "press Approve on its card")
    rita.says("pending approvals")
    rita.sees("Change the mode", "Asked for by Alice Martin, ", f"approve {plan_id}", f"reject {plan_id}")
    rita.clicks("Show", target=plan_id)
    rita.sees_buttons("Approve", "Reject")
    rita.clicks("Approve")
    rita.sees("Done: Changed the mode")


def test_what_one_may_not_decide_on_is_neither_listed_nor_shown(alice: Person, leo: Person) -> None:
    """The same answer as for a plan that is not there."""
    alice.says(ADD)
    plan_id = alice.plan_id()
    leo.says("plans")
    leo.sees("There are no plans that wait")
    leo.says(f"plan {plan_id}")
    leo.sees("There is no such plan")
    leo.does_not_see("5012", "Denver")
