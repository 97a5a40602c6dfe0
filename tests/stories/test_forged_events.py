"""What arrives at the webhook and did not happen, or happened before: nothing comes of it."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from bot_at_work import BotAtWork, person_id
from forgeries import another_bot, answers, deliver, envelope, sign, writes
from people import Person

DELETE = "delete 5003"


@pytest.mark.parametrize("forgery", ["none", "wrong secret", "of another body", "newer alone", "newer is wrong"])
def test_a_forged_event_is_refused(bot: BotAtWork, alice: Person, forgery: str) -> None:
    """Even where the message that it names is there."""
    alice.meets_the_bot()
    bot.meets(deliveries="lost", count=1)
    body = json.dumps(envelope("messages", alice.writes(DELETE))).encode()
    headers = {
        "none": {"X-Requested-With": "nothing"},
        "wrong secret": {"X-Spark-Signature": sign(body, secret="guessed")},
        "of another body": {"X-Spark-Signature": sign(body + b" ")},
        "newer alone": {"X-Webex-Signature": f"SHA-256={sign(body, 'sha256')}"},
        "newer is wrong": {"X-Spark-Signature": sign(body), "X-Webex-Signature": f"SHA-256={'0' * 64}"},
    }
    known = len(bot.queue.answered)
    assert deliver(bot, body, headers[forgery]) == 401
    assert len(bot.queue.answered) == known


def test_a_replayed_message_does_nothing(bot: BotAtWork, alice: Person) -> None:
    """Whoever recorded a delivery, signature and all, can send it again: at once, in parallel, or later."""
    alice.meets_the_bot()
    said = alice.writes(DELETE)
    bot.queue.wait_for(said["id"])
    before = [(one.id, one.updated) for one in answers(bot, alice.room_id)]
    recorded = envelope("messages", said)
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: deliver(bot, recorded), range(8))) == {200}
    bot.clock.pass_by(hours=1)
    deliver(bot, recorded)
    bot.queue.wait_for(said["id"], times=10)
    assert [(one.id, one.updated) for one in answers(bot, alice.room_id)] == before


def test_a_replayed_confirmation_does_nothing(bot: BotAtWork, alice: Person) -> None:
    """Not even where what it confirmed was undone in between."""
    alice.says(DELETE)
    pressed = alice.submits(alice.answer, {"command": "plans.confirm", "with_target": alice.plan_id()})
    alice.says("undo")
    alice.clicks("Confirm")
    done = writes(bot)
    deliver(bot, envelope("attachmentActions", pressed))
    bot.queue.wait_for(pressed["id"], times=2)
    assert writes(bot) == done
    assert [one.split("/")[0] for one in done] == ["DELETE ", "POST "]


def test_an_event_of_a_space_that_the_bot_is_not_in_is_not_answered(bot: BotAtWork, alice: Person) -> None:
    """Webex does not show it the message, so there is nobody to answer."""
    world = bot.sandbox.world
    space = alice.makes_space("Elsewhere")
    said = alice.writes(DELETE, space)
    assert deliver(bot, envelope("messages", said)) == 200
    bot.queue.wait_for(said["id"])
    assert answers(bot, space) == []
    assert not [call for call in world.calls if call.method == "POST" and call.token == "sandbox-bot"
                and call.path == "/v1/messages"]  # fmt: skip


def test_an_event_that_names_somebody_else_is_answered_for_who_wrote(bot: BotAtWork, nina: Person) -> None:
    """Who it was is what Webex says of the message, not what the event says."""
    nina.meets_the_bot()
    bot.meets(deliveries="lost", count=1)
    said = nina.writes(DELETE)
    deliver(bot, envelope("messages", {**said, "personId": person_id(bot, "alice")}))
    bot.queue.wait_for(said["id"])
    nina.sees("Not allowed")


def test_another_bot_is_not_answered(bot: BotAtWork, alice: Person) -> None:
    """Two bots that answer each other never stop."""
    another_bot(bot)
    relay = Person(bot, "relay")
    alice.says("help", in_space="Telephony")
    before = len(answers(bot, alice.room_id))
    relay.says(DELETE, in_space="Telephony")
    assert len(answers(bot, alice.room_id)) == before
