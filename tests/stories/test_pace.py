"""Faster than a person types: a limit for each, said once, so that nobody makes the bot flood anything."""

import re
from collections.abc import Iterator

import pytest
from bot_at_work import BotAtWork, bot_at_work, person_id
from forgeries import another_bot, answers, deliver, envelope, writes
from people import Person, card_of, visible

from bot.sandbox.server import SandboxServer

LIMIT = 5
TOO_FAST = "Too many commands at once"


@pytest.fixture
def bot(sandbox: SandboxServer, database_url: str) -> Iterator[BotAtWork]:
    """A bot that takes few commands, an hour after all that was said in other stories."""
    with bot_at_work(sandbox, database_url, COMMANDS_PER_MINUTE=str(LIMIT)) as working:
        working.clock.pass_by(hours=1)
        yield working


@pytest.fixture
def alice(bot: BotAtWork) -> Person:
    """She has used up what she may say in this minute."""
    return impatient(bot, "alice")


def impatient(bot: BotAtWork, name: str) -> Person:
    person = Person(bot, name)
    person.meets_the_bot()
    bot.clock.pass_by(minutes=2)
    for _ in range(LIMIT):
        person.says("whoami")
    person.does_not_see(TOO_FAST)
    return person


def test_the_first_command_over_the_limit_is_told_so(alice: Person) -> None:
    """What the limit is, when to go on, and what has become of the command."""
    alice.says("delete 5003")
    alice.sees(
        TOO_FAST,
        f"I take {LIMIT} commands of one person in a minute. With this one nothing was done.",
        "then send it again, and all that you send until then: I do not answer it.",
        "What was done before stays done.",
    )
    assert re.search(r"Wait \d+ seconds?,", visible(card_of(alice.answer)))


def test_all_further_ones_are_dropped(bot: BotAtWork, alice: Person) -> None:
    """Without an answer, and without a call to Webex."""
    alice.says("mode")
    before = len(answers(bot, alice.room_id))
    bot.sandbox.world.calls.clear()
    for _ in range(LIMIT):
        alice.says("delete 5003")
    assert len(answers(bot, alice.room_id)) == before
    assert [call for call in bot.sandbox.world.calls if call.token in ("sandbox-bot", "sandbox-calling")] == []


def test_after_a_minute_one_can_go_on(bot: BotAtWork, alice: Person) -> None:
    """What was dropped is not made up for."""
    alice.says("mode")
    alice.says("delete 5003")
    bot.clock.pass_by(seconds=61)
    alice.says("show 5003")
    alice.sees("5003", "Phone number")
    assert writes(bot) == []


def test_a_press_over_the_limit_leaves_the_plan_as_it_is(bot: BotAtWork, alice: Person) -> None:
    """It can be pressed again a minute later."""
    bot.clock.pass_by(seconds=61)
    alice.says("delete 5003")
    plan = alice.answer
    for _ in range(LIMIT):
        alice.says("whoami")
    assert writes(bot) == []
    alice.clicks("Confirm", on=plan)
    assert writes(bot) == []
    bot.clock.pass_by(seconds=61)
    alice.clicks("Confirm", on=plan)
    alice.sees("Done: Deleted virtual extension 5003")


def test_others_are_not_held_up(alice: Person, rita: Person) -> None:
    """The limit is one for each person."""
    alice.says("mode")
    alice.sees(TOO_FAST)
    rita.says("show 5003")
    rita.sees("5003", "Phone number")


def test_the_limit_holds_in_all_spaces_together(alice: Person) -> None:
    """Spaces are served side by side, by as many workers as there are."""
    alice.says("mode", in_space="Telephony")
    alice.sees(TOO_FAST)


def test_an_event_that_is_delivered_again_counts_once(bot: BotAtWork) -> None:
    """Webex delivers twice now and then: that is not the person's fault."""
    alice = Person(bot, "alice")
    alice.meets_the_bot()
    bot.clock.pass_by(minutes=2)
    bot.meets(deliveries="duplicate")
    for _ in range(LIMIT):
        alice.says("whoami")
    bot.meets_nothing_more()
    alice.does_not_see(TOO_FAST)
    alice.says("whoami")
    alice.sees(TOO_FAST)


def test_the_refusals_of_a_stranger_are_bounded_too(bot: BotAtWork) -> None:
    """Each is an entry of the history, which nobody can shorten."""
    before = len(list(bot.services.store.history.links()))
    oscar = impatient(bot, "oscar")
    for _ in range(3 * LIMIT):
        oscar.says("delete 5003")
    refusals = list(bot.services.store.history.links())[before:]
    assert len(refusals) <= LIMIT + 1


def test_a_bot_over_the_limit_is_not_even_told(bot: BotAtWork, alice: Person) -> None:
    """A notice would be an answer."""
    another_bot(bot)
    relay = Person(bot, "relay")
    alice.says("mode", in_space="Telephony")
    before = len(answers(bot, alice.room_id))
    for _ in range(LIMIT + 2):
        relay.says("help", in_space="Telephony")
    assert len(answers(bot, alice.room_id)) == before


def test_who_lets_the_bot_in_again_and_again_is_greeted_up_to_the_limit(bot: BotAtWork, alice: Person) -> None:
    """A greeting is an answer too."""
    bot.clock.pass_by(seconds=61)
    space = alice.makes_space("Revolving door")
    for _ in range(LIMIT + 2):
        membership = alice.lets_in(bot.services.own_id, space)
        bot.queue.wait_for(membership)
        alice.takes_out(membership)
    assert len(answers(bot, space)) == LIMIT


def test_who_lets_many_people_in_is_not_held_up(bot: BotAtWork) -> None:
    """The bot hears of all memberships of its spaces, and only its own is anything to it."""
    alice = Person(bot, "alice")
    alice.says("whoami", in_space="Telephony")
    bot.clock.pass_by(seconds=61)
    for _ in range(LIMIT + 2):
        membership = alice.lets_in(person_id(bot, "oscar"), alice.room_id)
        bot.queue.wait_for(membership)
        alice.takes_out(membership)
    alice.says("show 5003", in_space="Telephony")
    alice.sees("5003", "Phone number")


def test_a_notice_that_cannot_be_sent_is_not_made_up_for_by_the_command(bot: BotAtWork, alice: Person) -> None:
    """The task engine hands a failed event in again."""
    bot.meets(method="GET", pattern="/messages/.", status=500, count=1)
    alice.says("delete 5003")
    failures, bot.queue.failures[:] = list(bot.queue.failures), []
    said = alice.messages()[0]
    deliver(bot, envelope("messages", said))
    bot.queue.wait_for(said["id"], times=2)
    assert len(failures) == 1
    alice.does_not_see(TOO_FAST, "Confirm")
