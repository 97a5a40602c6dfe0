"""/messages."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from bot.sandbox.announcements import announce_message
from bot.sandbox.composing import Draft, read_draft, read_fields, root_of_thread
from bot.sandbox.http import ApiError, Caller, json_object, require, world
from bot.sandbox.ids import new_id
from bot.sandbox.listing import cut
from bot.sandbox.records import Content, Message, Space
from bot.sandbox.representations import message_json
from bot.sandbox.spaces import find_person, find_space, open_direct

MOST_EDITS = 10


def messages() -> Blueprint:
    """Return the blueprint of /messages."""
    blueprint = Blueprint("messages", __name__, url_prefix="/v1/messages")
    blueprint.get("")(list_messages)
    blueprint.post("")(create_message)
    blueprint.get("/direct")(list_direct_messages)
    blueprint.get("/<message_id>")(get_message)
    blueprint.put("/<message_id>")(edit_message)
    blueprint.delete("/<message_id>")(delete_message)
    return blueprint


def create_message() -> ResponseReturnValue:
    """Answer POST /messages: to `roomId`, `toPersonId` or `toPersonEmail`, in JSON or as a form with a file."""
    caller = require("spark:messages_write")
    fields = read_fields()
    draft = read_draft(fields)
    if draft.is_empty:
        raise ApiError(400, "A message needs text, markdown, files or attachments.")
    with world().lock:
        space = _destination(caller, fields)
        message = _post(caller, space, draft, root_of_thread(caller, space, fields.get("parentId")))
        announce_message(world(), "created", message, caller.person_id)
        recipient = {name: fields[name] for name in ("toPersonId", "toPersonEmail") if name in fields}
        return jsonify(_json(message) | recipient)


def list_messages() -> ResponseReturnValue:
    """Answer GET /messages: those of `roomId`, newest first. A bot gets those of a group that mention it."""
    caller = require("spark:messages_read")
    room_id = request.args.get("roomId")
    if not room_id:
        raise ApiError(400, "roomId is required.")
    mentioned = request.args.get("mentionedPeople")
    with world().lock:
        space = find_space(world(), caller, room_id)
        if caller.kind == "bot" and space.type == "group" and mentioned != "me":
            raise ApiError(403, "Failed to get activity.")
        found = [message for message in world().messages_in(room_id) if world().sees(caller.person_id, message)]
        return _listing(_mentioning(found, caller, mentioned), largest=100 if mentioned else 1000)


def list_direct_messages() -> ResponseReturnValue:
    """Answer GET /messages/direct: of the 1:1 with `personId` or `personEmail`, newest first."""
    caller = require("spark:messages_read")
    with world().lock:
        person = find_person(world(), request.args.get("personId"), request.args.get("personEmail"))
        space = world().direct_space(caller.person_id, person.id)
        if space is None:
            raise ApiError(404, "Could not find a 1:1 room with the person.")
        return _listing(world().messages_in(space.id), largest=1000)


def get_message(message_id: str) -> ResponseReturnValue:
    """Answer GET /messages/{messageId}; what the caller can't see is not found."""
    caller = require("spark:messages_read")
    with world().lock:
        return jsonify(_json(_find(caller, message_id)))


def edit_message(message_id: str) -> ResponseReturnValue:
    """Answer PUT /messages/{messageId}: new words, and in practice a new card, at most ten times."""
    caller = require("spark:messages_write")
    fields = json_object()
    draft = read_draft(fields)
    with world().lock:
        message = _find(caller, message_id)
        _check_edit(caller, message, fields, draft)
        edited = _edited(message, draft)
        world().messages[message_id] = edited
        announce_message(world(), "updated", edited, caller.person_id)
        return jsonify(_json(edited))


def delete_message(message_id: str) -> ResponseReturnValue:
    """Answer DELETE /messages/{messageId}, which only its author can do."""
    caller = require("spark:messages_write")
    with world().lock:
        message = _find(caller, message_id)
        if message.person_id != caller.person_id:
            raise ApiError(403, "Only the author of a message can delete it.")
        announce_message(world(), "deleted", message, caller.person_id)
        world().remove_message(message)
    return "", 204


def _destination(caller: Caller, fields: dict[str, Any]) -> Space:
    given = [name for name in ("roomId", "toPersonId", "toPersonEmail") if fields.get(name)]
    if len(given) != 1:
        raise ApiError(400, "Exactly one of roomId, toPersonId and toPersonEmail is required.")
    if given == ["roomId"]:
        return find_space(world(), caller, str(fields["roomId"]))
    person = find_person(world(), fields.get("toPersonId"), fields.get("toPersonEmail"))
    return open_direct(world(), caller, person)


def _post(caller: Caller, space: Space, draft: Draft, parent_id: str | None) -> Message:
    files = [Content(new_id("CONTENT"), space.id, file.name, file.media_type, file.body) for file in draft.files]
    world().contents |= {file.id: file for file in files}
    message = Message(
        id=new_id("MESSAGE"),
        space_id=space.id,
        person_id=caller.person_id,
        created=world().stamp(),
        parent_id=parent_id,
        files=tuple(file.id for file in files),
        attachments=draft.attachments or (),
        **draft.words(space),
    )
    world().add_message(message)
    return message


def _mentioning(found: list[Message], caller: Caller, mentioned: str | None) -> list[Message]:
    if mentioned is None:
        return found
    wanted = {caller.person_id if who == "me" else who for who in mentioned.split(",")}
    return [message for message in found if not wanted.isdisjoint(message.mentioned_people)]


def _listing(found: list[Message], largest: int) -> ResponseReturnValue:
    shown, headers = cut(found, default=50, largest=largest)
    return jsonify({"items": [_json(message) for message in shown]}), headers


def _find(caller: Caller, message_id: str) -> Message:
    message = world().messages.get(message_id)
    if message is None or not world().sees(caller.person_id, message):
        raise ApiError(404, "Unable to get message.")
    return message


def _check_edit(caller: Caller, message: Message, fields: dict[str, Any], draft: Draft) -> None:
    if message.person_id != caller.person_id:
        raise ApiError(403, "Only the author of a message can edit it.")
    if fields.get("roomId") != message.space_id:
        raise ApiError(400, "roomId is required, and must be the room of the message.")
    if "html" in fields:
        raise ApiError(400, "html can't be edited: send text or markdown.")
    if not (draft.text or draft.markdown):
        raise ApiError(400, "text or markdown is required.")
    if message.edits >= MOST_EDITS:
        raise ApiError(400, f"A message can be edited at most {MOST_EDITS} times.")
    _check_attachments(message, draft)


def _check_attachments(message: Message, draft: Draft) -> None:
    # Officially no message with files or attachments can be edited. In practice a card is replaced by a PUT that
    # names `attachments` (Cisco's chess sample does so); the fault `cardEdits: false` gives the official answer.
    replaces_card = draft.attachments is not None and world().faults.card_edits
    if message.files or draft.files or ((message.attachments or draft.attachments) and not replaces_card):
        raise ApiError(400, "A message with files or attachments can't be edited.")


def _edited(message: Message, draft: Draft) -> Message:
    space = world().spaces[message.space_id]
    attachments = message.attachments if draft.attachments is None else draft.attachments
    words = draft.words(space)
    return replace(message, attachments=attachments, updated=world().stamp(), edits=message.edits + 1, **words)


def _json(message: Message) -> dict[str, Any]:
    return message_json(world(), message, f"{request.host_url}v1")
