"""After an outage: webhooks are mended, and what was written meanwhile is answered once."""

import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta

import pytest
from bot_at_work import BotAtWork, bot_at_work, event_of
from people import Person

from bot.calling.requests import ExtensionFilter
from bot.catching_up import IN_A_ROW, LEFT_TO_WEBHOOK, catch_up
from bot.errors import Unreachable
from bot.sandbox.server import SandboxServer
from bot.worker import chores_of, heal_webhooks

HOUR = timedelta(hours=1)


def writes_unheard(bot: BotAtWork, person: Person, text: str) -> str:
    """Write while no webhook is active, some time before it is looked for, and return the id of the message."""
    bot.disable_webhooks()
    written = str(person.writes(text)["id"])
    bot.clock.pass_by(seconds=30)
    return written


def heals(bot: BotAtWork) -> None:
    """The check of every minute."""
    heal_webhooks(bot.services, bot.settings, lambda: nullcontext(bot.queue))


def looks(bot: BotAtWork) -> None:
    """What a worker does that is asked to catch up."""
    heal_webhooks(bot.services, bot.settings, lambda: nullcontext(bot.queue), at_start=True)


def test_disabled_webhooks_are_mended_and_a_missed_question_is_answered(bot: BotAtWork, alice: Person) -> None:
    """As if nothing had been."""
    alice.meets_the_bot()
    missed = writes_unheard(bot, alice, "show 5003")
    heals(bot)
    bot.queue.wait_for(missed)
    alice.sees("5003")
    alice.says("show 5001 at Denver")
    alice.sees("Front Range Couriers")


def test_a_webhook_that_is_disabled_again_at_once_is_mended_again(bot: BotAtWork, alice: Person) -> None:
    """Enabled within five minutes, it is disabled by a single failure: what came by then is answered once, too."""
    alice.meets_the_bot()
    before = len(alice.messages())
    missed = [writes_unheard(bot, alice, "show 5003")]
    heals(bot)
    bot.queue.wait_for(missed[0])
    bot.queue.is_away = True
    missed.append(str(alice.writes("show 5004")["id"]))
    wait_until(lambda: not hears_messages(bot))
    bot.queue.is_away = False
    missed.append(str(alice.writes("show 5008")["id"]))
    bot.clock.pass_by(seconds=30)
    heals(bot)
    for one in missed:
        bot.queue.wait_for(one)
    alice.sees("5008")
    assert hears_messages(bot)
    alice.says("show 5001 at Denver")
    alice.sees("Front Range Couriers")
    said = [one["markdown"] for one in alice.messages() if one["personId"] == bot.services.own_id][3::-1]
    assert [number in text for number, text in zip(("5003", "5004", "5008", "5001"), said, strict=True)] == [
        True
    ] * 4
    assert len(alice.messages()) == before + 8


def hears_messages(bot: BotAtWork) -> bool:
    """Whether the webhook that tells of messages is active."""
    webhooks = list(bot.sandbox.world.webhooks.values())
    return all(one.status == "active" for one in webhooks if one.resource == "messages")


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for what Webex does in the background."""
    tick, began = threading.Event(), time.monotonic()
    while not condition():
        assert time.monotonic() - began < 20, "It did not come to that."
        tick.wait(0.01)


def test_a_missed_change_is_only_offered(bot: BotAtWork, alice: Person) -> None:
    """The person may have done it in another way meanwhile. The button makes the plan."""
    alice.meets_the_bot()
    missed = writes_unheard(bot, alice, "delete 5003")
    heals(bot)
    bot.queue.wait_for(missed)
    alice.sees("Do you still want this: delete an extension?", "it says 5003. I have done nothing about it.")
    alice.clicks("Go on")
    alice.sees_buttons("Confirm", "Cancel")
    assert bot.services.calling.all_extensions(ExtensionFilter(extension="5003"))


def test_what_was_written_just_now_is_left_to_its_webhook_at_first(bot: BotAtWork, alice: Person) -> None:
    """Else a change would only be offered, and the person be told that the bot was away, which it was not."""
    alice.meets_the_bot()
    before = len(alice.messages())
    bot.meets(deliveries="lost", count=1)
    just_now = alice.writes("show 5003")["id"]
    assert catch_up(bot.services, bot.queue, HOUR) == 0
    assert bot.queue.looks == [LEFT_TO_WEBHOOK]
    bot.clock.pass_by(seconds=LEFT_TO_WEBHOOK.total_seconds())
    assert catch_up(bot.services, bot.queue, HOUR) == 1
    bot.queue.wait_for(just_now)
    assert len(alice.messages()) == before + 2
    assert bot.queue.looks == [LEFT_TO_WEBHOOK]


def test_what_was_lost_on_its_way_is_looked_for_by_the_clock(bot: BotAtWork, alice: Person) -> None:
    """Neither Webex nor the bot notices when a proxy between them is away for a minute."""
    alice.meets_the_bot()
    bot.meets(deliveries="lost", count=1)
    lost = alice.writes("show 5003")["id"]
    bot.clock.pass_by(seconds=LEFT_TO_WEBHOOK.total_seconds())
    chores = {chore.name: chore for chore in chores_of(bot.services, bot.settings, lambda: nullcontext(bot.queue))}
    chores["check_webhooks"].run()
    assert not bot.queue.looks
    chores["find_missed"].run()
    assert bot.queue.looks == [timedelta()]
    looks(bot)
    bot.queue.wait_for(lost)
    alice.sees("5003")


def test_however_much_was_missed_it_is_answered(sandbox: SandboxServer, database_url: str) -> None:
    """It was not sent in the minute in which it is found."""
    with bot_at_work(sandbox, database_url, COMMANDS_PER_MINUTE="2") as bot:
        alice = Person(bot, "alice")
        alice.meets_the_bot()
        missed = [writes_unheard(bot, alice, "show 5003") for _ in range(5)]
        before = len(alice.messages())
        heals(bot)
        for one in missed:
            bot.queue.wait_for(one)
        assert len(alice.messages()) == before + 5
        alice.says("show 5003")
        alice.sees("5003", "Phone number")


def test_a_missed_confirmation_confirms_nothing(bot: BotAtWork, alice: Person) -> None:
    """It was for things as they were then."""
    alice.says("delete 5003")
    plan_id = alice.plan_id()
    missed = writes_unheard(bot, alice, f"confirm {plan_id}")
    heals(bot)
    bot.queue.wait_for(missed)
    alice.sees("Do you still want this: confirm a plan?", f"it says {plan_id}.")
    assert bot.services.calling.all_extensions(ExtensionFilter(extension="5003"))
    alice.clicks("Go on")
    assert not bot.services.calling.all_extensions(ExtensionFilter(extension="5003"))


def test_a_confirmation_whose_plan_was_applied_is_not_said_to_have_done_nothing(
    bot: BotAtWork, alice: Person
) -> None:
    """Its reply failed, and it waits to be tried again when it is found a second time."""
    alice.says("delete 5003")
    bot.meets(deliveries="lost")
    written = alice.writes(f"confirm {alice.plan_id()}")
    bot.meets(method="PUT", path="/v1/messages", status=503)
    bot.meets(method="POST", path="/v1/messages", status=503)
    bot.queue.defer(event_of("messages", written))
    bot.queue.wait_for(written["id"])
    assert bot.queue.failures
    bot.queue.failures.clear()
    bot.meets_nothing_more()
    bot.clock.pass_by(seconds=30)
    assert catch_up(bot.services, bot.queue, HOUR) == 1
    bot.queue.wait_for(written["id"], times=2)
    alice.sees("Done: Deleted virtual extension 5003")


def test_a_space_that_cannot_be_read_is_no_harm_to_the_others(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """The bot was taken out of it while it looked, say."""
    for person in (alice, rita):
        person.meets_the_bot()
    missed = {writes_unheard(bot, person, "show 5003") for person in (alice, rita)}
    bot.meets(method="GET", pattern="/messages$", status=404, count=1)
    assert catch_up(bot.services, bot.queue, HOUR) == 1
    bot.queue.settle()
    assert catch_up(bot.services, bot.queue, HOUR) == 1
    for one in missed:
        bot.queue.wait_for(one)


def test_a_space_about_which_webex_fails_is_no_harm_to_the_others(
    bot: BotAtWork, alice: Person, rita: Person
) -> None:
    """What is found elsewhere is answered, in order and once; that one could not be read stays noted meanwhile."""
    for person in (alice, rita):
        person.meets_the_bot()
    missed = [writes_unheard(bot, alice, f"show 500{digit}") for digit in (3, 4)]
    last = writes_unheard(bot, rita, "show 5008")
    before = len(alice.messages()) + len(rita.messages())
    bot.meets(method="GET", pattern="/messages$", status=500, count=1)
    heals(bot)
    for one in missed:
        bot.queue.wait_for(one)
    assert bot.queue.answered[-2:] == missed
    assert "could not be looked at" in str(bot.services.store.observations.find("webhooks"))
    heals(bot)
    bot.queue.wait_for(last)
    bot.queue.settle()
    assert len(alice.messages()) + len(rita.messages()) == before + 3
    assert bot.services.store.observations.find("webhooks") == "ok"


def test_spaces_are_not_asked_for_one_by_one_while_webex_is_away(bot: BotAtWork) -> None:
    """There may be hundreds."""
    people = [Person(bot, name) for name in ("alice", "rita", "leo", "nina", "oscar")]
    for person in people:
        person.meets_the_bot()
    bot.meets(method="GET", pattern="/messages$", status=500)
    before = len(bot.sandbox.world.calls)
    with pytest.raises(Unreachable):
        catch_up(bot.services, bot.queue, HOUR)
    asked = [call.path for call in list(bot.sandbox.world.calls)[before:]]
    assert asked == ["/v1/rooms", *["/v1/messages"] * IN_A_ROW]


@pytest.mark.parametrize("odd", [{"personId": None}, {"roomId": ""}, {"id": "../people"}])
def test_a_message_that_cannot_be_one_is_passed_over(
    bot: BotAtWork, alice: Person, odd: dict[str, str | None]
) -> None:
    """It would be found by every worker that starts."""
    alice.meets_the_bot()
    messages = [alice.writes("show 5003"), alice.writes("show 5004")]
    bot.queue.settle()
    bot.clock.pass_by(seconds=30)
    as_if_missed = [{**one, "id": f"{one['id']}{number}"} for number, one in enumerate(messages)]
    shown = [{**as_if_missed[0], **odd}, as_if_missed[1]]
    bot.meets(method="GET", pattern="/messages$", status=200, body={"items": shown}, count=1)
    assert catch_up(bot.services, bot.queue, HOUR) == 1
    bot.queue.wait_for(as_if_missed[1]["id"])


def test_a_time_without_a_zone_is_in_utc(bot: BotAtWork, alice: Person) -> None:
    """As all times of Webex are."""
    alice.meets_the_bot()
    missed = writes_unheard(bot, alice, "show 5003")
    shown = [{**one, "created": one["created"].removesuffix("Z")} for one in alice.messages()]
    bot.meets(method="GET", pattern="/messages$", status=200, body={"items": shown}, count=1)
    assert catch_up(bot.services, bot.queue, HOUR) == 1
    bot.queue.wait_for(missed)


def test_what_was_answered_is_not_answered_again(bot: BotAtWork, alice: Person) -> None:
    """However often it is looked for; and the bot does not answer itself."""
    alice.says("show 5003")
    before = len(alice.messages())
    assert catch_up(bot.services, bot.queue, HOUR) == 0
    missed = writes_unheard(bot, alice, "show 5003")
    for _ in range(3):
        catch_up(bot.services, bot.queue, HOUR)
    bot.queue.wait_for(missed)
    bot.queue.settle()
    assert len(alice.messages()) == before + 2


def test_in_a_group_space_only_what_mentions_the_bot_is_answered(bot: BotAtWork, alice: Person) -> None:
    """The rest is not for the bot, and Webex would not show it."""
    alice.opens("Telephony")
    writes_unheard(bot, alice, "lunch?")
    before = len(alice.messages())
    assert catch_up(bot.services, bot.queue, HOUR) == 0
    missed = writes_unheard(bot, alice, alice.mentioning("show 5003"))
    assert catch_up(bot.services, bot.queue, HOUR) == 1
    bot.queue.wait_for(missed)
    assert len(alice.messages()) == before + 2


def test_what_is_older_stays_unanswered(bot: BotAtWork, alice: Person) -> None:
    """Nobody waits for it any more."""
    alice.meets_the_bot()
    writes_unheard(bot, alice, "show 5003")
    bot.clock.pass_by(minutes=61)
    assert catch_up(bot.services, bot.queue, HOUR) == 0


def test_what_could_not_be_looked_for_is_found_by_a_later_check(bot: BotAtWork, alice: Person) -> None:
    """The webhooks are in order again by then, and nothing but the note of the first check tells of it."""
    alice.meets_the_bot()
    missed = writes_unheard(bot, alice, "show 5003")
    bot.meets(method="GET", pattern="/rooms", status=503, count=9)
    heals(bot)
    assert "could not be looked at" in str(bot.services.store.observations.find("webhooks"))
    bot.meets_nothing_more()
    heals(bot)
    bot.queue.wait_for(missed)
    alice.sees("5003")
    assert bot.services.store.observations.find("webhooks") == "ok"


def test_what_was_lost_while_webex_was_away_is_found_when_it_is_back(bot: BotAtWork, alice: Person) -> None:
    """No webhook was disabled: too little was lost for that."""
    alice.meets_the_bot()
    heals(bot)
    bot.meets(deliveries="lost", count=1)
    missed = str(alice.writes("show 5003")["id"])
    bot.clock.pass_by(seconds=30)
    bot.meets(pattern="/webhooks", status=503, count=9)
    heals(bot)
    bot.meets_nothing_more()
    heals(bot)
    bot.queue.wait_for(missed)
    alice.sees("5003")


def test_while_all_is_well_nothing_is_looked_for(bot: BotAtWork, alice: Person) -> None:
    """It takes calls, and would answer what is on its way as if it came late."""
    alice.says("show 5003")
    heals(bot)
    before = len(bot.sandbox.world.calls)
    heals(bot)
    assert [call.path for call in list(bot.sandbox.world.calls)[before:]] == ["/v1/webhooks"]
