"""The locations that extensions and ranges can be at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.command import Arguments
from bot.policy import Permission
from bot.registry import command
from bot.wordings import locations as wordings
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
    wordings=wordings.LIST,
)
def list_locations(ctx: Context, wanted: Arguments) -> Card:
    """Show the locations."""
    start = wanted.start or 0
    view = ctx.view
    locations = view.locations()
    page = locations[start : start + PAGE]
    return location_list(page, start=start, more=len(locations) > start + PAGE, limited=not view.reach.everywhere)
