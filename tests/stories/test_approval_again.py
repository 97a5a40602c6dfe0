"""The requester's event is answered again, or an approver is quick: a plan is still asked for and done once."""

import threading
from collections.abc import Callable

import pytest
from bot_at_work import BotAtWork, event_of, fails
from people import Person
from policies import AT_OWN_LOCATIONS, EVERYTHING, LOOKING, SECOND_PERSON, grant_to

from bot.decide import tell_outcomes
from bot.dispatch import Dispatch
from bot.events import Envelope
from bot.lost_replies import SETTLED
from bot.plans import ChangeState, PlanState
from bot.sandbox.ids import named_id

DIRECT = f'granted_by = "The telephony team"\n{EVERYTHING}{LOOKING}{AT_OWN_LOCATIONS}{SECOND_PERSON}'
ASKED = "asks for your approval"


@pytest.fixture
def rita(bot: BotAtWork) -> Person:
    """She may approve, and has written to the bot before."""
    rita = Person(bot, "rita")
    rita.meets_the_bot()
    return rita


def asks(bot: BotAtWork, alice: Person) -> tuple[str, Envelope]:
    """Alice asks for the approval of a plan, of which the bot does not hear yet: the plan and the event."""
    alice.says("delete range London")
    return alice.plan_id(), presses(bot, alice, "Ask for approval")


def presses(bot: BotAtWork, person: Person, title: str) -> Envelope:
    """The event of a press on a button, of which the bot does not hear yet."""
    bot.meets(deliveries="lost")
    event = event_of("attachmentActions", person.presses(title))
    bot.meets_nothing_more()
    return event


def is_not_answered(bot: BotAtWork, event: Envelope) -> None:
    """Have the event answered while the pressed card can't be replaced: it will come again."""
    bot.meets(method="PUT", path="/v1/messages", status=503)
    fails(bot, event)


def comes_again(bot: BotAtWork, event: Envelope) -> None:
    """Have the event answered once more."""
    bot.queue.defer(event)
    bot.queue.wait_for(event.data.id, times=2)


def asked(person: Person) -> int:
    """How often they have been asked."""
    return sum(ASKED in one["markdown"] for one in person.messages())


def wait_until(it_is_so: Callable[[], bool]) -> None:
    """Wait for what the bot does in another thread."""
    pause = threading.Event()
    for _ in range(500):
        if it_is_so():
            return
        pause.wait(0.02)
    raise AssertionError("It has never come to be so.")


def is_sent(bot: BotAtWork, plan_id: str) -> bool:
    """Whether the plan's change is on its way to Webex."""
    plan = bot.services.store.find_plan(plan_id)
    return plan is not None and plan.changes[0].outcome.state is ChangeState.SENT


def test_the_requesters_event_does_not_take_the_plan_from_the_approvers(
    bot: BotAtWork, alice: Person, rita: Person
) -> None:
    """The change is sent once, and who approved is answered."""
    bot.goes_by(DIRECT)
    plan_id, event = asks(bot, alice)
    is_not_answered(bot, event)
    bot.meets(method="DELETE", path="/v1/telephony", delay=1500)
    approval = rita.presses("Approve")
    wait_until(lambda: is_sent(bot, plan_id))
    Dispatch(bot.services).handle(event)
    plan = bot.services.store.find_plan(plan_id)
    assert plan
    assert (plan.state, plan.claim) == (PlanState.APPLYING, 0)
    alice.sees("Approved by Rita Okafor", "What came of it is said in a newer message.")
    bot.queue.wait_for(approval["id"])
    rita.sees("Done: Deleted range London")
    alice.sees("Done: Deleted range London", "Rita Okafor")


def test_who_was_asked_is_not_asked_again_by_the_same_event(
    bot: BotAtWork, alice: Person, rita: Person, nina: Person
) -> None:
    """Whoever was not asked yet, as the worker was killed before, is."""
    nina.meets_the_bot()
    bot.goes_by(DIRECT + grant_to("nina@example.com", "read approve"))
    _, event = asks(bot, alice)
    is_not_answered(bot, event)
    comes_again(bot, event)
    alice.sees("Waiting for approval", "The approvers have until")
    assert (asked(nina), asked(rita)) == (1, 1)


def test_what_an_approver_is_asked_is_not_taken_for_the_answer_to_something_else(
    bot: BotAtWork, alice: Person, rita: Person
) -> None:
    """Both answers are lost, that to her question and that to hers: the question stays, with its buttons."""
    bot.goes_by(DIRECT)
    bot.meets(deliveries="lost")
    event = event_of("messages", rita.writes("show 5003"))
    bot.meets(method="GET", path="/v1/messages/", status=503)
    fails(bot, event)
    bot.meets_nothing_more()
    alice.says("delete range London")
    bot.meets(method="POST", path="/v1/messages", drop="after", count=1)
    alice.clicks("Ask for approval")
    assert asked(rita) == 1
    bot.clock.pass_by(seconds=SETTLED.total_seconds() + 1)
    comes_again(bot, event)
    rita.sees("5003", "Phone number")
    assert asked(rita) == 1


def test_the_approvers_space_is_not_asked_again_by_the_same_event(
    bot: BotAtWork, alice: Person, rita: Person
) -> None:
    """One card to decide on, not one for each try."""
    space = named_id("ROOM", "Telephony")
    bot.goes_by(f'{DIRECT}\n[approval]\nspace = "{space}"')
    rita.opens("Telephony")
    before = asked(rita)
    _, event = asks(bot, alice)
    is_not_answered(bot, event)
    comes_again(bot, event)
    assert asked(rita) == before + 1


def test_a_quick_approver_keeps_the_others_from_being_asked(
    bot: BotAtWork, alice: Person, rita: Person, nina: Person
) -> None:
    """No live button is left, and the card that was pressed does not say that nothing has changed."""
    nina.meets_the_bot()
    bot.goes_by(DIRECT + grant_to("nina@example.com", "read approve"))
    alice.says("delete range London")
    plan_id = alice.plan_id()
    bot.meets(method="POST", path="/v1/messages", hold=3000, count=1)
    pressed = alice.presses("Ask for approval")
    wait_until(lambda: asked(nina) == 1)
    bot.meets(deliveries="lost", count=1)
    Dispatch(bot.services).handle(event_of("attachmentActions", nina.presses("Approve")))
    bot.queue.wait_for(pressed["id"])
    assert asked(rita) == 0
    card = next(one for one in alice.messages() if one["id"] == pressed["messageId"])
    assert "Nothing has changed yet" not in card["markdown"]
    assert "Approved by" in card["markdown"]
    for person in (alice, nina, rita):
        person.sees_no_decision_left(plan_id)


def told(person: Person) -> int:
    """How often they have been told that it is done, in messages of their own."""
    return sum(one["markdown"].startswith("**Done: ") for one in person.messages())


def test_who_asked_is_told_as_soon_as_webex_can_be_reached(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Once, though the message about what came of it could not be sent at first."""
    bot.goes_by(DIRECT)
    alice.says("delete range London")
    alice.clicks("Ask for approval")
    bot.meets(method="POST", path="/v1/messages", status=503)
    approval = rita.presses("Approve")
    bot.queue.wait_for(approval["id"])
    rita.sees("Done: Deleted range London")
    assert told(alice) == 0
    bot.meets_nothing_more()
    for _ in range(2):
        tell_outcomes(bot.services)
        assert told(alice) == 1


def test_who_asked_is_told_once_however_often_the_approval_is_answered(
    bot: BotAtWork, alice: Person, rita: Person
) -> None:
    """The approver's card could not be replaced."""
    bot.goes_by(DIRECT)
    alice.says("delete range London")
    alice.clicks("Ask for approval")
    approval = presses(bot, rita, "Approve")
    is_not_answered(bot, approval)
    comes_again(bot, approval)
    rita.sees("Done: Deleted range London")
    assert told(alice) == 1


def test_who_could_not_be_asked_is_asked_by_the_same_event(
    bot: BotAtWork, alice: Person, rita: Person, nina: Person
) -> None:
    """And nobody else is asked once more."""
    nina.meets_the_bot()
    bot.goes_by(DIRECT + grant_to("nina@example.com", "read approve"))
    _, event = asks(bot, alice)
    bot.meets(method="POST", path="/v1/messages", status=503, count=1)
    is_not_answered(bot, event)
    assert sorted((asked(nina), asked(rita))) == [0, 1]
    comes_again(bot, event)
    assert (asked(nina), asked(rita)) == (1, 1)


def test_the_approvers_space_may_be_that_of_the_plan(bot: BotAtWork, alice: Person) -> None:
    """There, too, one card is to be decided on."""
    space = named_id("ROOM", "Telephony")
    bot.goes_by(f'{DIRECT}\n[approval]\nspace = "{space}"')
    alice.opens("Telephony")
    alice.says("delete range London", in_space="Telephony")
    before = asked(alice)
    event = presses(bot, alice, "Ask for approval")
    is_not_answered(bot, event)
    comes_again(bot, event)
    assert asked(alice) == before + 1
