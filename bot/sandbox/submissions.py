"""/attachment/actions: the pressed buttons of cards."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from bot.sandbox.announcements import announce_submission
from bot.sandbox.http import ApiError, Caller, json_object, require, world
from bot.sandbox.ids import new_id
from bot.sandbox.records import Message, Submission
from bot.sandbox.representations import submission_json


def submissions() -> Blueprint:
    """Return the blueprint of /attachment/actions."""
    blueprint = Blueprint("submissions", __name__, url_prefix="/v1/attachment/actions")
    blueprint.post("")(create_submission)
    blueprint.get("/<submission_id>")(get_submission)
    return blueprint


def create_submission() -> ResponseReturnValue:
    """Answer POST /attachment/actions: press a button of a card in a space one is in.

    The answer is 200: the official text has 202, which webexteamssdk 1.7 would raise as an error.
    """
    caller = require("spark:messages_write")
    body = json_object()
    inputs = body.get("inputs", {})
    if body.get("type") != "submit" or not isinstance(inputs, dict):
        raise ApiError(400, "type must be submit, and inputs an object.")
    with world().lock:
        message = _card(caller, body.get("messageId"))
        created = world().stamp()
        identity = new_id("ATTACHMENT_ACTION")
        submission = Submission(identity, message.id, message.space_id, caller.person_id, created, inputs)
        world().submissions[submission.id] = submission
        announce_submission(world(), submission)
    return jsonify(submission_json(submission))


def get_submission(submission_id: str) -> ResponseReturnValue:
    """Answer GET /attachment/actions/{id}, for whoever posted the card; for others it is not there."""
    caller = require("spark:messages_read")
    with world().lock:
        submission = world().submissions.get(submission_id)
        message = world().messages.get(submission.message_id) if submission else None
    if submission is None or message is None or message.person_id != caller.person_id:
        raise ApiError(404, "Could not find an attachment action with provided ID.")
    return jsonify(submission_json(submission))


def _card(caller: Caller, message_id: object) -> Message:
    message = world().messages.get(str(message_id))
    if message is None or not world().sees(caller.person_id, message):
        raise ApiError(404, "Unable to get message.")
    if not message.attachments:
        raise ApiError(400, "messageId: the message has no card.")
    return message
