"""What the sandbox remembers, as frozen values: people, tokens, spaces, messages, webhooks, submissions, files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from bot.sandbox.ids import webex_id

Kind = Literal["person", "bot", "admin"]
"""Whose token it is: a person's, a bot's, or an administrator's application (a service app)."""


class Role(StrEnum):
    """An administrator role, by the name inside its constant id."""

    FULL_ADMIN = "id_full_admin"
    READ_ONLY_ADMIN = "id_readonly_admin"
    USER_ADMIN = "id_user_admin"
    DEVICE_ADMIN = "id_device_admin"
    # The id of this one in GET /roles is unconfirmed; the name is the one SCIM uses.
    LOCATION_ADMIN = "location_full_admin"

    @property
    def id(self) -> str:
        """The id as in the `roles` of a person."""
        return webex_id("ROLE", self.value)


@dataclass(frozen=True)
class Person:
    """A user, a bot, or the machine account of a service app. A location administrator has `location_ids`."""

    id: str
    email: str
    display_name: str
    first_name: str
    last_name: str
    org_id: str
    created: datetime
    type: Literal["person", "bot", "appuser"] = "person"
    roles: frozenset[Role] = frozenset()
    location_ids: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Token:
    """An access token. `name` is what the list of calls shows in place of the token."""

    value: str
    name: str
    person_id: str
    kind: Kind
    scopes: frozenset[str]
    expires: datetime | None = None


@dataclass(frozen=True)
class Grant:
    """What a refresh token or an authorization code gives: tokens like this one, until it expires if ever."""

    token: Token
    expires: datetime | None = None


@dataclass(frozen=True)
class Lifetimes:
    """How long new tokens last. With `rotating`, a refresh gives a new refresh token and ends the old one.

    Webex documents 14 days for access tokens in one place, an hour in another, and does not say that it rotates.
    """

    access: timedelta = timedelta(days=14)
    refresh: timedelta = timedelta(days=90)
    rotating: bool = False


@dataclass(frozen=True)
class Space:
    """A Webex room, `direct` (1:1) or `group`."""

    id: str
    title: str
    type: Literal["direct", "group"]
    creator_id: str
    org_id: str
    created: datetime
    last_activity: datetime
    is_locked: bool = False


@dataclass(frozen=True)
class Membership:
    """That a person is in a space."""

    id: str
    space_id: str
    person_id: str
    created: datetime
    is_moderator: bool = False


@dataclass(frozen=True)
class Message:
    """A message. `files` are ids of contents; `attachments` holds at most one card, as it was sent."""

    id: str
    space_id: str
    person_id: str
    created: datetime
    parent_id: str | None = None
    text: str | None = None
    markdown: str | None = None
    html: str | None = None
    files: tuple[str, ...] = ()
    attachments: tuple[Mapping[str, Any], ...] = ()
    mentioned_people: tuple[str, ...] = ()
    mentioned_groups: tuple[str, ...] = ()
    updated: datetime | None = None
    edits: int = 0


@dataclass(frozen=True)
class Webhook:
    """A registration. `failures` are the times of failed deliveries, `fragile` means that one more disables it."""

    id: str
    name: str
    target_url: str
    resource: str
    event: str
    owner_id: str
    created: datetime
    filter: str | None = None
    secret: str | None = None
    owned_by: str = "creator"
    status: Literal["active", "inactive"] = "active"
    failures: tuple[datetime, ...] = ()
    disabled: datetime | None = None
    fragile: bool = False


@dataclass(frozen=True)
class Submission:
    """A pressed button of a card: the `attachmentAction` of the API."""

    id: str
    message_id: str
    space_id: str
    person_id: str
    created: datetime
    inputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Content:
    """A file that was sent with a message."""

    id: str
    space_id: str
    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True)
class Call:
    """One request to the API, from its first line to the answer that is ready to be sent.

    `status` is None where the connection was dropped; `token` is the token's name.
    """

    method: str
    path: str
    query: str
    status: int | None
    milliseconds: float
    token: str
    started: datetime
    ended: datetime
