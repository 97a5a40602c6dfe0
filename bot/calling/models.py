"""What the virtual extension API sends, read tolerantly: unknown fields and enum values never break reading.

`level` and `mode` are plain text for that reason: the official text lists one mode and the service has two.
"""

import json
from typing import Annotated, Generic, TypeVar

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


def _empty_for_null(value: object) -> object:
    return "" if value is None else value


def _nothing_for_null(value: object) -> object:
    return () if value is None else value


Text = Annotated[str, BeforeValidator(_empty_for_null)]
"""A text that is empty where the answer holds null."""


class _Read(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True, coerce_numbers_to_str=True
    )


class Location(_Read):
    """A location with Webex Calling. GET /telephony/config/locations"""

    id: str
    name: Text = ""
    routing_prefix: str | None = None


class Extension(_Read):
    """A virtual extension. GET /telephony/config/virtualExtensions and /{extensionId}"""

    id: str
    extension: Text = ""
    esn: Text = ""
    routing_prefix: str | None = None
    phone_number: Text = ""
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    level: Text = ""
    location_id: str | None = None
    location_name: str | None = None

    @property
    def label(self) -> str:
        """The name to show: the display name, else first and last name, else the extension itself."""
        names = " ".join(part for part in (self.first_name, self.last_name) if part)
        return self.display_name or names or self.extension


class Range(_Read):
    """A virtual extension range. The list has level and location id but no patterns; the details the reverse.

    GET /telephony/config/virtualExtensionRanges and /{extensionRangeId}
    """

    id: str
    name: Text = ""
    prefix: Text = ""
    patterns: tuple[str, ...] | None = None
    level: str | None = None
    location_id: str | None = None
    location_name: str | None = None


class ValidationEntry(_Read):
    """The verdict on one number or on one part of a range: `name`, `prefix` or `pattern` says which.

    Numbers have their verdict in `state`, the parts of a range in `status`.
    """

    status: Text = Field(default="", validation_alias=AliasChoices("state", "status"))
    phone_number: str | None = None
    name: str | None = None
    prefix: str | None = None
    pattern: str | None = None
    error_code: str | None = None
    message: str | None = None

    @property
    def passed(self) -> bool:
        """Whether Webex found nothing wrong with this entry."""
        return self.status == "VALID"


class Validation(_Read):
    """The answer of both validate calls: HTTP 200 also when the validation failed."""

    status: Text = ""
    entries: Annotated[tuple[ValidationEntry, ...], BeforeValidator(_nothing_for_null)] = Field(
        default=(),
        validation_alias=AliasChoices("phoneNumberStatus", "virtualExtensionRangeValidationStatus", "entries"),
    )

    @property
    def passed(self) -> bool:
        """Whether the whole request was found valid."""
        return self.status == "OK"


class Created(_Read):
    """The answer to the creation of an extension or a range."""

    id: str = Field(min_length=1)


class ModeSetting(_Read):
    """The mode of the organization: STANDARD, ENHANCED, or a word that is new to us."""

    mode: Text = ""


class Listing(_Read, Generic[T]):
    """One page of a list; an empty list may come as `{}`."""

    items: Annotated[tuple[T, ...], BeforeValidator(_nothing_for_null)] = Field(
        default=(), validation_alias=AliasChoices("virtualExtensions", "virtualExtensionRanges", "locations")
    )


KEPT = (Listing[Extension], Listing[Range], Listing[Location])
"""Held, because pydantic forgets such a model as soon as nobody uses it, and to make it anew takes
milliseconds."""


def read_body(model: type[M], body: bytes) -> M:
    """The body of an answer as that model. Raises ValueError where it is none.

    A name may hold what JSON can write, as an escape alone, and no database stores: NUL, and halves of characters.
    It is left out, so that one such name does not make a whole list unreadable.
    """
    if b"\\u" not in body:
        return model.model_validate_json(body)
    return model.model_validate(_storable(json.loads(body)))


def _storable(value: object) -> object:
    if isinstance(value, str):
        return value.replace("\0", "").encode(errors="ignore").decode()
    if isinstance(value, list):
        return [_storable(entry) for entry in value]
    if isinstance(value, dict):
        return {name: _storable(entry) for name, entry in value.items()}
    return value
