from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bot.sandbox.server import SandboxServer
from bot.settings import Settings, load
from bot.webex.messaging import Messaging
from bot.webex.models import Webhook
from bot.webex.webhooks import WANTED, ensure_webhooks, find_repairs

URL = "https://bot.example.com/webex"
NAMES = tuple(f"{resource} {event}" for resource, event in WANTED)


def hook(number: int, resource: str = "messages", event: str = "created", **values: str) -> Webhook:
    right = {"name": f"extbot {resource} {event}", "target_url": URL, "secret": "s", "status": "active"}
    return Webhook(id=f"W{number}", resource=resource, event=event, **{**right, **values})


ALL = [hook(number, resource, event) for number, (resource, event) in enumerate(WANTED)]


def test_nothing_is_there_so_all_are_made() -> None:
    assert find_repairs([], URL, "s").make == WANTED


def test_all_are_right_so_nothing_is_done() -> None:
    repairs = find_repairs(ALL, URL, "s")
    assert not repairs.needed
    assert repairs.keep == tuple(ALL)


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "inactive"},
        {"secret": "older"},
        {"secret": ""},
        {"target_url": "https://older.example.com/webex"},
        {"name": "made by hand"},
    ],
)
def test_what_differs_is_mended(wrong: dict[str, str]) -> None:
    repairs = find_repairs([hook(0, **wrong), *ALL[1:]], URL, "s")
    assert [each.id for each in repairs.mend] == ["W0"]
    assert (repairs.make, repairs.remove) == ((), ())


def test_of_two_for_one_event_the_right_one_stays() -> None:
    repairs = find_repairs([hook(8, status="inactive"), *ALL, hook(9)], URL, "s")
    assert [each.id for each in repairs.remove] == ["W8", "W9"]
    assert repairs.keep == tuple(ALL)


def test_one_with_a_filter_is_made_anew() -> None:
    repairs = find_repairs([hook(0, filter="roomType=direct"), *ALL[1:]], URL, "s")
    assert [each.id for each in repairs.remove] == ["W0"]
    assert repairs.make == (("messages", "created"),)


def test_one_for_another_event_is_stale() -> None:
    repairs = find_repairs([*ALL, hook(8, event="deleted"), hook(9, resource="rooms")], URL, "s")
    assert [each.id for each in repairs.remove] == ["W8", "W9"]


def test_those_of_others_are_left_alone() -> None:
    other = hook(9, name="somebody else's", target_url="https://else.example.com/")
    assert not find_repairs([*ALL, other], URL, "s").needed


@dataclass(frozen=True)
class Registered:
    messaging: Messaging
    settings: Settings


@pytest.fixture
def registered() -> Iterator[Registered]:
    with SandboxServer() as sandbox:
        settings = load(
            {
                "WEBEX_BOT_TOKEN": "sandbox-bot",
                "WEBEX_CALLING_TOKEN": "sandbox-calling",
                "WEBEX_WEBHOOK_SECRET": "secret",
                "PUBLIC_URL": "http://127.0.0.1:9",
                "WEBEX_BASE_URL": sandbox.api_url,
            }
        )
        yield Registered(Messaging.of(settings), settings)


def test_they_are_registered_once_and_then_kept(registered: Registered) -> None:
    assert ensure_webhooks(registered.messaging, registered.settings).made == NAMES
    report = ensure_webhooks(registered.messaging, registered.settings)
    assert (report.kept, report.made, report.mended, report.removed) == (NAMES, (), (), ())
    hooks = registered.messaging.list_webhooks()
    assert {(hook.resource, hook.event, hook.target_url, hook.status) for hook in hooks} == {
        (resource, event, "http://127.0.0.1:9/webex", "active") for resource, event in WANTED
    }
    assert {hook.secret for hook in hooks} == {"secret"}


def test_they_follow_the_bot_to_another_address_and_what_is_stale_goes(registered: Registered) -> None:
    ensure_webhooks(registered.messaging, registered.settings)
    registered.messaging.create_webhook(
        "extbot rooms created", "http://127.0.0.1:9/webex", "rooms", "created", "s"
    )
    moved = registered.settings.model_copy(update={"public_url": "http://127.0.0.1:10"})
    report = ensure_webhooks(registered.messaging, moved)
    assert report.mended == NAMES
    assert report.removed == ("rooms created",)
    assert {hook.target_url for hook in registered.messaging.list_webhooks()} == {"http://127.0.0.1:10/webex"}
    assert report.lines() == [
        "Webhook messages created: mended.",
        "Webhook attachmentActions created: mended.",
        "Webhook memberships created: mended.",
        "Webhook rooms created: stale, removed.",
    ]
