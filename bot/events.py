"""What Webex tells the bot: the webhook envelope, and the message or submission it points to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

WebexId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_=-]{1,512}$")]
"""A Webex id as it may stand in a path: base64 letters only, so that `../` can't reach another endpoint."""


def _read_time(value: object, read: ValidatorFunctionWrapHandler) -> datetime | None:
    """A time that can't be read is no reason to lose an event: it is only measured by it."""
    try:
        moment: datetime = read(value)
    except ValidationError:
        return None
    return moment


class EventData(BaseModel):
    """The part of an envelope that says what happened where; text and inputs are never in it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: WebexId
    room_id: WebexId | None = Field(default=None, alias="roomId")
    person_id: WebexId | None = Field(default=None, alias="personId")
    message_id: WebexId | None = Field(default=None, alias="messageId")
    room_type: str | None = Field(default=None, alias="roomType")
    parent_id: WebexId | None = Field(default=None, alias="parentId")
    created: Annotated[AwareDatetime | None, WrapValidator(_read_time)] = None


class Envelope(BaseModel):
    """One webhook delivery. Its `id` is the webhook's own, so the key is (resource, event, data.id)."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    resource: str
    event: str
    actor_id: str | None = Field(default=None, alias="actorId")
    data: EventData

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two deliveries the same event."""
        return self.resource, self.event, self.data.id


@dataclass(frozen=True)
class IncomingMessage:
    """A message as fetched from Webex; `html` only where Webex sends it (mentions, formatting)."""

    id: str
    room_id: str
    room_type: str
    person_id: str
    parent_id: str | None
    text: str
    html: str | None
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class CardSubmission:
    """A pressed button: the inputs of the form and the button's own data, as untrusted strings."""

    id: str
    room_id: str
    person_id: str
    message_id: str
    inputs: dict[str, str] = field(default_factory=dict)
