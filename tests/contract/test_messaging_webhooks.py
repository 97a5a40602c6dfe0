"""Webhooks: registration, signed delivery, filters, and disabling after too many failures."""

import hashlib
import hmac
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Event
from time import monotonic
from typing import Any

import pytest
from account import Account, Json
from receiver import Receiver

from bot.sandbox.server import SandboxServer

MENTION = "<@personEmail:extensions@webex.bot|Extensions>"
BOT = "extensions@webex.bot"


def hook(
    owner: Account, receiver: Receiver, resource: str = "messages", event: str = "created", **more: str
) -> Json:
    body = {"name": "w", "targetUrl": receiver.url, "resource": resource, "event": event} | more
    answer = owner.post("/webhooks", **body)
    assert answer.status_code == 200, answer.text
    registered: Json = answer.json()
    return registered


def test_a_registration_comes_back_with_its_secret(bot: Account, receiver: Receiver) -> None:
    registered = hook(bot, receiver, secret="s3cret", filter="roomType=direct")
    assert registered["secret"] == "s3cret"
    assert registered["status"] == "active"
    assert registered["ownedBy"] == "creator"
    assert bot.get(f"/webhooks/{registered['id']}").json() == registered
    assert bot.get("/webhooks").json() == {"items": [registered]}


def test_webhooks_are_their_owners_alone(alice: Account, bot: Account, receiver: Receiver) -> None:
    registered = hook(bot, receiver)
    assert alice.get("/webhooks").json() == {"items": []}
    assert alice.get(f"/webhooks/{registered['id']}").status_code == 404
    assert alice.delete(f"/webhooks/{registered['id']}").status_code == 404
    assert bot.delete(f"/webhooks/{registered['id']}").status_code == 204
    assert bot.get(f"/webhooks/{registered['id']}").status_code == 404


def test_webhooks_come_in_pages(bot: Account, receiver: Receiver) -> None:
    for _ in range(3):
        hook(bot, receiver)
    first = bot.get("/webhooks", max=2)
    rest = bot.get(first.links["next"]["url"])
    assert (len(first.json()["items"]), len(rest.json()["items"]), rest.links) == (2, 1, {})


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"targetUrl": "somewhere"},
        {"resource": "weather"},
        {"event": "exploded"},
        {"filter": "colour=red"},
        {"filter": "roomId=unknown"},
        {"ownedBy": "nobody"},
    ],
)
def test_refuses_what_is_no_registration(bot: Account, change: dict[str, str]) -> None:
    body = {"name": "w", "targetUrl": "http://127.0.0.1:9", "resource": "messages", "event": "created"} | change
    assert bot.post("/webhooks", **body).status_code == 400


def test_an_update_needs_name_and_target_and_can_only_enable(bot: Account, receiver: Receiver) -> None:
    path = f"/webhooks/{hook(bot, receiver)['id']}"
    assert bot.put(path, name="new").status_code == 400
    assert bot.put(path, name="new", targetUrl=receiver.url, status="inactive").status_code == 400
    changed = bot.put(path, name="new", targetUrl=receiver.url, secret="s", event="deleted").json()
    assert (changed["name"], changed["secret"], changed["event"]) == ("new", "s", "created")


def test_only_a_full_administrator_hooks_the_organization(
    alice: Account, bot: Account, receiver: Receiver
) -> None:
    body = {"name": "w", "targetUrl": receiver.url, "resource": "messages", "event": "created", "ownedBy": "org"}
    assert bot.post("/webhooks", **body).status_code == 403
    assert alice.post("/webhooks", **body).json()["ownedBy"] == "org"


def test_a_delivery_says_what_happened_and_never_the_words(
    alice: Account, bot: Account, receiver: Receiver
) -> None:
    registered = hook(bot, receiver)
    message = alice.writes_to(BOT, "show 5012")
    told = receiver.next().json
    assert {name: told[name] for name in ("id", "resource", "event", "status")} == {
        "id": registered["id"],
        "resource": "messages",
        "event": "created",
        "status": "active",
    }
    assert (told["actorId"], told["createdBy"]) == (alice.me()["id"], bot.me()["id"])
    assert told["orgId"] == bot.me()["orgId"]
    wanted = ("id", "roomId", "roomType", "personId", "personEmail", "created")
    assert told["data"] == {name: message[name] for name in wanted}


def test_a_delivery_is_signed_over_its_bytes(alice: Account, bot: Account, receiver: Receiver) -> None:
    hook(bot, receiver, secret="s3cret")
    alice.writes_to(BOT, "señor")
    told = receiver.next()
    sha1, sha256, sha512 = (
        hmac.new(b"s3cret", told.body, digest).hexdigest()
        for digest in (hashlib.sha1, hashlib.sha256, hashlib.sha512)
    )
    assert told.headers["X-Spark-Signature"] == sha1
    assert told.headers["X-Webex-Signature"] == f"SHA-256={sha256}, SHA-512={sha512}"
    assert b"s3cret" not in told.body


def test_without_a_secret_there_is_no_signature(alice: Account, bot: Account, receiver: Receiver) -> None:
    hook(bot, receiver)
    alice.writes_to(BOT, "hello")
    assert not {"X-Spark-Signature", "X-Webex-Signature"} & receiver.next().headers.keys()


def test_a_bot_hears_of_a_group_only_when_mentioned(alice: Account, bot: Account, receiver: Receiver) -> None:
    hook(bot, receiver)
    room = alice.group()
    alice.says(room, "between us")
    asked = alice.says(room, f"{MENTION} help")
    own = bot.says(room, "Here is help.")
    assert [receiver.next().json["data"]["id"] for _ in range(2)] == [asked["id"], own["id"]]


@pytest.mark.parametrize(
    "filters",
    [
        "roomType=group",
        "personEmail=alice@example.com&roomType=group",
        "mentionedPeople=me",
        "hasFiles=false&hasAttachments=false&roomType=group",
    ],
)
def test_filters_choose_events(filters: str, alice: Account, bot: Account, receiver: Receiver) -> None:
    hook(bot, receiver, filter=filters)
    alice.writes_to(BOT, "direct")
    asked = alice.says(alice.group(), f"{MENTION} help")
    assert receiver.next().json["data"]["id"] == asked["id"]


def test_edits_and_deletions_are_told(alice: Account, bot: Account, receiver: Receiver) -> None:
    hook(bot, receiver, event="all")
    message = alice.writes_to(BOT, "x")
    alice.put(f"/messages/{message['id']}", roomId=message["roomId"], text="y")
    alice.delete(f"/messages/{message['id']}")
    assert receiver.next_of(3) == ["messages/created", "messages/updated", "messages/deleted"]


def test_the_firehose_has_rooms_memberships_and_messages(alice: Account, receiver: Receiver) -> None:
    hook(alice, receiver, resource="all", event="all")
    room = alice.post("/rooms", title="Project").json()["id"]
    membership = alice.post("/memberships", roomId=room, personEmail="nina@example.com").json()["id"]
    alice.says(room, "welcome")
    alice.put(f"/rooms/{room}", title="Project 2")
    alice.delete(f"/memberships/{membership}")
    assert receiver.next_of(6) == [
        "memberships/created",
        "rooms/created",
        "memberships/created",
        "messages/created",
        "rooms/updated",
        "memberships/deleted",
    ]


def test_the_first_message_of_two_people_opens_their_room(
    alice: Account, bot: Account, receiver: Receiver
) -> None:
    hook(bot, receiver, resource="all", event="all")
    alice.writes_to(BOT, "hello")
    alice.writes_to(BOT, "hello again")
    opened = ["memberships/created", "rooms/created"]
    assert receiver.next_of(4) == [*opened, "messages/created", "messages/created"]


def test_the_bot_hears_that_it_was_added(alice: Account, bot: Account, receiver: Receiver) -> None:
    hook(bot, receiver, resource="memberships")
    room = alice.post("/rooms", title="Project").json()["id"]
    membership = alice.post("/memberships", roomId=room, personEmail=BOT).json()
    assert receiver.next().json["data"] == membership


def test_deliveries_of_a_webhook_keep_their_order(alice: Account, bot: Account, receiver: Receiver) -> None:
    hook(bot, receiver)
    sent = [alice.writes_to(BOT, str(number))["id"] for number in range(20)]
    assert [receiver.next().json["data"]["id"] for _ in range(20)] == sent


class _Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


class TestDisabling:
    """Each test has a clock of its own: `clock.time` moves it."""

    @pytest.fixture
    def clock(self) -> _Clock:
        return _Clock()

    @pytest.fixture
    def sandbox(self, clock: _Clock) -> Iterator[SandboxServer]:
        with SandboxServer(clock=clock) as server:
            yield server

    def test_a_hundred_failures_in_five_minutes_disable(
        self, alice: Account, bot: Account, receiver: Receiver
    ) -> None:
        path = self._failing(bot, receiver)
        self._fail(alice, receiver, 99)
        assert bot.get(path).json()["status"] == "active"
        self._fail(alice, receiver, 1)
        assert self._becomes_inactive(bot, path)

    def test_failures_older_than_five_minutes_do_not_count(
        self, alice: Account, bot: Account, receiver: Receiver, clock: _Clock
    ) -> None:
        path = self._failing(bot, receiver)
        self._fail(alice, receiver, 99)
        clock.time += timedelta(minutes=6)
        self._fail(alice, receiver, 2)
        assert bot.get(path).json()["status"] == "active"

    def test_enabled_again_at_once_a_single_failure_disables(
        self, alice: Account, bot: Account, receiver: Receiver, clock: _Clock
    ) -> None:
        path = self._failing(bot, receiver)
        self._fail(alice, receiver, 100)
        assert self._becomes_inactive(bot, path)
        clock.time += timedelta(minutes=4)
        assert self._enable(bot, receiver, path) == "active"
        self._fail(alice, receiver, 1)
        assert self._becomes_inactive(bot, path)

    def test_enabled_again_later_it_takes_a_hundred_again(
        self, alice: Account, bot: Account, receiver: Receiver, clock: _Clock
    ) -> None:
        path = self._failing(bot, receiver)
        self._fail(alice, receiver, 100)
        assert self._becomes_inactive(bot, path)
        clock.time += timedelta(minutes=6)
        assert self._enable(bot, receiver, path) == "active"
        self._fail(alice, receiver, 2)
        assert bot.get(path).json()["status"] == "active"

    def _failing(self, bot: Account, receiver: Receiver) -> str:
        receiver.status = 503
        return f"/webhooks/{hook(bot, receiver)['id']}"

    def _fail(self, alice: Account, receiver: Receiver, times: int) -> None:
        for number in range(times):
            alice.writes_to(BOT, str(number))
        for _ in range(times):
            receiver.next()

    def _enable(self, bot: Account, receiver: Receiver, path: str) -> Any:
        return bot.put(path, name="w", targetUrl=receiver.url, status="active").json()["status"]

    def _becomes_inactive(self, bot: Account, path: str) -> bool:
        # The last failure is counted a moment after the receiver answered.
        end = monotonic() + 5
        while monotonic() < end and bot.get(path).json()["status"] == "active":
            Event().wait(0.005)
        return bool(bot.get(path).json()["status"] == "inactive")
