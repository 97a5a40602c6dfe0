"""The locations that extensions and ranges can be at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.access import Permission
from bot.command import Arguments
from bot.registry import command
from bot.vocabulary import LISTING
from bot.wording import NO_VERB, Wording, phrases
from cards.locations import PAGE, location_list

if TYPE_CHECKING:
    from bot.context import Context
    from cards.elements import Card


@command(
    "locations.list",
    title="List locations",
    help="Lists the locations with Webex Calling.",
    examples=("locations",),
    permission=Permission.READ,
    wordings=(
        Wording(
            (NO_VERB, *LISTING, "where are"),
            phrases("""
                    locations, sites, offices, calling locations, webex calling locations, location, location
                    list, branches, calling sites, list of locations, places, office locations, every location,
                    every site
                """),
            noun_needed=True,
            fillers=phrases("""
                    do we have, are there, exist, do you know, can i use, are available, have we got, known,
                    with webex calling, with routing prefixes, routing prefixes, and their routing prefixes
                """),
        ),
    ),
)
def list_locations(ctx: Context, wanted: Arguments) -> Card:
    """Show the locations."""
    start = wanted.start or 0
    locations = ctx.services.locations.all()
    page = locations[start : start + PAGE]
    return location_list(page, start=start, more=len(locations) > start + PAGE)
