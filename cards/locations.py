"""The list of locations with Webex Calling."""

from collections.abc import Sequence

from bot.calling.models import Location
from bot.command import Arguments
from cards.buttons import pages
from cards.elements import Card, finish
from cards.layout import Cell, header, quiet, sentence, table
from cards.twin import bold, item, line_to_type, plain, twin
from cards.wording import extent

PAGE = 15
"""Rows on a card."""

HEADINGS = ("Location", "Routing prefix")


YOURS = "only those where you may look"


def location_list(
    locations: Sequence[Location], *, start: int = 0, more: bool = False, limited: bool = False
) -> Card:
    """One page of locations. `start` is its zero-based offset, `more` whether others follow.

    `limited` says that there may be others, which the person may not see.
    """
    rows, more = locations[:PAGE], more or len(locations) > PAGE
    if not rows:
        return _no_locations(limited)
    title, about = "Locations", "People elsewhere dial the routing prefix, then the extension of the location."
    extent_words = f"{YOURS} · {extent(start, len(rows), more)}" if limited else extent(start, len(rows), more)
    cells = [(Cell(one.name, bold=True), Cell(_prefix(one))) for one in rows]
    body = [
        *header("Webex Calling", title, extent_words),
        *table(HEADINGS, ("3", "2"), cells),
        quiet(about, "medium"),
    ]
    lines = [plain(extent_words), *(item(bold(one.name), plain(f"routing prefix {_prefix(one)}")) for one in rows)]
    go_on = f"Type {line_to_type('extensions at', rows[0].name)} to see what is there."
    actions = pages("locations.list", Arguments(), start, PAGE, more)
    return finish(body, actions, twin(title, [*lines, plain(about)], go_on))


def _no_locations(limited: bool) -> Card:
    title, why = (
        "No location found",
        "No location of your organization has Webex Calling, or the list ended before.",
    )
    hint = "Set one up in Control Hub, then type `locations` again."
    if limited:
        why = "There is none where you may look, or the list ended before."
        hint = "Type `whoami` to see where that is."
    return finish(
        [*header("Webex Calling", title), sentence(why), quiet(hint)], [], twin(title, [plain(why)], hint)
    )


def _prefix(location: Location) -> str:
    return location.routing_prefix or "none"
