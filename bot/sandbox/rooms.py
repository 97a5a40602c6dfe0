"""/rooms and /memberships."""

from dataclasses import replace

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from bot.sandbox.announcements import announce_space
from bot.sandbox.http import ApiError, Caller, json_object, pages, require, world
from bot.sandbox.records import Membership, Space
from bot.sandbox.representations import membership_json, space_json
from bot.sandbox.spaces import find_person, find_space, join, leave, open_group


def rooms() -> Blueprint:
    """Return the blueprint of /rooms and /memberships."""
    blueprint = Blueprint("rooms", __name__, url_prefix="/v1")
    blueprint.get("/rooms")(list_rooms)
    blueprint.post("/rooms")(create_room)
    blueprint.get("/rooms/<room_id>")(get_room)
    blueprint.put("/rooms/<room_id>")(update_room)
    blueprint.delete("/rooms/<room_id>")(delete_room)
    blueprint.get("/memberships")(list_memberships)
    blueprint.post("/memberships")(create_membership)
    blueprint.get("/memberships/<membership_id>")(get_membership)
    blueprint.put("/memberships/<membership_id>")(update_membership)
    blueprint.delete("/memberships/<membership_id>")(delete_membership)
    return blueprint


def list_rooms() -> ResponseReturnValue:
    """Answer GET /rooms: the caller's spaces, by `type` and `sortBy`."""
    caller = require("spark:rooms_read")
    kind = request.args.get("type")
    with world().lock:
        found = [space for space in world().spaces_of(caller.person_id) if kind in (None, space.type)]
        shown, headers = pages(_sorted(found))
        return jsonify({"items": [space_json(world(), space, caller.person_id) for space in shown]}), headers


def create_room() -> ResponseReturnValue:
    """Answer POST /rooms: a new group space with the caller as its moderator."""
    caller = require("spark:rooms_write")
    title = _title(json_object().get("title"))
    with world().lock:
        return jsonify(space_json(world(), open_group(world(), caller, title), caller.person_id))


def get_room(room_id: str) -> ResponseReturnValue:
    """Answer GET /rooms/{roomId}."""
    caller = require("spark:rooms_read")
    with world().lock:
        return jsonify(space_json(world(), find_space(world(), caller, room_id), caller.person_id))


def update_room(room_id: str) -> ResponseReturnValue:
    """Answer PUT /rooms/{roomId}: a new title."""
    caller = require("spark:rooms_write")
    title = _title(json_object().get("title"))
    with world().lock:
        space = replace(_group(caller, room_id), title=title)
        world().spaces[room_id] = space
        announce_space(world(), "updated", space, caller.person_id)
        return jsonify(space_json(world(), space, caller.person_id))


def delete_room(room_id: str) -> ResponseReturnValue:
    """Answer DELETE /rooms/{roomId}, which only moderators and the creator can do."""
    caller = require("spark:rooms_write")
    with world().lock:
        space = _group(caller, room_id)
        own = world().membership_of(caller.person_id, room_id)
        if caller.person_id != space.creator_id and not (own and own.is_moderator):
            raise ApiError(403, "Only a moderator of the room can delete it.")
        world().remove_space(room_id)
    return "", 204


def list_memberships() -> ResponseReturnValue:
    """Answer GET /memberships: of a room (`roomId`, with `personId` or `personEmail`), else the caller's own."""
    caller = require("spark:memberships_read")
    with world().lock:
        found = [membership for membership in _memberships(caller) if _is_asked_for(membership)]
        shown, headers = pages(found)
        return jsonify({"items": [membership_json(world(), membership) for membership in shown]}), headers


def create_membership() -> ResponseReturnValue:
    """Answer POST /memberships: let a person, by `personId` or `personEmail`, into a group space."""
    caller = require("spark:memberships_write")
    body = json_object()
    if not body.get("roomId") or not (body.get("personId") or body.get("personEmail")):
        raise ApiError(400, "roomId, and personId or personEmail, are required.")
    with world().lock:
        space = _group(caller, str(body["roomId"]))
        person = find_person(world(), body.get("personId"), body.get("personEmail"))
        moderator = body.get("isModerator") is True
        membership = join(world(), space, person.id, caller.person_id, is_moderator=moderator)
        return jsonify(membership_json(world(), membership))


def get_membership(membership_id: str) -> ResponseReturnValue:
    """Answer GET /memberships/{membershipId}."""
    caller = require("spark:memberships_read")
    with world().lock:
        return jsonify(membership_json(world(), _membership(caller, membership_id)))


def update_membership(membership_id: str) -> ResponseReturnValue:
    """Answer PUT /memberships/{membershipId}: make somebody moderator, or no longer."""
    caller = require("spark:memberships_write")
    moderator = json_object().get("isModerator") is True
    with world().lock:
        membership = replace(_membership(caller, membership_id), is_moderator=moderator)
        world().add_membership(membership)
        return jsonify(membership_json(world(), membership))


def delete_membership(membership_id: str) -> ResponseReturnValue:
    """Answer DELETE /memberships/{membershipId}: take somebody, or oneself, out of a group space."""
    caller = require("spark:memberships_write")
    with world().lock:
        membership = _membership(caller, membership_id)
        _group(caller, membership.space_id)
        leave(world(), membership, caller.person_id)
    return "", 204


def _sorted(spaces: list[Space]) -> list[Space]:
    if request.args.get("sortBy") == "id":
        return sorted(spaces, key=lambda space: space.id)
    if request.args.get("sortBy") == "created":
        return sorted(spaces, key=lambda space: space.created, reverse=True)
    return sorted(spaces, key=lambda space: space.last_activity, reverse=True)


def _title(title: object) -> str:
    if not isinstance(title, str) or not title.strip():
        raise ApiError(400, "title is required.")
    return title


def _group(caller: Caller, room_id: str) -> Space:
    space = find_space(world(), caller, room_id)
    if space.type == "direct":
        raise ApiError(400, "The members and the title of a 1:1 room can't be changed.")
    return space


def _memberships(caller: Caller) -> list[Membership]:
    room_id = request.args.get("roomId")
    if room_id is not None:
        return world().members(find_space(world(), caller, room_id).id)
    own = (world().membership_of(caller.person_id, space.id) for space in world().spaces_of(caller.person_id))
    return [membership for membership in own if membership]


def _is_asked_for(membership: Membership) -> bool:
    person = world().people[membership.person_id]
    email = request.args.get("personEmail", person.email)
    return request.args.get("personId", person.id) == person.id and email.lower() == person.email


def _membership(caller: Caller, membership_id: str) -> Membership:
    membership = world().memberships.get(membership_id)
    if membership is None or not world().membership_of(caller.person_id, membership.space_id):
        raise ApiError(404, "Could not find a membership with provided ID.")
    return membership
