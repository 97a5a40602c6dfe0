"""Records as the JSON objects of the API."""

from datetime import UTC, datetime
from typing import Any

from bot.sandbox.ids import tail_of
from bot.sandbox.records import Membership, Message, Person, Space, Submission, Webhook
from bot.sandbox.world import World

_SCIM_EXTENSION = "urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
_CALLING_LICENSE = "Y2lzY29zcGFyazovL3VzL0xJQ0VOU0UvY2FsbGluZw"


def instant(time: datetime) -> str:
    """Return a time as the API writes it: `2026-11-24T09:30:00.000Z`."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def person_json(person: Person) -> dict[str, Any]:
    """Return the profile that everybody sees."""
    return {
        "id": person.id,
        "emails": [person.email],
        "displayName": person.display_name,
        "nickName": person.first_name,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "orgId": person.org_id,
        "created": instant(person.created),
        "type": person.type,
    }


def person_for_admin_json(person: Person) -> dict[str, Any]:
    """Return the profile that administrators of the person's organization see. GET /people/{personId}"""
    return person_json(person) | {
        "roles": sorted(role.id for role in person.roles),
        "licenses": [_CALLING_LICENSE],
        "lastModified": instant(person.created),
        "status": "active",
        "invitePending": False,
        "loginEnabled": True,
    }


def scim_user_json(person: Person) -> dict[str, Any]:
    """Return a user as SCIM has them, with bare UUIDs: locations are groups that somebody manages."""
    organization = tail_of(person.org_id)
    managed = [
        {"orgId": organization, "groupId": tail_of(location_id), "role": "location_full_admin"}
        for location_id in sorted(person.location_ids)
    ]
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", _SCIM_EXTENSION],
        "id": tail_of(person.id),
        "userName": person.email,
        "active": True,
        "displayName": person.display_name,
        _SCIM_EXTENSION: {"managedGroups": managed} if managed else {},
    }


def space_json(world: World, space: Space, reader_id: str) -> dict[str, Any]:
    """Return a room as the reader sees it: a 1:1 has the other person's name as its title."""
    return {
        "id": space.id,
        "title": _title(world, space, reader_id),
        "type": space.type,
        "isLocked": space.is_locked,
        "isPublic": False,
        "isReadOnly": False,
        "isAnnouncementOnly": False,
        "lastActivity": instant(space.last_activity),
        "creatorId": space.creator_id,
        "created": instant(space.created),
        "ownerId": space.org_id,
    }


def membership_json(world: World, membership: Membership) -> dict[str, Any]:
    """Return a membership, which is the same in the API and in a webhook's delivery."""
    person = world.people[membership.person_id]
    return {
        "id": membership.id,
        "roomId": membership.space_id,
        "personId": person.id,
        "personEmail": person.email,
        "personDisplayName": person.display_name,
        "personOrgId": person.org_id,
        "isModerator": membership.is_moderator,
        "isMonitor": False,
        "isRoomHidden": False,
        "roomType": world.spaces[membership.space_id].type,
        "created": instant(membership.created),
    }


def message_json(world: World, message: Message, base_url: str) -> dict[str, Any]:
    """Return a message; files become addresses below `base_url`. Absent fields are left out."""
    fields = message_event_json(world, message) | {
        "text": message.text,
        "markdown": message.markdown,
        "html": message.html,
        "files": [f"{base_url}/contents/{content_id}" for content_id in message.files],
        "attachments": list(message.attachments),
        "mentionedGroups": list(message.mentioned_groups),
        "updated": instant(message.updated) if message.updated else None,
    }
    return {name: value for name, value in fields.items() if value is not None and value != []}


def message_event_json(world: World, message: Message) -> dict[str, Any]:
    """Return what a webhook's delivery says of a message: never its words."""
    fields = {
        "id": message.id,
        "parentId": message.parent_id,
        "roomId": message.space_id,
        "roomType": world.spaces[message.space_id].type,
        "personId": message.person_id,
        "personEmail": world.people[message.person_id].email,
        "mentionedPeople": list(message.mentioned_people),
        "created": instant(message.created),
    }
    return {name: value for name, value in fields.items() if value is not None and value != []}


def submission_json(submission: Submission) -> dict[str, Any]:
    """Return an attachment action with its inputs. GET /attachment/actions/{id}"""
    return submission_event_json(submission) | {"inputs": dict(submission.inputs)}


def submission_event_json(submission: Submission) -> dict[str, Any]:
    """Return what a webhook's delivery says of an attachment action: never its inputs."""
    return {
        "id": submission.id,
        "type": "submit",
        "messageId": submission.message_id,
        "personId": submission.person_id,
        "roomId": submission.space_id,
        "created": instant(submission.created),
    }


def webhook_json(world: World, webhook: Webhook) -> dict[str, Any]:
    """Return a webhook with its secret, which the API shows to its owner."""
    fields = {
        "id": webhook.id,
        "name": webhook.name,
        "targetUrl": webhook.target_url,
        "resource": webhook.resource,
        "event": webhook.event,
        "filter": webhook.filter,
        "secret": webhook.secret,
        "orgId": world.people[webhook.owner_id].org_id,
        "createdBy": webhook.owner_id,
        "appId": "Y2lzY29zcGFyazovL3VzL0FQUExJQ0FUSU9OL3NhbmRib3g",
        "ownedBy": webhook.owned_by,
        "status": webhook.status,
        "created": instant(webhook.created),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _title(world: World, space: Space, reader_id: str) -> str:
    if space.type == "group":
        return space.title
    others = [found.person_id for found in world.members(space.id) if found.person_id != reader_id]
    return world.people[others[0]].display_name if others else space.title
