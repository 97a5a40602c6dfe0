"""Attachment actions: pressing a card's button, and who may read what was pressed."""

from typing import Any

import pytest
from account import Account, Json
from receiver import Receiver

CARD = {
    "contentType": "application/vnd.microsoft.card.adaptive",
    "content": {"type": "AdaptiveCard", "version": "1.3", "body": []},
}


@pytest.fixture
def card(bot: Account) -> Json:
    """A card that the bot posted to the group."""
    return bot.says(bot.group(), "A card: type help to go on without it.", attachments=[CARD])


def test_who_posted_the_card_reads_the_action(bot: Account, nina: Account, card: Json) -> None:
    # The person sees the bot's card although the bot would not see the person's message.
    inputs = {"command": "extensions.show", "target": "5012"}
    pressed = _press(nina, card, inputs)
    assert pressed.status_code == 200
    read = bot.get(f"/attachment/actions/{pressed.json()['id']}")
    assert read.json() == pressed.json()
    assert read.json() | {"id": "", "created": ""} == {
        "id": "",
        "type": "submit",
        "messageId": card["id"],
        "personId": nina.me()["id"],
        "roomId": card["roomId"],
        "created": "",
        "inputs": inputs,
    }


def test_nobody_else_reads_the_action(alice: Account, nina: Account, app: Account, card: Json) -> None:
    action = _press(nina, card, {}).json()["id"]
    assert nina.get(f"/attachment/actions/{action}").status_code == 404
    assert alice.get(f"/attachment/actions/{action}").status_code == 404
    assert app.get(f"/attachment/actions/{action}").status_code == 403


def test_every_press_is_an_action_of_its_own(nina: Account, card: Json) -> None:
    assert _press(nina, card, {}).json()["id"] != _press(nina, card, {}).json()["id"]


def test_who_is_not_in_the_space_can_not_press(oscar: Account, card: Json) -> None:
    assert _press(oscar, card, {}).status_code == 404


@pytest.mark.parametrize("change", [{"type": "press"}, {"inputs": "5012"}, {"inputs": ["5012"]}])
def test_refuses_what_is_no_press(nina: Account, card: Json, change: dict[str, Any]) -> None:
    body = {"type": "submit", "messageId": card["id"], "inputs": {}} | change
    assert nina.post("/attachment/actions", **body).status_code == 400


def test_a_message_without_a_card_has_no_buttons(alice: Account, nina: Account) -> None:
    message = alice.says(alice.group(), "no card")
    assert _press(nina, message, {}).status_code == 400
    assert nina.post("/attachment/actions", type="submit", messageId="unknown").status_code == 404


def test_the_webhook_of_a_press_has_no_inputs(bot: Account, nina: Account, card: Json, receiver: Receiver) -> None:
    body = {"name": "actions", "targetUrl": receiver.url, "resource": "attachmentActions", "event": "created"}
    assert bot.post("/webhooks", **body).status_code == 200
    pressed = _press(nina, card, {"target": "5012"}).json()
    told = receiver.next().json
    assert told["data"] == {name: value for name, value in pressed.items() if name != "inputs"}
    assert told["actorId"] == nina.me()["id"]


def _press(who: Account, card: Json, inputs: dict[str, str]) -> Any:
    return who.post("/attachment/actions", type="submit", messageId=card["id"], inputs=inputs)
