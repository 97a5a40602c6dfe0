"""What is asked of the virtual extension API, as frozen values. None is not sent; "" is sent as empty."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from bot.telephony import Mode, PatternAction

JsonObject = dict[str, str | bool | list[str]]


class _Request(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    def as_json(self) -> JsonObject:
        """The fields that are sent, under the API's names."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class ExtensionFilter(_Request):
    """Which extensions to list. Webex takes one of `location_name`, `location_id` and `org_level_only` at a time.

    `name` is a first or a last name, `order` is ASC or DSC.
    """

    extension: str | None = None
    phone_number: str | None = None
    name: str | None = None
    location_name: str | None = None
    location_id: str | None = None
    org_level_only: bool | None = None
    order: str | None = None


class RangeFilter(_Request):
    """Which ranges to list. Webex takes one of `location_id` and `org_level_only` at a time."""

    name: str | None = None
    prefix: str | None = None
    location_id: str | None = None
    org_level_only: bool | None = None
    order: str | None = None


class NewExtension(_Request):
    """An extension to create; without `location_id` at organization level. The phone number is E.164."""

    display_name: str
    phone_number: str
    extension: str
    first_name: str | None = None
    last_name: str | None = None
    location_id: str | None = None


class ExtensionUpdate(_Request):
    """What to change of an extension. The API cannot move one to another location."""

    display_name: str | None = None
    phone_number: str | None = None
    extension: str | None = None
    first_name: str | None = None
    last_name: str | None = None


class NewRange(_Request):
    """A range to create, with at most 100 patterns; without `location_id` at organization level."""

    name: str
    prefix: str
    patterns: tuple[str, ...] | None = None
    location_id: str | None = None


class RangeUpdate(_Request):
    """What to change of a range. Webex requires `action` where patterns are given."""

    name: str | None = None
    prefix: str | None = None
    patterns: tuple[str, ...] | None = None
    action: PatternAction | None = None


class RangeCheck(_Request):
    """What to validate of a range; `range_id` where it exists already, and only there."""

    name: str | None = None
    prefix: str | None = None
    patterns: tuple[str, ...] | None = None
    location_id: str | None = None
    range_id: str | None = None


class NumbersCheck(_Request):
    """The phone numbers to validate."""

    phone_numbers: tuple[str, ...]


class ModeUpdate(_Request):
    """The mode to set for the whole organization."""

    mode: Mode


@dataclass(frozen=True)
class Done:
    """A change that Webex carried out: the id of what was created, None otherwise, and the tracking id."""

    id: str | None
    tracking_id: str | None
