"""/contents: the files of messages."""

from urllib.parse import quote

from flask import Blueprint, Response

from bot.sandbox.http import ApiError, Caller, require, world
from bot.sandbox.records import Content


def contents() -> Blueprint:
    """Return the blueprint of /contents."""
    blueprint = Blueprint("contents", __name__, url_prefix="/v1/contents")
    blueprint.get("/<content_id>")(get_content)
    return blueprint


def get_content(content_id: str) -> Response:
    """Answer GET and HEAD /contents/{contentId}: a file of a message that the caller can see."""
    caller = require("spark:messages_read")
    with world().lock:
        content = _find(caller, content_id)
    response = Response(content.body, content_type=content.media_type)
    response.headers["Content-Disposition"] = _disposition(content.name)
    return response


def _find(caller: Caller, content_id: str) -> Content:
    content = world().contents.get(content_id)
    posted = world().messages_in(content.space_id) if content else []
    seen = (message for message in posted if world().sees(caller.person_id, message))
    if content is None or not any(content_id in message.files for message in seen):
        raise ApiError(404, "Could not find the content.")
    return content


def _disposition(name: str) -> str:
    plain = name.encode("ascii", "replace").decode().replace('"', "'")
    encoded = "" if plain == name else f"; filename*=UTF-8''{quote(name)}"
    return f'attachment; filename="{plain}"{encoded}'
