"""What the messaging API sends, read tolerantly: unknown fields and missing ones never break reading."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bot.events import CardSubmission, IncomingMessage
from bot.person import Person
from cards.escape import one_line


def _empty_for_null(value: object) -> object:
    return "" if value is None else value


def _none_for_null(value: object) -> object:
    return () if value is None else value


def _read_inputs(value: object) -> object:
    """Inputs as text. They are strings by the rules of cards, but anybody with the API may send anything."""
    if not isinstance(value, dict):
        return {}
    return {str(name): _as_text(entry) for name, entry in value.items() if isinstance(entry, str | int | float)}


def _as_text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _as_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_as_utc)]
"""A time with a zone. All times of Webex are in UTC, also one that does not say so."""

Text = Annotated[str, BeforeValidator(_empty_for_null)]
"""A text that is empty where the answer holds null."""

Texts = Annotated[tuple[str, ...], BeforeValidator(_none_for_null)]
"""A list of texts that is empty where the answer holds null."""

Inputs = Annotated[dict[str, str], BeforeValidator(_read_inputs)]
"""The inputs of a form and the data of its button, as text."""


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class Message(_Read):
    """A message. GET /messages/{messageId}"""

    id: str = Field(min_length=1)
    room_id: Text = ""
    person_id: Text = ""
    parent_id: str | None = None
    text: Text = ""
    html: str | None = None
    created: Moment | None = None

    def as_incoming(self) -> IncomingMessage:
        """What the bot works with."""
        return IncomingMessage(
            self.id,
            self.room_id,
            self.person_id,
            self.parent_id,
            self.text,
            self.html,
        )


class Action(_Read):
    """A submitted card. GET /attachment/actions/{id}"""

    id: str = Field(min_length=1)
    room_id: Text = ""
    person_id: Text = ""
    message_id: Text = ""
    inputs: Inputs = Field(default_factory=dict)

    def as_submission(self) -> CardSubmission:
        """What the bot works with; the thread and the type of the space are not known from here."""
        return CardSubmission(self.id, self.room_id, self.person_id, self.message_id, dict(self.inputs))


class Profile(_Read):
    """A person or a bot; roles (as ids) only where an administrator's token asks. GET /people/{personId}"""

    id: str = Field(min_length=1)
    org_id: Text = ""
    emails: Texts = ()
    display_name: Text = ""
    type: Text = ""
    roles: Texts = ()

    def as_person(self) -> Person:
        """What everybody may see of a person. A service app (`appuser`) is no more a human than a bot is."""
        email = self.emails[0] if self.emails else ""
        is_bot = self.type in {"bot", "appuser"}
        return Person(self.id, self.org_id, email, one_line(self.display_name), is_bot=is_bot)


class Role(_Read):
    """An administrator role. GET /roles"""

    id: str = Field(min_length=1)
    name: Text = ""


class Space(_Read):
    """A space that the bot is in. GET /rooms"""

    id: str = Field(min_length=1)
    type: Text = ""
    last_activity: Moment | None = None


class Membership(_Read):
    """That somebody is in a space. GET /memberships"""

    person_id: Text = ""


class ManagedGroup(_Read):
    """A group that somebody administers, and the role that they have for it. A location is such a group."""

    group_id: Text = ""
    role: Text = ""


LOCATION_ROLES = {"location_full_admin", "location_admin"}
"""SCIM's examples have the first in a user, and the second in a group."""


def _read_groups(value: object) -> object:
    """The managed groups in the extension of a SCIM user; none where it has another form than is documented."""
    groups = value.get("managedGroups") if isinstance(value, dict) else None
    return [group for group in groups if _is_managed(group)] if isinstance(groups, list) else ()


def _is_managed(group: object) -> bool:
    names = (group.get("groupId"), group.get("role")) if isinstance(group, dict) else ("", "")
    return all(isinstance(name, str) and name for name in names)


class ScimUser(_Read):
    """A user as SCIM has them. GET /identity/scim/{orgId}/v2/Users/{userId}"""

    managed_groups: Annotated[tuple[ManagedGroup, ...], BeforeValidator(_read_groups)] = Field(
        default=(), alias="urn:scim:schemas:extension:cisco:webexidentity:2.0:User"
    )

    def managed_locations(self) -> list[str]:
        """The UUIDs of the locations that they administer."""
        return [group.group_id for group in self.managed_groups if group.role in LOCATION_ROLES]


class Webhook(_Read):
    """A registered webhook. GET /webhooks"""

    id: str = Field(min_length=1)
    name: Text = ""
    target_url: Text = ""
    resource: Text = ""
    event: Text = ""
    filter: Text = ""
    secret: Text = Field(default="", repr=False)
    status: Text = ""
