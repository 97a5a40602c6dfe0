"""The locations with Webex Calling, and what of them and of the things at them a person may see."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.calling.client import CallingClient
from bot.calling.models import Extension, Location, Range
from bot.calling.requests import ExtensionFilter, RangeFilter
from bot.errors import NotAllowed, UserError
from bot.policy import ORGANIZATION, Place, Reach
from bot.telephony import Level
from bot.webex.ids import name_in
from cards.wording import joined

FRESH = timedelta(minutes=5)
"""How long the list of locations is taken as known; one that is not found in it is asked for anew."""

Filter = TypeVar("Filter", ExtensionFilter, RangeFilter)


class Locations:
    """The locations with Webex Calling, kept for a few minutes. Shared by all threads."""

    def __init__(self, calling: CallingClient, now: Callable[[], datetime]) -> None:
        self._calling = calling
        self._now = now
        self._lock = threading.Lock()
        self._known: list[Location] = []
        self._read_at: datetime | None = None

    def all(self) -> list[Location]:
        """Every location, by name."""
        with self._lock:
            if self._read_at is None or abs(self._now() - self._read_at) > FRESH:
                self._read()
            return self._known

    def read_again(self) -> None:
        """Ask Webex anew: a location may have been added."""
        with self._lock:
            self._read()

    def _read(self) -> None:
        self._known = sorted(self._calling.list_locations(), key=lambda location: location.name.casefold())
        self._read_at = self._now()


@dataclass(frozen=True)
class View:
    """What a person may see with a command: the places that it `admits`, as if there were no others.

    With a `reach` of everywhere it admits all. `refusal` is what to say where somebody looks for more than they
    may see; what is there and what is not look alike.
    """

    known: Locations
    reach: Reach
    admits: Callable[[Place], bool]
    refusal: str

    def locations(self) -> list[Location]:
        """The locations that the person may see, by name."""
        return [location for location in self.known.all() if self.admits(place_of_location(location))]

    def limits(self) -> str:
        """Where the person may look, such as `only at Lyon`; empty for everywhere."""
        if self.reach.everywhere:
            return ""
        names = [location.name for location in self.locations()]
        names += ["organization level"] if self.admits(ORGANIZATION) else []
        return f"only at {joined(names) or 'no location'}"

    def find_location(self, named: str) -> Location:
        """The location with that id or name, or the only one whose name begins so.

        Raises UserError, or NotAllowed where the person may not see all of them.
        """
        matching = _matching(self.locations(), named)
        if not matching:
            self.known.read_again()
            matching = _matching(self.locations(), named)
        if len(matching) == 1:
            return matching[0]
        if matching:
            sentence, hint = f"More than one location begins with “{named}”.", f"Choose one of {_names(matching)}."
            raise UserError(sentence, hint, "location")
        hint = f"Choose one of {_names(self.locations())}."
        # An id is what a form sends: it says nothing to anybody.
        shown = f"location “{named}”" if name_in(named) == named else "such location"
        sentence = f"There is no {shown} with Webex Calling"
        if self.reach.everywhere:
            raise UserError(f"{sentence}.", hint, "location")
        raise NotAllowed(f"{sentence} where you may do that. {self.refusal}", for_record=self.refusal)

    def sees(self, one: Extension | Range) -> bool:
        """Whether the person may see it."""
        return self.reach.everywhere or self.admits(place_of(one))

    def not_found(self, sentence: str, hint: str) -> UserError:
        """What to raise for a thing that is not there, or not to be seen. `sentence` without its full stop.

        Most often it was mistyped, so that it is no refusal to be noted: whether there is such a thing elsewhere
        must not be told, in the history neither. Who names a location where they may not is refused.
        """
        if self.reach.everywhere:
            return UserError(f"{sentence}.", hint, "target")
        return UserError(f"{sentence} where you may do that.", f"{hint} Is it elsewhere? {self.refusal}", "target")

    def narrow(self, filters: Filter) -> Filter:
        """The filters for as little as possible of what the person may not see: for one place Webex has one."""
        if filters.location_id or filters.org_level_only or self.reach.everywhere:
            return filters
        visible = self.locations()
        if len(visible) == 1 and not self.admits(ORGANIZATION):
            return filters.model_copy(update={"location_id": visible[0].id})
        return filters if visible else filters.model_copy(update={"org_level_only": True})


def place_of(one: Extension | Range) -> Place:
    """Where an extension or a range is.

    At a location that Webex does not name it is not at organization level, but at a place that nobody has.
    """
    unnamed = "" if one.level == Level.LOCATION else None
    return Place(one.location_id or unnamed, one.location_name)


def place_of_location(location: Location) -> Place:
    """The place that a location is."""
    return Place(location.id, location.name)


def _matching(locations: Iterable[Location], named: str) -> list[Location]:
    wanted = named.strip().casefold()
    known = list(locations)
    exact = [location for location in known if location.id == named or location.name.casefold() == wanted]
    return exact or [location for location in known if wanted and location.name.casefold().startswith(wanted)]


def _names(locations: list[Location]) -> str:
    shown = [location.name for location in locations[:12]]
    return ", ".join(shown) + (" …" if len(locations) > 12 else "")
