"""What a request says a message should hold, checked against the limits of Webex."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

import urllib3
from flask import request

from bot.sandbox.http import ApiError, Caller, json_object, world
from bot.sandbox.markdown import render
from bot.sandbox.records import Message, Person, Space

LONGEST_TEXT = 7_439
"""Bytes, not characters, of `text` and of `markdown` each."""
CARD_TYPE = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True)
class Upload:
    """A file that came with the request, or from the public address that it named."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Draft:
    """The content of a message that is not yet posted. `attachments` is None where the request names none."""

    text: str | None
    markdown: str | None
    files: tuple[Upload, ...]
    attachments: tuple[Mapping[str, Any], ...] | None

    @property
    def is_empty(self) -> bool:
        """Whether it holds nothing that could be shown."""
        return not (self.text or self.markdown or self.files or self.attachments)

    def words(self, space: Space) -> dict[str, Any]:
        """Return the fields of a message that follow from its words. Members of the space can be mentioned."""
        if not self.markdown:
            return {
                "text": self.text,
                "markdown": None,
                "html": None,
                "mentioned_people": (),
                "mentioned_groups": (),
            }
        rendered = render(self.markdown, lambda who: _member(space, who))
        return {
            "text": self.text or rendered.text,
            "markdown": self.markdown,
            "html": rendered.html,
            "mentioned_people": rendered.people,
            "mentioned_groups": rendered.groups,
        }


def read_fields() -> dict[str, Any]:
    """Return the fields of the request, which came as JSON or as a form with a file.

    Raises ApiError 400 where the body is neither.
    """
    if request.mimetype in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return dict(request.form)
    return json_object()


def read_draft(fields: Mapping[str, Any]) -> Draft:
    """Return the content that the request's fields and uploaded files describe.

    Raises ApiError 400 where a field is not of its type, too long, or more than one.
    """
    return Draft(
        _text(fields, "text"),
        _text(fields, "markdown"),
        _files(fields.get("files")),
        _attachments(fields.get("attachments")),
    )


def root_of_thread(caller: Caller, space: Space, parent_id: object) -> str | None:
    """Return the id of the message that the thread starts with.

    Raises ApiError 400 where it is a reply itself, in another space, or not there.
    """
    if parent_id is None or parent_id == "":
        return None
    parent: Message | None = world().messages.get(str(parent_id))
    if parent is None or parent.space_id != space.id or not world().sees(caller.person_id, parent):
        _refuse("parentId: could not find the message in this room.")
    if parent.parent_id is not None:
        _refuse("parentId must be the first message of a thread, not a reply.")
    return parent.id


def _member(space: Space, who: str) -> Person | None:
    person = world().people.get(who) or world().person_by_email(who)
    return person if person and world().membership_of(person.id, space.id) else None


def _text(fields: Mapping[str, Any], name: str) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        _refuse(f"{name} must be a string.")
    if value and len(value.encode()) > LONGEST_TEXT:
        _refuse(f"{name} must be at most {LONGEST_TEXT} bytes long.")
    return value


def _files(addresses: object) -> tuple[Upload, ...]:
    sent = [Upload(file.filename or "file", file.mimetype, file.read()) for file in request.files.getlist("files")]
    named = [addresses] if isinstance(addresses, str) else addresses or []
    if not isinstance(named, list) or not all(isinstance(address, str) for address in named):
        _refuse("files must be a list with one public address.")
    if len(sent) + len(named) > 1:
        _refuse("files: only one file can be sent with a message.")
    return (*sent, *(_download(address) for address in named))


def _download(address: str) -> Upload:
    if not address.startswith(("http://", "https://")):
        _refuse("files: the address must start with http:// or https://.")
    try:
        answer = urllib3.request("GET", address, timeout=5, retries=2)
    except urllib3.exceptions.HTTPError as error:
        raise ApiError(400, "files: the address could not be reached.") from error
    if answer.status != 200:
        _refuse(f"files: the address answered with status {answer.status}.")
    name = urllib3.util.parse_url(address).path or ""
    media_type = answer.headers.get("Content-Type", "application/octet-stream").partition(";")[0]
    return Upload(name.rpartition("/")[2] or "file", media_type, answer.data)


def _attachments(attachments: object) -> tuple[Mapping[str, Any], ...] | None:
    if attachments is None:
        return None
    if not isinstance(attachments, list) or not all(isinstance(item, dict) for item in attachments):
        _refuse("attachments must be a list with one card.")
    if len(attachments) > 1:
        _refuse("attachments: only one card can be sent with a message.")
    for attachment in attachments:
        _check_card(attachment)
    return tuple(attachments)


def _check_card(attachment: Mapping[str, Any]) -> None:
    if attachment.get("contentType") != CARD_TYPE:
        _refuse(f"attachments: contentType must be {CARD_TYPE}.")
    content = attachment.get("content")
    if not isinstance(content, dict) or content.get("type") != "AdaptiveCard":
        _refuse("attachments: content must be an Adaptive Card.")


def _refuse(message: str) -> NoReturn:
    raise ApiError(400, message)
