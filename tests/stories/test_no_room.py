"""The disk of the database is full while people ask and confirm: nothing is lost, and each is answered once."""

import threading
import time
from collections.abc import Iterator

import pytest
from bot_at_work import BotAtWork, event_of
from confirmed_plans import extension
from full_disk import no_room
from people import Person
from sqlalchemy import Engine

from bot.errors import StoreAway
from bot.events import Envelope
from bot.plans import PlanState
from bot.store import connect
from bot.tables import metadata

TELEPHONY = "/v1/telephony/config"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


def finds_no_room(bot: BotAtWork, *asked: Envelope) -> None:
    """Have events answered, which the database refuses: the engine has them again later."""
    for event in asked:
        bot.queue.defer(event)
        bot.queue.wait_for(event.data.id)
    assert [type(failure) for failure in bot.queue.failures] == [StoreAway] * len(asked)
    bot.queue.failures.clear()


def has_room(bot: BotAtWork, *asked: Envelope) -> None:
    """Have them answered again."""
    for event in asked:
        bot.queue.defer(event)
        bot.queue.wait_for(event.data.id, times=2)


def deletions(bot: BotAtWork) -> int:
    """How often Webex was told to delete an extension."""
    return sum(call.method == "DELETE" and call.path.startswith(TELEPHONY) for call in bot.sandbox.world.calls)


def asks_and_confirms(bot: BotAtWork, alice: Person) -> tuple[str, Envelope, Envelope]:
    """A plan, then a question and the press on the plan's button, which wait; the plan's id and the events."""
    alice.says("delete 5003")
    plan_id, shown = alice.plan_id(), alice.answer
    bot.meets(deliveries="lost")
    question = event_of("messages", alice.writes("show 5004"))
    return plan_id, question, event_of("attachmentActions", alice.presses("Confirm", on=shown))


def test_what_is_asked_while_there_is_no_room_is_answered_once_there_is(
    bot: BotAtWork, alice: Person, engine: Engine
) -> None:
    """Until then they read nothing new, the plan waits with its buttons, and nothing is changed."""
    plan_id, *asked = asks_and_confirms(bot, alice)
    before = alice.messages()
    with no_room(engine, *metadata.tables):
        finds_no_room(bot, *asked)
        assert alice.messages() == before
        alice.sees_buttons("Confirm", "Cancel")
        assert extension(bot, "5003")
    plan = bot.services.store.find_plan(plan_id)
    assert plan
    assert plan.state is PlanState.PROPOSED
    has_room(bot, *asked)
    alice.sees("Done: Deleted virtual extension 5003")
    newest, *others = alice.messages()
    assert "5004" in newest["markdown"]
    assert [one["id"] for one in others] == [one["id"] for one in before]
    assert extension(bot, "5003") is None
    assert deletions(bot) == 1
    has_room(bot, *asked)
    assert len(alice.messages()) == len(before) + 1


@pytest.mark.parametrize(("table", "deleted"), [("plans", 0), ("changes", 0), ("history", 1)])
def test_a_confirmation_that_runs_out_of_room_goes_on_where_it_stopped(
    bot: BotAtWork, alice: Person, engine: Engine, table: str, deleted: int
) -> None:
    """Before the change, or after it and before it is noted: it is not sent again, and can be undone."""
    plan_id, _, confirmed = asks_and_confirms(bot, alice)
    before = alice.messages()
    with no_room(engine, table):
        finds_no_room(bot, confirmed)
        assert alice.messages() == before
        assert deletions(bot) == deleted
    has_room(bot, confirmed)
    alice.sees("Done: Deleted virtual extension 5003")
    assert deletions(bot) == 1
    assert len(alice.messages()) == len(before)
    bot.meets_nothing_more()
    alice.says(f"undo {plan_id}")
    alice.sees("5003", "Nothing has changed yet")


def test_an_answer_that_can_not_be_noted_is_read_at_once_and_noted_later(
    bot: BotAtWork, alice: Person, engine: Engine
) -> None:
    """The worker waits with it: given back, the event would be answered a second time. Its buttons work then."""
    alice.meets_the_bot()
    bot.meets(deliveries="lost", count=1)
    asked = event_of("messages", alice.writes("delete 5003"))
    before = len(alice.messages())
    with no_room(engine, "sent_cards"):
        bot.queue.defer(asked)
        wait_for_more_than(before, alice)
        alice.sees("5003", "Nothing has changed yet")
        assert bot.queue.answered.count(asked.data.id) == 0
    bot.queue.wait_for(asked.data.id)
    alice.clicks("Confirm")
    alice.sees("Done: Deleted virtual extension 5003")
    assert len(alice.messages()) == before + 1


def wait_for_more_than(count: int, person: Person) -> None:
    """Until there is one message more in the space that somebody looks at."""
    tick, began = threading.Event(), time.monotonic()
    while len(person.messages()) <= count:
        assert time.monotonic() - began < 20, "Nothing was said."
        tick.wait(0.01)
