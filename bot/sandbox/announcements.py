"""What happened, as the events that webhooks hear of."""

from bot.sandbox.records import Membership, Message, Space, Submission
from bot.sandbox.representations import (
    membership_json,
    message_event_json,
    space_json,
    submission_event_json,
)
from bot.sandbox.world import Event, World


def announce_message(world: World, name: str, message: Message, actor_id: str) -> None:
    """Publish that a message was created, updated or deleted, to those who can see it."""
    space = world.spaces[message.space_id]
    sender = world.people[message.person_id]
    members = [found.person_id for found in world.members(space.id)]
    facts = _facts(
        roomId=space.id,
        roomType=space.type,
        personId=sender.id,
        personEmail=sender.email,
        hasFiles=_flag(message.files),
        hasAttachments=_flag(message.attachments),
    )
    world.publish(
        Event(
            "messages",
            name,
            actor_id,
            message_event_json(world, message),
            frozenset(person_id for person_id in members if world.sees(person_id, message)),
            facts | {"mentionedPeople": frozenset(message.mentioned_people)},
        )
    )


def announce_membership(world: World, name: str, membership: Membership, actor_id: str) -> None:
    """Publish that somebody joined or left a space, to its members and to who left."""
    members = frozenset(found.person_id for found in world.members(membership.space_id))
    facts = _facts(
        roomId=membership.space_id,
        personId=membership.person_id,
        personEmail=world.people[membership.person_id].email,
        isModerator=_flag(membership.is_moderator),
    )
    witnesses = members | {membership.person_id}
    world.publish(Event("memberships", name, actor_id, membership_json(world, membership), witnesses, facts))


def announce_space(world: World, name: str, space: Space, actor_id: str) -> None:
    """Publish that a space was created or changed, to its members."""
    members = frozenset(found.person_id for found in world.members(space.id))
    facts = _facts(type=space.type, isLocked=_flag(space.is_locked))
    world.publish(Event("rooms", name, actor_id, space_json(world, space, actor_id), members, facts))


def announce_submission(world: World, submission: Submission) -> None:
    """Publish that a button was pressed, to whoever posted the card, and to nobody else."""
    facts = _facts(messageId=submission.message_id, personId=submission.person_id, roomId=submission.space_id)
    owner = frozenset({world.messages[submission.message_id].person_id})
    data = submission_event_json(submission)
    world.publish(Event("attachmentActions", "created", submission.person_id, data, owner, facts))


def _facts(**values: str) -> dict[str, frozenset[str]]:
    return {name: frozenset({value}) for name, value in values.items()}


def _flag(value: object) -> str:
    return "true" if value else "false"
