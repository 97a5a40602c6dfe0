"""What the virtual extension API sends, read tolerantly: unknown fields and enum values never break reading.

`level` and `mode` are plain text for that reason: the official text lists one mode and the service has two.
"""

from pydantic import BaseModel, ConfigDict, Field, field_validator


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True, coerce_numbers_to_str=True)


class Location(_Read):
    """A location with Webex Calling. GET /telephony/config/locations"""

    id: str
    name: str
    routing_prefix: str | None = Field(default=None, alias="routingPrefix")


class Extension(_Read):
    """A virtual extension. GET /telephony/config/virtualExtensions and /{extensionId}"""

    id: str
    extension: str = ""
    esn: str = ""
    routing_prefix: str | None = Field(default=None, alias="routingPrefix")
    phone_number: str = Field(default="", alias="phoneNumber")
    display_name: str | None = Field(default=None, alias="displayName")
    first_name: str | None = Field(default=None, alias="firstName")
    last_name: str | None = Field(default=None, alias="lastName")
    level: str = ""
    location_id: str | None = Field(default=None, alias="locationId")
    location_name: str | None = Field(default=None, alias="locationName")

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
    name: str = ""
    prefix: str = ""
    patterns: tuple[str, ...] | None = None
    level: str | None = None
    location_id: str | None = Field(default=None, alias="locationId")
    location_name: str | None = Field(default=None, alias="locationName")


class ValidationEntry(_Read):
    """The verdict on one number or on one part of a range: `name`, `prefix` or `pattern` says which."""

    status: str = Field(default="", alias="state")
    phone_number: str | None = Field(default=None, alias="phoneNumber")
    name: str | None = None
    prefix: str | None = None
    pattern: str | None = None
    error_code: str | None = Field(default=None, alias="errorCode")
    message: str | None = None

    @property
    def passed(self) -> bool:
        """Whether Webex found nothing wrong with this entry."""
        return self.status == "VALID"


class Validation(_Read):
    """The answer of both validate calls: HTTP 200 also when the validation failed."""

    status: str = ""
    entries: tuple[ValidationEntry, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the whole request was found valid."""
        return self.status == "OK"

    @field_validator("entries", mode="before")
    @classmethod
    def _none_is_empty(cls, value: object) -> object:
        return value or ()
