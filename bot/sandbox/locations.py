"""Locations of the organization, all with Webex Calling."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Location:
    """A location. `calling_line_number` is its main number in E.164, or None where none is set."""

    id: str
    name: str
    routing_prefix: str
    calling_line_name: str
    calling_line_number: str | None
    time_zone: str
    language: str
    street: str
    city: str
    postal_code: str
    country: str
    latitude: str
    longitude: str
