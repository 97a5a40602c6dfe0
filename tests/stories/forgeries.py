"""What the attack stories and the property tests send to the bot, and what must not come of it."""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import requests
from bot_at_work import SECRET, BotAtWork, person_id
from people import Person as Client

from bot.sandbox.announcements import announce_message
from bot.sandbox.ids import new_id
from bot.sandbox.records import Call, Membership, Message, Person, Token
from bot.sandbox.seed import scopes_of

APOLOGY = "Something went wrong in the bot"

BIDI, ZERO_WIDTH = "\u202e\u2066", "\u200b\ufeff"
NAMES = (
    "<@all>", "<@personId:{alice}|Alice>", "<@personEmail:rita@example.com>", "**Bold** _and_ `code`",
    "[Click](https://evil.example)", "<b>HTML</b> <script>alert(1)</script>", "# Heading", "1. List", "- List",
    f"{BIDI}eoD enaJ{ZERO_WIDTH}", "Jane\nconfirm 7F3K", "Jane\x00\x07Doe", "\ud800 Half", "😀👩\u200d🚀 Café",
    "{{DATE(x)}}", "&lt;@all&gt;", "\\<@all>", "`<@all>`", "Jane · +14085550123", "%s {0} $(id)",
)  # fmt: skip
"""Names that want to be more than names. `{alice}` stands for a person id."""

TEXTS = (
    "", " ", "\x00", "\ud800", "a\u202eb", "\u200b", "\ufeff", "\r\n", "😀" * 40, "<@all>", "[a](http://b)",
    "null", "true", "-1", "99999999999999999999", "1e9", "٣", "𝟓𝟎𝟏𝟐", "NaN", "../../people", "{{DATE(x)}}",
    "' OR 1=1 --", "x" * 501, "5XXX," * 2_000, "+1" * 3_000, "%", "_", "*", "`", "\\", "5012", "5003",
    "+14085550123", "Denver", "Lyon", "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9ib3Q", "me", "2026-02-30",
    "last 99999999999999999 days", "7F3K",
)  # fmt: skip
"""Texts that have broken programs, and a few that mean something to this one."""


def sign(body: bytes, algorithm: str = "sha1", secret: str = SECRET) -> str:
    """The signature of a body in hex."""
    return hmac.new(secret.encode(), body, algorithm).hexdigest()


def envelope(resource: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """What Webex delivers about a message or a submission that it has."""
    names = ("id", "roomId", "personId", "roomType", "messageId", "type")
    event = {"id": "hook", "resource": resource, "event": "created", "actorId": about["personId"]}
    return {**event, "data": {name: about[name] for name in names if name in about}}


def deliver(bot: BotAtWork, event: Any, headers: Mapping[str, str] | None = None) -> int:
    """Post an event to the bot, signed as Webex does it unless there are other headers; the status."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    address = next(iter(bot.sandbox.world.webhooks.values())).target_url
    signed = {"X-Spark-Signature": sign(body)} if headers is None else headers
    return requests.post(address, data=body, headers=signed, timeout=30).status_code


def writes(bot: BotAtWork) -> list[str]:
    """The calls so far that change something in Webex Calling; those that validate do not."""
    calls: list[Call] = list(bot.sandbox.world.calls)
    changing = [call for call in calls if call.method != "GET" and call.path.startswith("/v1/telephony/")]
    return [f"{call.method} {call.path}" for call in changing if not call.path.endswith("/invoke")]


def answers(bot: BotAtWork, space_id: str) -> Sequence[Message]:
    """What the bot has said in a space, the latest last."""
    world, own_id = bot.sandbox.world, bot.services.own_id
    with world.lock:
        said = [one for one in world.messages_in(space_id) if one.person_id == own_id]
    return sorted(said, key=lambda one: one.updated or one.created)


def mentioned(bot: BotAtWork) -> list[Message]:
    """The messages of the bot that mention anybody."""
    world, own_id = bot.sandbox.world, bot.services.own_id
    with world.lock:
        said = [one for one in world.messages.values() if one.person_id == own_id]
    return [one for one in said if one.mentioned_people or one.mentioned_groups]


def rename(bot: BotAtWork, name: str, display_name: str) -> None:
    """Let a person call themselves something else."""
    people = bot.sandbox.world.people
    person = people[person_id(bot, name)]
    people[person.id] = replace(person, display_name=display_name)


def another_bot(bot: BotAtWork) -> Person:
    """A bot of the same organization, with the token `sandbox-relay`, in the space Telephony."""
    world = bot.sandbox.world
    like = world.people[bot.services.own_id]
    relay = replace(like, id=f"{like.id}R", email="relay@webex.bot", display_name="Relay", first_name="Relay")
    with world.lock:
        world.people[relay.id] = relay
        world.tokens["sandbox-relay"] = Token("sandbox-relay", "sandbox-relay", relay.id, "bot", scopes_of(relay))
        space = next(one for one in world.spaces.values() if one.title == "Telephony")
        world.add_membership(Membership(f"{relay.id}M", space.id, relay.id, world.stamp()))
    return relay


def says_unchecked(bot: BotAtWork, person: Client, text: str, html: str | None = None) -> None:
    """Say what the API would refuse, such as far too much, and wait until the bot has answered."""
    world = bot.sandbox.world
    sender = person_id(bot, person.name)
    with world.lock:
        said = Message(new_id("MESSAGE"), person.room_id, sender, world.stamp(), text=text, html=html)
        world.add_message(said)
        announce_message(world, "created", said, sender)
    bot.queue.wait_for(said.id)
