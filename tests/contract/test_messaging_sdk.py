"""webexteamssdk, unchanged, against the sandbox: every group of calls that it has for messaging."""

from pathlib import Path

import pytest
from account import Account
from receiver import Receiver
from webexteamssdk import ApiError, RateLimitError, WebexTeamsAPI

from bot.sandbox.seed import CLIENT_SECRET
from bot.sandbox.server import SandboxServer

CARD = {
    "contentType": "application/vnd.microsoft.card.adaptive",
    "content": {"type": "AdaptiveCard", "version": "1.3", "body": []},
}
BOT = "extensions@webex.bot"


def sdk(sandbox: SandboxServer, token: str) -> WebexTeamsAPI:
    # Without the slash at the end the SDK loses /v1.
    return WebexTeamsAPI(token, base_url=f"{sandbox.api_url}/", wait_on_rate_limit=False)


def test_messages_in_every_way(sandbox: SandboxServer, tmp_path: Path) -> None:
    alice, bot = sdk(sandbox, "sandbox-alice"), sdk(sandbox, "sandbox-bot")
    plan = tmp_path / "plan.csv"
    plan.write_text("5012,Jane\n")
    first = alice.messages.create(toPersonEmail=BOT, markdown="**hello**")
    file = alice.messages.create(first.roomId, text="the plan", files=[str(plan)])
    reply = bot.messages.create(first.roomId, parentId=first.id, text="hello yourself")
    edited = bot.messages.edit(reply.id, first.roomId, text="hello again")
    alice.messages.delete(file.id)
    assert bot.messages.get(first.id).html == "<p><strong>hello</strong></p>"
    assert (edited.parentId, edited.text) == (first.id, "hello again")
    assert [message.id for message in alice.messages.list(first.roomId)] == [reply.id, first.id]
    assert [message.id for message in alice.messages.list_direct(personEmail=BOT)] == [reply.id, first.id]


@pytest.mark.parametrize("size", [1, 3, 100])
def test_follows_the_pages_of_a_list(sandbox: SandboxServer, size: int) -> None:
    alice = sdk(sandbox, "sandbox-alice")
    room = alice.rooms.create("Project").id
    sent = [alice.messages.create(room, text=str(number)).id for number in range(7)]
    assert [message.id for message in alice.messages.list(room, max=size)] == sent[::-1]
    older = alice.messages.list(room, beforeMessage=sent[5], max=size)
    assert [message.id for message in older] == sent[4::-1]


def test_rooms_and_memberships(sandbox: SandboxServer) -> None:
    alice = sdk(sandbox, "sandbox-alice")
    room = alice.rooms.create("Project")
    alice.rooms.update(room.id, title="Project 2")
    membership = alice.memberships.create(room.id, personEmail="nina@example.com")
    alice.memberships.update(membership.id, isModerator=True)
    assert alice.rooms.get(room.id).title == "Project 2"
    assert {found.title for found in alice.rooms.list(type="group", max=1)} == {"Project 2", "Telephony"}
    assert alice.memberships.get(membership.id).isModerator is True
    alice.memberships.delete(membership.id)
    assert [member.personDisplayName for member in alice.memberships.list(room.id, max=1)] == ["Alice Martin"]
    alice.rooms.delete(room.id)


def test_people_and_roles(sandbox: SandboxServer) -> None:
    app, bot = sdk(sandbox, "sandbox-calling"), sdk(sandbox, "sandbox-bot")
    alice = next(iter(bot.people.list(email="alice@example.com")))
    assert bot.people.me().type == "bot"
    assert app.people.get(alice.id).roles == [next(iter(app.roles.list())).id]
    assert app.roles.get(app.people.get(alice.id).roles[0]).name == "Full Administrator"


def test_webhooks_and_cards(sandbox: SandboxServer, receiver: Receiver) -> None:
    alice, bot = sdk(sandbox, "sandbox-alice"), sdk(sandbox, "sandbox-bot")
    webhook = bot.webhooks.create("w", receiver.url, "attachmentActions", "created", secret="s")
    bot.webhooks.update(webhook.id, name="w2", targetUrl=receiver.url, status="active", secret="t")
    card = bot.messages.create(toPersonEmail="alice@example.com", text="a card", attachments=[CARD])
    alice.attachment_actions.create(type="submit", messageId=card.id, inputs={"target": "5012"})
    told = receiver.next().json["data"]
    assert bot.attachment_actions.get(told["id"]).inputs == {"target": "5012"}
    assert [(found.name, found.secret) for found in bot.webhooks.list(max=1)] == [("w2", "t")]
    bot.webhooks.delete(webhook.id)
    assert list(bot.webhooks.list()) == []


def test_tokens(sandbox: SandboxServer) -> None:
    alice = sdk(sandbox, "sandbox-alice")
    assert alice.access_tokens.refresh("C1", CLIENT_SECRET, "sandbox-refresh").access_token
    assert alice.access_tokens.get("C1", CLIENT_SECRET, "sandbox-code", "http://127.0.0.1").refresh_token


def test_errors_carry_message_and_tracking_id(sandbox: SandboxServer, control: Account) -> None:
    bot = sdk(sandbox, "sandbox-bot")
    with pytest.raises(ApiError, match=r"\[404\] .*Unable to get message.*\[Tracking ID: ROUTER_"):
        bot.messages.get("unknown")
    control.post("/faults", status=429, headers={"Retry-After": "7"}, count=1)
    with pytest.raises(RateLimitError) as raised:
        bot.people.me()
    assert raised.value.retry_after == 7
