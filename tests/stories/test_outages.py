"""Webex fails in its many ways: every command ends in a success, or in a sentence that says what to do next."""

import psycopg
import pytest
from bot_at_work import BotAtWork, event_of
from people import Person

from bot.calling.requests import ExtensionFilter
from bot.plans import PlanState

CALLING = "/v1/telephony/config"


def numbers(bot: BotAtWork, extension: str) -> list[str]:
    """What Webex has under an extension."""
    found = bot.services.calling.all_extensions(ExtensionFilter(extension=extension))
    return [one.phone_number for one in found]


@pytest.mark.parametrize("status", [500, 400, 403, 404])
def test_a_failing_read_is_explained_with_its_tracking_id(bot: BotAtWork, alice: Person, status: int) -> None:
    """No status is swallowed, and none is a traceback."""
    bot.meets(
        path=CALLING, status=status, body={"message": "No.", "errors": [], "trackingId": "ROUTER_asked"}, count=9
    )
    alice.says("show 5003")
    alice.sees("That did not work", "ROUTER_asked")


def test_a_html_body_of_a_gateway_is_survived(bot: BotAtWork, alice: Person) -> None:
    """Not every answer of Webex is JSON."""
    bot.meets(path=CALLING, status=502, body="<html><h1>Bad gateway</h1></html>", count=9)
    alice.says("show 5003")
    alice.sees("Webex can't be reached just now", "Try again in a minute")
    alice.does_not_see("<html>")


def test_a_short_outage_is_not_noticed(bot: BotAtWork, alice: Person) -> None:
    """Reading is repeated while that may help."""
    bot.meets(path=CALLING, status=503, count=1)
    alice.says("show 5003")
    alice.sees("5003", "Phone number")


def test_a_missing_scope_is_named(bot: BotAtWork, alice: Person) -> None:
    """Whoever runs the bot learns what to add."""
    bot.meets(method="POST", pattern="validateNumbers", status=403, count=9)
    alice.says("add 5012 +14085550123 Jane Doe")
    alice.sees("lacks a scope or an administrator role", "spark-admin:telephony_config_write")


def test_a_change_whose_answer_was_lost_is_looked_up(bot: BotAtWork, alice: Person) -> None:
    """The connection dropped after Webex had acted: reading back shows that it happened."""
    alice.says("add 5012 +14085550123 Jane Doe")
    bot.meets(method="POST", pattern="/virtualExtensions$", drop="after", count=1)
    alice.clicks("Confirm")
    alice.sees("Done: Added virtual extension 5012")
    assert numbers(bot, "5012") == ["+14085550123"]


def test_a_change_that_never_arrived_is_not_sent_again(bot: BotAtWork, alice: Person) -> None:
    """The connection dropped before Webex had acted: nothing is done blindly a second time."""
    alice.says("add 5012 +14085550123 Jane Doe")
    bot.meets(method="POST", pattern="/virtualExtensions$", drop="before", count=1)
    alice.clicks("Confirm")
    alice.sees("Not certain", "it has not happened so far", "look it up before you try again")
    assert numbers(bot, "5012") == []


def test_a_card_that_can_not_be_replaced_is_posted_anew(bot: BotAtWork, alice: Person) -> None:
    """Webex's documentation says that cards can't be edited: then the new one comes and the old one goes."""
    bot.meets(card_edits=False)
    alice.says("extensions")
    first = alice.answer
    alice.clicks("Next")
    assert alice.answer["id"] != first["id"]
    assert first["id"] not in [one["id"] for one in alice.messages()]


def test_a_press_on_a_card_that_is_gone_is_answered(bot: BotAtWork, alice: Person) -> None:
    """It was deleted between the press and the answer: who pressed is told, and no plan is made or confirmed."""
    alice.says("delete 5003")
    plan_id = alice.plan_id()
    bot.meets(method="GET", path="/v1/attachment/actions/", status=404)
    alice.clicks("Confirm")
    alice.sees("The card with that button is not there any more.", "send the command again")
    bot.meets_nothing_more()
    plan = bot.services.store.find_plan(plan_id)
    assert plan
    assert plan.state is PlanState.PROPOSED


def test_an_answer_whose_card_is_gone_stays_an_answer(bot: BotAtWork, alice: Person, database_url: str) -> None:
    """The worker was killed when it had put the answer below and deleted the card; its event comes again."""
    alice.says("delete 5003")
    plan_id = alice.plan_id()
    bot.meets(card_edits=False)
    event = event_of("attachmentActions", alice.presses("Confirm"))
    bot.queue.wait_for(event.data.id)
    alice.sees("Done: Deleted virtual extension 5003")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE events SET answered_at = NULL WHERE data_id = %s", [event.data.id])
        connection.execute("DELETE FROM sent_cards WHERE message_id = %s", [alice.answer["id"]])
    bot.meets(method="GET", path="/v1/attachment/actions/", status=404)
    bot.clock.pass_by(seconds=4)
    bot.queue.defer(event)
    bot.queue.wait_for(event.data.id, times=2)
    alice.sees("Done: Deleted virtual extension 5003")
    plan = bot.services.store.find_plan(plan_id)
    assert plan
    assert plan.state is PlanState.APPLIED


def test_a_press_in_a_thread_on_a_card_that_is_gone_is_answered_there(bot: BotAtWork, alice: Person) -> None:
    """As everything is."""
    alice.meets_the_bot()
    root = alice.writes("A thread")
    bot.queue.wait_for(root["id"])
    alice.says("delete 5003", parent=root)
    bot.meets(method="GET", path="/v1/attachment/actions/", status=404)
    alice.clicks("Confirm")
    alice.sees("The card with that button is not there any more.")
    assert alice.answer["parentId"] == root["id"]


def test_a_message_that_can_not_be_read_at_once_is_read_soon_after(bot: BotAtWork, alice: Person) -> None:
    """The webhook may come before the message can be read."""
    alice.meets_the_bot()
    bot.meets(method="GET", path="/v1/messages/", status=404, count=1)
    alice.says("show 5003")
    alice.sees("5003")


def test_people_who_can_not_be_looked_up_get_a_sentence(bot: BotAtWork, alice: Person) -> None:
    """Without knowing who asks, nothing is done, and that is said."""
    alice.meets_the_bot()
    bot.clock.pass_by(minutes=6)
    bot.meets(path="/v1/people", status=403)
    alice.says("show 5003")
    alice.sees("lacks a scope or an administrator role")


def test_a_reply_that_webex_refuses_for_good_is_given_up(bot: BotAtWork, alice: Person) -> None:
    """The bot was taken out of the space: the event is done with, and does not hold up those after it."""
    alice.says("extensions")
    listed = alice.answer
    bot.meets(method="PUT", path="/v1/messages/", status=403, body={"message": "Not a member."})
    alice.clicks("Next")
    assert alice.answer == listed
    bot.meets_nothing_more()
    alice.clicks("Next")
    alice.sees("11")
