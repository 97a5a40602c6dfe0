"""The webhooks are mended one by one: what Webex refuses about one of them is no harm to the others."""

import re
from dataclasses import replace
from typing import Any

import pytest
from bot_at_work import BotAtWork
from people import Person
from sqlalchemy import Engine
from test_catching_up import heals, writes_unheard

from bot.sandbox.ids import new_id
from bot.sandbox.representations import webhook_json
from bot.tables import budgets
from bot.webex.messaging import Messaging
from bot.webex.webhooks import WANTED, ensure_webhooks

ELSEWHERE = "http://127.0.0.1:9/webex"


def noted(bot: BotAtWork) -> str:
    """What `/ready` says of the webhooks."""
    return str(bot.services.store.observations.find("webhooks"))


def active(bot: BotAtWork) -> list[tuple[str, str]]:
    """What the bot hears of."""
    hooks = list(bot.sandbox.world.webhooks.values())
    return [(one.resource, one.event) for one in hooks if one.status == "active" and one.target_url != ELSEWHERE]


def leaves_a_stale_one(bot: BotAtWork) -> None:
    """As of an earlier address."""
    webhooks = bot.sandbox.world.webhooks
    stale = replace(next(iter(webhooks.values())), id=new_id("WEBHOOK"), name="extbot old", target_url=ELSEWHERE)
    webhooks[stale.id] = stale


def loses(bot: BotAtWork, resource: str) -> None:
    """Somebody has deleted the webhook."""
    webhooks = bot.sandbox.world.webhooks
    for one in list(webhooks.values()):
        if one.resource == resource:
            del webhooks[one.id]


@pytest.mark.parametrize("status", [403, 500])
def test_a_stale_one_that_stays_is_no_harm_to_the_others(bot: BotAtWork, alice: Person, status: int) -> None:
    """They are mended, what they did not tell of is answered, and `/ready` says what is left to be done."""
    alice.meets_the_bot()
    leaves_a_stale_one(bot)
    loses(bot, "memberships")
    missed = writes_unheard(bot, alice, "show 5003")
    bot.meets(method="DELETE", path="/v1/webhooks", status=status)
    heals(bot)
    bot.queue.wait_for(missed)
    assert sorted(active(bot)) == sorted(WANTED)
    assert f"DELETE /webhooks/{{id}}: {status}" in noted(bot)
    bot.meets_nothing_more()
    heals(bot)
    assert noted(bot) == "ok"


def test_one_that_cannot_be_registered_is_no_harm_to_the_others(bot: BotAtWork, alice: Person) -> None:
    """What is written is answered, also what is written later."""
    alice.meets_the_bot()
    loses(bot, "messages")
    bot.meets(method="POST", path="/v1/webhooks", status=409)
    for question in ("show 5003", "show 5004"):
        missed = writes_unheard(bot, alice, question)
        heals(bot)
        bot.queue.wait_for(missed)
        assert sorted(active(bot)) == sorted(WANTED[1:])
        assert "POST /webhooks: 409" in noted(bot)


@pytest.mark.parametrize("fault", [{"status": 409}, {"status": 400}, {"status": 403}])
def test_one_that_may_not_be_changed_is_made_anew(bot: BotAtWork, alice: Person, fault: dict[str, Any]) -> None:
    """It would stay inactive for good."""
    alice.meets_the_bot()
    missed = writes_unheard(bot, alice, "show 5003")
    bot.meets(method="PUT", path="/v1/webhooks", **fault)
    heals(bot)
    bot.queue.wait_for(missed)
    assert sorted(active(bot)) == sorted(WANTED)
    assert len(bot.sandbox.world.webhooks) == len(WANTED)
    assert noted(bot) == "ok"
    alice.says("show 5001 at Denver")
    alice.sees("Front Range Couriers")


def test_one_that_webex_fails_to_change_stays(bot: BotAtWork, alice: Person) -> None:
    """Nothing is wrong with it, and a later check mends it."""
    alice.meets_the_bot()
    there = set(bot.sandbox.world.webhooks)
    missed = writes_unheard(bot, alice, "show 5003")
    bot.meets(method="PUT", path="/v1/webhooks", status=502, count=1)
    heals(bot)
    bot.queue.wait_for(missed)
    assert len(active(bot)) == len(WANTED) - 1
    assert "PUT /webhooks/{id}: 502" in noted(bot)
    heals(bot)
    assert sorted(active(bot)) == sorted(WANTED)
    assert set(bot.sandbox.world.webhooks) == there


def test_nobody_goes_on_asking_webex_with_a_token_that_is_not_valid(bot: BotAtWork) -> None:
    """Nor while it wants a pause: that holds for all calls."""
    bot.disable_webhooks()
    bot.meets(method="PUT", path="/v1/webhooks", status=401)
    before = len(bot.sandbox.world.calls)
    heals(bot)
    asked = [call.method for call in list(bot.sandbox.world.calls)[before:] if "/webhooks" in call.path]
    assert asked == ["GET", "PUT"]
    assert "PUT /webhooks/{id}: 401" in noted(bot)


def test_a_pause_that_webex_wants_is_called_one(bot: BotAtWork, alice: Person, forgetting: Engine) -> None:
    """Nothing is asked meanwhile, so that there can't have been an answer. After it all is as usual."""
    alice.meets_the_bot()
    missed = writes_unheard(bot, alice, "show 5003")
    bot.meets(method="GET", path="/v1/webhooks", status=429, headers={"Retry-After": "600"}, count=1)
    heals(bot)
    assert "GET /webhooks: 429" in noted(bot)
    before = len(bot.sandbox.world.calls)
    heals(bot)
    assert len(bot.sandbox.world.calls) == before
    said = re.fullmatch(r"Webex has asked .* \(GET /webhooks: held back for (\d+) more seconds\)", noted(bot))
    assert said
    assert 500 < int(said[1]) <= 600
    with forgetting.connect() as connection:
        connection.execute(budgets.delete())
    heals(bot)
    bot.queue.wait_for(missed)
    assert noted(bot) == "ok"


def test_secrets_that_webex_does_not_show_are_given_once(
    bot: BotAtWork, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By each process: else every check would change all webhooks, and look for what was missed."""
    alice.meets_the_bot()
    heals(bot)
    monkeypatch.setattr(
        "bot.sandbox.webhooks.webhook_json", lambda *given: {**webhook_json(*given), "secret": None}
    )
    before = len(bot.sandbox.world.calls)
    heals(bot)
    assert [call.path for call in list(bot.sandbox.world.calls)[before:]] == ["/v1/webhooks"]
    another = Messaging.of(bot.settings)
    assert len(ensure_webhooks(another, bot.settings).mended) == len(WANTED)
    assert len(ensure_webhooks(another, bot.settings).kept) == len(WANTED)
    bot.disable_webhooks()
    assert len(ensure_webhooks(another, bot.settings).mended) == len(WANTED)
    alice.says("show 5001 at Denver")
    alice.sees("Front Range Couriers")
