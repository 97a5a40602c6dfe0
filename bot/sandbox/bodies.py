"""The bodies of requests to the virtual extension API, read strictly: a number is no text, null is no text."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from bot.sandbox.dialing import MISSING_FIELD, Rejection
from bot.sandbox.http import json_object
from bot.telephony import Mode, PatternAction

INVALID_FIELD = 25009
"""[U] Code of a 400 for a field of the wrong type; the service's own is not public."""

Required = Annotated[str, Field(min_length=1)]


class _Body(BaseModel):
    """[U] Unknown fields are ignored, `locationId` in a PUT too: the documentation names none that is refused."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel)


class NewExtension(_Body):
    """The body of POST /telephony/config/virtualExtensions."""

    display_name: Required
    phone_number: Required
    extension: Required
    first_name: str = ""
    last_name: str = ""
    location_id: str = ""


class ExtensionChanges(_Body):
    """The body of PUT /telephony/config/virtualExtensions/{extensionId}: what is not sent stays."""

    display_name: str = ""
    phone_number: str = ""
    extension: str = ""
    first_name: str = ""
    last_name: str = ""


class NewRange(_Body):
    """The body of POST /telephony/config/virtualExtensionRanges."""

    name: Required
    prefix: Required
    patterns: tuple[str, ...] = ()
    location_id: str = ""


class RangeChanges(_Body):
    """The body of PUT /telephony/config/virtualExtensionRanges/{extensionRangeId}."""

    name: str | None = None
    prefix: str | None = None
    patterns: tuple[str, ...] | None = None
    action: PatternAction | None = None


class RangeCheck(_Body):
    """The body of POST /telephony/config/virtualExtensionRanges/actions/validate/invoke."""

    name: str | None = None
    prefix: str | None = None
    patterns: tuple[str, ...] | None = None
    location_id: str = ""
    range_id: str = ""


class Settings(_Body):
    """The body of PUT /telephony/config/virtualExtensions/settings."""

    mode: Mode


class PhoneNumbers(_Body):
    """The body of POST /telephony/config/virtualExtensions/actions/validateNumbers/invoke."""

    phone_numbers: tuple[str, ...]


class Extensions(_Body):
    """The body of POST /telephony/config/actions/validateExtensions/invoke, and of its twin for a location."""

    extensions: tuple[str, ...]


_Read = TypeVar("_Read", bound=_Body)


def read_body(model: type[_Read]) -> _Read:
    """Return the body of the current request. Raises a Rejection (400) naming the first wrong field."""
    try:
        return model.model_validate(json_object())
    except ValidationError as error:
        raise _rejection(error) from error


def _rejection(error: ValidationError) -> Rejection:
    first = error.errors()[0]
    field = str(first["loc"][0])
    if first["type"] in {"missing", "string_too_short"}:
        return Rejection(400, f"Missing Mandatory field name: {field}", MISSING_FIELD)
    return Rejection(400, f"Invalid value for field {field}: {first['msg']}", INVALID_FIELD)
