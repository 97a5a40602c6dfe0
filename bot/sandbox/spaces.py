"""Spaces and who is in them: opening, joining, leaving, with what webhooks hear of it."""

from typing import Literal

from bot.sandbox.announcements import announce_membership, announce_space
from bot.sandbox.http import ApiError, Caller
from bot.sandbox.ids import new_id
from bot.sandbox.records import Membership, Person, Space
from bot.sandbox.world import World


def find_space(world: World, caller: Caller, space_id: str) -> Space:
    """Return the space.

    Raises ApiError 404 where it is not there or the caller is not in it, which look the same.
    """
    space = world.spaces.get(space_id)
    if space is None or not world.membership_of(caller.person_id, space_id):
        raise ApiError(404, "Could not find a room with provided ID.")
    return space


def find_person(world: World, person_id: str | None, email: str | None) -> Person:
    """Return the person with this id or e-mail address.

    Raises ApiError 404 where there is none.
    """
    person = world.people.get(person_id or "") or world.person_by_email(email or "")
    if person is None:
        raise ApiError(404, "Could not find a person with the provided ID or e-mail address.")
    return person


def open_group(world: World, caller: Caller, title: str) -> Space:
    """Open a group space with the caller as its moderator."""
    space = _open(world, caller, title, "group")
    join(world, space, caller.person_id, caller.person_id, is_moderator=True)
    announce_space(world, "created", space, caller.person_id)
    return space


def open_direct(world: World, caller: Caller, person: Person) -> Space:
    """Return the 1:1 space of the caller and the person, opened now if they never talked.

    Raises ApiError 400 where the two can't talk: the same person twice, or two bots.
    """
    if person.id == caller.person_id:
        raise ApiError(400, "A 1:1 message can't be sent to oneself.")
    if person.type == "bot" and caller.kind == "bot":
        raise ApiError(400, "A bot can't send a 1:1 message to another bot.")
    found = world.direct_space(caller.person_id, person.id)
    return found or _open_direct(world, caller, person)


def join(world: World, space: Space, person_id: str, actor_id: str, *, is_moderator: bool = False) -> Membership:
    """Let a person into the space, and tell the webhooks.

    Raises ApiError 409 where the person is in it already.
    """
    if world.membership_of(person_id, space.id):
        raise ApiError(409, "The person is already a member of the room.")
    membership = Membership(new_id("MEMBERSHIP"), space.id, person_id, world.stamp(), is_moderator)
    world.add_membership(membership)
    announce_membership(world, "created", membership, actor_id)
    return membership


def leave(world: World, membership: Membership, actor_id: str) -> None:
    """Take a person out of the space, and tell the webhooks."""
    world.remove_membership(membership)
    announce_membership(world, "deleted", membership, actor_id)


def _open_direct(world: World, caller: Caller, person: Person) -> Space:
    space = _open(world, caller, person.display_name, "direct")
    for person_id in (caller.person_id, person.id):
        join(world, space, person_id, caller.person_id)
    announce_space(world, "created", space, caller.person_id)
    return space


def _open(world: World, caller: Caller, title: str, kind: Literal["direct", "group"]) -> Space:
    created = world.stamp()
    space = Space(new_id("ROOM"), title, kind, caller.person_id, caller.org_id, created, created)
    world.spaces[space.id] = space
    return space
