"""What Webex tells the bot: the webhook envelope, and the message or submission it points to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Annotated, Protocol

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
    parent_id: WebexId | None = Field(default=None, alias="parentId")
    created: Annotated[AwareDatetime | None, WrapValidator(_read_time)] = None


class Envelope(BaseModel):
    """One webhook delivery. Its `id` is the webhook's own, so the key is (resource, event, data.id).

    `is_late` marks an event that no webhook told of, found later by the bot itself. `deferred_at` is when it was
    stored, in seconds since 1970.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    resource: str
    event: str
    actor_id: WebexId | None = Field(default=None, alias="actorId")
    data: EventData
    is_late: bool = False
    deferred_at: float | None = Field(default=None, alias="deferredAt")

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two deliveries the same event."""
        return self.resource, self.event, self.data.id

    @property
    def caused_by(self) -> str:
        """The id of the person who wrote, pressed, or let the bot in. Webex names it in every envelope."""
        return self.actor_id or self.data.person_id or ""

    def is_by(self, bot_id: str) -> bool:
        """Whether the bot itself caused it. Its own membership is not: that is how it learns of a new space."""
        return self.resource != "memberships" and self.data.person_id == bot_id


class Arrival(Enum):
    """How an event is known that came before. One is unanswered where its worker did not finish."""

    UNANSWERED = auto()
    ANSWERED = auto()


WINDOW = timedelta(minutes=1)
"""The time within which the events of a person are counted."""


@dataclass(frozen=True)
class Pace:
    """How many events a person has caused in the window that began at `since`."""

    since: datetime
    count: int

    @property
    def until(self) -> datetime:
        """When the counting begins anew."""
        return self.since + WINDOW


class Defers(Protocol):
    """Where accepted events go."""

    def defer(self, envelope: Envelope) -> None:
        """Store the event durably. Raises QueueAway."""


class AsksToCatchUp(Defers, Protocol):
    """A queue whose workers can look for what was not received."""

    def ask_to_catch_up(self, after: timedelta = timedelta()) -> None:
        """Have a worker look for it, after so long. Raises QueueAway."""


@dataclass(frozen=True)
class IncomingMessage:
    """A message as fetched from Webex; `html` only where Webex sends it (mentions, formatting)."""

    id: str
    room_id: str
    person_id: str
    parent_id: str | None
    text: str
    html: str | None


@dataclass(frozen=True)
class CardSubmission:
    """A pressed button: the inputs of the form and the button's own data, as untrusted strings."""

    id: str
    room_id: str
    person_id: str
    message_id: str
    inputs: dict[str, str] = field(default_factory=dict)
