"""Which events a webhook may ask for, and which events it hears of."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from bot.sandbox.http import ApiError
from bot.sandbox.records import Webhook
from bot.sandbox.world import Event, World

_EVENTS = frozenset({"created", "updated", "deleted", "migrated", "started", "ended", "joined", "left", "all"})
_PEOPLE_AND_ROOM = frozenset({"roomId", "personId", "personEmail"})
_FILTERS: Mapping[str, frozenset[str]] = {
    "messages": _PEOPLE_AND_ROOM | {"roomType", "mentionedPeople", "hasFiles", "hasAttachments"},
    "memberships": _PEOPLE_AND_ROOM | {"isModerator"},
    "rooms": frozenset({"type", "isLocked"}),
    # A Cisco sample of 2026 says that filters do not work here; the guide lists these.
    "attachmentActions": frozenset({"messageId", "personId", "roomId"}),
    "all": frozenset(),
}
_READ_SCOPES = {
    "messages": "spark:messages_read",
    "attachmentActions": "spark:messages_read",
    "memberships": "spark:memberships_read",
    "rooms": "spark:rooms_read",
    "all": "spark:messages_read",
}


def read_scope(resource: str) -> str:
    """Return the scope that a webhook on this resource needs.

    Raises ApiError 400 where there is no such resource.
    """
    if resource not in _READ_SCOPES:
        raise ApiError(400, f"resource: {resource} is not a resource that webhooks can have.")
    return _READ_SCOPES[resource]


def check_subscription(world: World, owner_id: str, resource: str, event: str, filters: str | None) -> None:
    """Check that a webhook on this resource may have this event and these filters.

    Raises ApiError 400 where the event, the name of a filter, or its value is not possible.
    """
    if event not in _EVENTS:
        raise ApiError(400, f"event: {event} is not an event that webhooks can have.")
    for name, value in parse_qsl(filters or "", keep_blank_values=True):
        if name not in _FILTERS[resource]:
            raise ApiError(400, f"invalid filter: {name}")
        if name == "roomId" and not world.membership_of(owner_id, value):
            raise ApiError(400, "invalid value for filter: roomId")


def hears(webhook: Webhook, event: Event) -> bool:
    """Say whether the webhook is to be told of the event."""
    return (
        webhook.status == "active"
        and webhook.owner_id in event.witnesses
        and webhook.event in ("all", event.name)
        and _covers(webhook.resource, event.resource)
        and _passes(webhook, event)
    )


def _covers(asked: str, resource: str) -> bool:
    # "The firehose": all messages, memberships and rooms, but never attachment actions (Webhooks guide).
    return asked == resource or (asked == "all" and resource != "attachmentActions")


def _passes(webhook: Webhook, event: Event) -> bool:
    return all(
        (webhook.owner_id if value == "me" else value) in event.facts.get(name, ())
        for name, value in parse_qsl(webhook.filter or "")
    )
