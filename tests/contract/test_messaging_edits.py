"""Editing messages and their cards."""

from typing import Any

import pytest
from account import Account

CARD = {
    "contentType": "application/vnd.microsoft.card.adaptive",
    "content": {"type": "AdaptiveCard", "version": "1.3", "body": [{"type": "TextBlock", "text": "one"}]},
}
OTHER = CARD | {"content": {"type": "AdaptiveCard", "version": "1.3", "body": []}}
BOT = "extensions@webex.bot"


def test_an_edit_changes_the_words_and_marks_the_message(alice: Account) -> None:
    message = alice.says(alice.group(), "befor")
    edited = alice.put(f"/messages/{message['id']}", roomId=message["roomId"], markdown="**before**")
    assert edited.status_code == 200
    assert edited.json()["html"] == "<p><strong>before</strong></p>"
    assert edited.json()["updated"] > message["created"]
    assert alice.get(f"/messages/{message['id']}").json() == edited.json()


def test_a_message_is_edited_at_most_ten_times(alice: Account) -> None:
    message = alice.says(alice.group(), "0")
    answers = [
        alice.put(f"/messages/{message['id']}", roomId=message["roomId"], text=str(number)).status_code
        for number in range(11)
    ]
    assert answers == [200] * 10 + [400]


@pytest.mark.parametrize("body", [{"text": "no room"}, {"roomId": "its"}, {"roomId": "its", "html": "<p>x</p>"}])
def test_an_edit_needs_the_room_and_new_words(alice: Account, body: dict[str, str]) -> None:
    message = alice.says(alice.group(), "x")
    fields = body | ({"roomId": message["roomId"]} if "roomId" in body else {})
    assert alice.put(f"/messages/{message['id']}", **fields).status_code == 400


def test_only_the_author_edits(alice: Account, nina: Account) -> None:
    message = alice.says(alice.group(), "x")
    answer = nina.put(f"/messages/{message['id']}", roomId=message["roomId"], text="y")
    assert answer.status_code == 403


def test_a_card_is_replaced_by_an_edit_with_attachments(alice: Account) -> None:
    message = alice.says(alice.group(), "card", attachments=[CARD])
    assert message["attachments"] == [CARD]
    edited = _edit(alice, message, attachments=[OTHER])
    assert edited.json()["attachments"] == [OTHER]
    assert "attachments" not in _edit(alice, message, attachments=[]).json()


def test_a_card_is_not_edited_without_attachments_nor_by_the_book(alice: Account, control: Account) -> None:
    message = alice.says(alice.group(), "card", attachments=[CARD])
    assert _edit(alice, message).status_code == 400
    control.post("/faults", cardEdits=False)
    refused = _edit(alice, message, attachments=[OTHER])
    assert (refused.status_code, refused.json()["message"]) == (
        400,
        "A message with files or attachments can't be edited.",
    )
    control.delete("/faults")
    assert _edit(alice, message, attachments=[OTHER]).status_code == 200


@pytest.mark.parametrize(
    "attachments",
    [
        [CARD, OTHER],
        [CARD | {"contentType": "application/json"}],
        [{"contentType": CARD["contentType"]}],
        [CARD | {"content": {"type": "Card"}}],
        ["card"],
        "card",
    ],
)
def test_a_message_has_one_adaptive_card(alice: Account, attachments: Any) -> None:
    assert alice.post("/messages", toPersonEmail=BOT, text="x", attachments=attachments).status_code == 400


def _edit(author: Account, message: dict[str, Any], **fields: Any) -> Any:
    return author.put(f"/messages/{message['id']}", roomId=message["roomId"], markdown="new", **fields)
