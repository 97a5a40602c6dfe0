"""The answer to a reply is lost, or the worker killed over it: who asked directly is still answered once."""

import time
from typing import Any

from bot_at_work import BotAtWork, event_of, fails
from people import Person

from bot.events import Envelope
from bot.lost_replies import SETTLED
from bot.showing import send_card
from bot.waiting import Waiting
from cards.notice import waiting_card

LATER = SETTLED.total_seconds() + 1
"""Seconds after which the engine has an event again at the soonest."""


def loses(bot: BotAtWork, person: Person, text: str, **where: Any) -> Envelope:
    """Ask, and let the answer to the reply be lost on its way to the bot; the event, which comes again."""
    bot.meets(deliveries="lost")
    message = person.writes(text, **where)
    bot.meets(method="POST", path="/v1/messages", drop="after", count=1)
    event = event_of("messages", message)
    fails(bot, event)
    return event


def comes_again(bot: BotAtWork, event: Envelope, after: float = LATER) -> None:
    """The engine has the event answered once more."""
    bot.clock.pass_by(seconds=after)
    bot.queue.defer(event)
    bot.queue.wait_for(event.data.id, times=2)


def answers(bot: BotAtWork, person: Person) -> list[dict[str, Any]]:
    """What the bot has said in the space."""
    return [one for one in person.messages() if one["personId"] == bot.services.own_id]


def test_a_reply_whose_answer_was_lost_is_found_again(bot: BotAtWork, alice: Person) -> None:
    """It stays the only one, and shows what is so now."""
    alice.meets_the_bot()
    before = len(answers(bot, alice))
    event = loses(bot, alice, "show 5003")
    lost = alice.answer["id"]
    comes_again(bot, event)
    assert len(answers(bot, alice)) == before + 1
    assert alice.answer["id"] == lost
    alice.sees("5003", "Phone number")


def test_of_two_plans_the_one_that_is_shown_can_be_confirmed(bot: BotAtWork, alice: Person) -> None:
    """The event makes its plan again, and its card takes the place of the first one's."""
    alice.meets_the_bot()
    before = len(answers(bot, alice))
    event = loses(bot, alice, "delete 5003")
    first = alice.plan_id()
    comes_again(bot, event)
    assert len(answers(bot, alice)) == before + 1
    assert alice.plan_id() != first
    alice.clicks("Confirm")
    alice.sees("Done")


def test_a_reply_that_was_lost_beside_a_notice_goes(bot: BotAtWork, alice: Person) -> None:
    """The question waited, and a worker took it up just when another told so."""
    alice.meets_the_bot()
    before = len(answers(bot, alice))
    event = loses(bot, alice, "show 5003")
    Waiting(bot.services, event, time.monotonic).tell()
    comes_again(bot, event)
    assert len(answers(bot, alice)) == before + 1
    alice.sees("5003", "Phone number")


def test_a_greeting_whose_answer_was_lost_is_not_repeated(bot: BotAtWork, alice: Person) -> None:
    """The bot's own membership is an event like any other."""
    alice.says("help")
    before = len(answers(bot, alice))
    members = bot.sandbox.world.memberships.values()
    bots = next(one for one in members if (one.space_id, one.person_id) == (alice.room_id, bot.services.own_id))
    about = {"id": bots.id, "roomId": alice.room_id, "personId": bots.person_id, "created": bots.created}
    event = event_of("memberships", about)
    bot.meets(method="POST", path="/v1/messages", drop="after", count=1)
    fails(bot, event)
    comes_again(bot, event)
    assert len(answers(bot, alice)) == before + 1
    alice.sees("Hello, I am the virtual extension bot")


def test_where_the_answer_belongs_in_the_place_of_the_card_the_lost_one_goes(
    bot: BotAtWork, alice: Person
) -> None:
    """An error comes below the card that was pressed; when the event comes again, all is well."""
    alice.says("extensions")
    listed = alice.answer
    bot.meets(path="/v1/telephony", status=503)
    bot.meets(method="POST", path="/v1/messages", drop="after", count=1)
    bot.meets(deliveries="lost")
    event = event_of("attachmentActions", alice.presses("Next", on=listed))
    fails(bot, event)
    assert alice.answer["id"] != listed["id"]
    comes_again(bot, event)
    assert alice.answer["id"] == listed["id"]
    alice.sees("Virtual extensions")


def test_what_was_sent_just_now_is_left_alone(bot: BotAtWork, alice: Person) -> None:
    """It may be what another worker says about another event, and has not noted yet: rather twice than never."""
    alice.meets_the_bot()
    before = len(answers(bot, alice))
    comes_again(bot, loses(bot, alice, "show 5003"), after=0)
    assert len(answers(bot, alice)) == before + 2


def test_what_is_known_is_left_alone(bot: BotAtWork, alice: Person) -> None:
    """Another event is worked on in the same space meanwhile."""
    alice.meets_the_bot()
    bot.meets(deliveries="lost")
    event = event_of("messages", alice.writes("show 5003"))
    bot.meets(method="GET", path="/v1/messages/", status=503)
    fails(bot, event)
    notice = send_card(bot.services, alice.room_id, None, waiting_card())
    comes_again(bot, event)
    assert alice.answer["id"] != notice.message_id
    alice.sees("5003", "Phone number")


def test_in_a_thread_only_what_is_in_it_is_taken(bot: BotAtWork, alice: Person) -> None:
    """What was lost elsewhere belongs to another question."""
    alice.meets_the_bot()
    root = alice.writes("A thread")
    bot.queue.wait_for(root["id"])
    elsewhere = loses(bot, alice, "show 5001")
    lost = alice.answer["id"]
    event = loses(bot, alice, "show 5003", parent=root)
    in_thread, before = alice.answer["id"], len(answers(bot, alice))
    comes_again(bot, event)
    assert alice.answer["id"] == in_thread
    assert alice.answer["parentId"] == root["id"]
    comes_again(bot, elsewhere)
    assert lost in [one["id"] for one in answers(bot, alice)]
    assert len(answers(bot, alice)) == before


def test_in_a_group_space_it_is_said_twice(bot: BotAtWork, alice: Person) -> None:
    """Webex shows a bot nothing there but what mentions it: rather twice than never."""
    alice.opens("Telephony")
    before = len(answers(bot, alice))
    comes_again(bot, loses(bot, alice, alice.mentioning("show 5003")))
    assert len(answers(bot, alice)) == before + 2
    alice.sees("5003", "Phone number")
