"""How a list of messages is cut: by thread, by time, by message, and into pages."""

from datetime import UTC, datetime

from flask import request

from bot.sandbox.http import ApiError, next_link, whole_number, world
from bot.sandbox.records import Message
from bot.sandbox.representations import instant


def cut(newest_first: list[Message], *, default: int, largest: int) -> tuple[list[Message], dict[str, str]]:
    """Return the page that the request asks for, and the `Link` header where there is a next one.

    The link has a cursor, which goes before `beforeMessage`: webexpythonsdk 2.0.6 puts the parameters of its first
    request into every link it follows, and would ask for the same page for ever.
    Raises ApiError 400 where a parameter can't be read, or names a message that is not there.
    """
    asked_for = _older_than(_created_before(_in_thread(newest_first)))
    size = min(whole_number("max", default, least=1), largest)
    shown = asked_for[:size]
    return shown, next_link(cursor=instant(shown[-1].created)) if len(asked_for) > size else {}


def _in_thread(messages: list[Message]) -> list[Message]:
    parent_id = request.args.get("parentId")
    return [message for message in messages if parent_id in (None, message.parent_id)]


def _created_before(messages: list[Message]) -> list[Message]:
    text = request.args.get("before")
    return _before(messages, _time("before", text)) if text else messages


def _older_than(messages: list[Message]) -> list[Message]:
    cursor, message_id = request.args.get("cursor"), request.args.get("beforeMessage")
    if cursor:
        return _before(messages, _time("cursor", cursor))
    if not message_id:
        return messages
    limit = world().messages.get(message_id)
    if limit is None:
        raise ApiError(400, "beforeMessage: could not find the message.")
    return _before(messages, limit.created)


def _before(messages: list[Message], time: datetime) -> list[Message]:
    return [message for message in messages if message.created < time]


def _time(name: str, text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
    except ValueError as error:
        raise ApiError(400, f"{name} must be a date and time such as 2026-11-24T09:30:00.000Z.") from error
    return time if time.tzinfo else time.replace(tzinfo=UTC)
