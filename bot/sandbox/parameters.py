"""How the calls of the virtual extension API read ids and query parameters, and leave out what is not set."""

from typing import Any

from flask import request

from bot.sandbox.http import ApiError
from bot.sandbox.ids import tail_of, webex_id
from bot.sandbox.locations import Location
from bot.sandbox.numbering import Numbering


def id_of(kind: str, given: str) -> str:
    """Return an id without padding; what is no id at all will be found nowhere.

    Raises ApiError 400 for the id of something else, in the words that a live VIRTUAL_LINE id got.
    """
    tail = tail_of(given) if given.isascii() else ""
    plain = given.rstrip("=")
    if tail and webex_id(kind, tail) != plain:
        raise ApiError(400, "Wrong type of Webex ID provided")
    return plain


def location_at(numbering: Numbering, location_id: str) -> Location | None:
    """Return the location of this id, or None for "" (the organization level). Raises a Rejection (404)."""
    return numbering.location(id_of("LOCATION", location_id)) if location_id else None


def one_of(*names: str) -> None:
    """Raise ApiError 400 where the request has more than one of the query parameters `names`."""
    if len([name for name in names if request.args.get(name)]) > 1:
        raise ApiError(400, f"Only one of the query parameters {', '.join(names)} is allowed at the same time.")


def switched_on(name: str) -> bool:
    """Return the query parameter `name`, `true` or `false` in any case. Raises ApiError 400 if it is neither."""
    text = request.args.get(name, "").lower()
    if text not in {"", "true", "false"}:
        raise ApiError(400, f"Invalid value for the query parameter {name}: {text}")
    return text == "true"


def descending(order: str) -> bool:
    """Return whether `order` is DSC (or DESC), not ASC or "". Raises ApiError 400 where it is none of these."""
    if order.upper() not in {"", "ASC", "DSC", "DESC"}:
        raise ApiError(400, f"Invalid value for the query parameter order: {order}")
    return order.upper() in {"DSC", "DESC"}


def contains(text: str, part: str) -> bool:
    """Return whether `part` is in `text`, without regard to case."""
    return part.casefold() in text.casefold()


def present(**fields: Any) -> dict[str, Any]:
    """Return the fields that have a value: the API leaves out the others and sends no null."""
    return {name: value for name, value in fields.items() if value is not None}
