"""Virtual extension ranges: list, show, add, change, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.calling.models import Range
from bot.checks import (
    check_changed_range,
    check_new_range,
    differing,
    new_patterns,
    place_of_new,
    read_new_range,
    read_range_changes,
)
from bot.command import Arguments
from bot.lookup import RANGE_FILTERS, find_range, only, ranges_page
from bot.places import place_of
from bot.plans import Change, Image, Kind, Thing, image_of_range
from bot.policy import ORGANIZATION, Permission
from bot.proposals import propose
from bot.registry import command
from bot.wordings import ranges as wordings
from cards.listing import PAGE
from cards.ranges import range_change_form, range_details, range_form, range_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.context import Context
    from cards.elements import Card


NO_PATTERNS = "The range has no patterns, so nobody can dial it."


def _find(ctx: Context, wanted: Arguments) -> Range:
    return find_range(ctx.calling, ctx.view, wanted)


def _draw_new(ctx: Context, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    view = ctx.view
    return range_form(wanted, view.locations(), mistakes, everybody=view.admits(ORGANIZATION))


def _draw_changed(ctx: Context, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    return _change_form(ctx, _find(ctx, wanted), wanted, mistakes)


def _change_form(ctx: Context, found: Range, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    fields = ctx.services.access.fields(ctx.person, ctx.command, place_of(found))
    return range_change_form(found, wanted, mistakes, fields=fields)


def _allowed(ctx: Context, found: Range) -> list[str]:
    """What the person may do with it."""
    return [command for command in ("ranges.change", "ranges.delete") if ctx.may_at(command, place_of(found))]


def _change(kind: Kind, found: Range, before: Image, after: Image | None) -> Change:
    place = place_of(found)
    return Change(kind, Thing.RANGE, found.name, before, after, found.id, place.location_id, place.location_name)


def _warnings(after: Image) -> tuple[str, ...]:
    return () if after["patterns"] else (NO_PATTERNS,)


@command(
    "ranges.list",
    title="List ranges",
    help="Lists virtual extension ranges, all or those of a location, a name, a prefix.",
    examples=("ranges", "ranges at Munich", "ranges prefix +4930555", "org ranges"),
    permission=Permission.READ,
    wordings=wordings.LIST,
)
def list_ranges(ctx: Context, wanted: Arguments) -> Card:
    """Show a page of the ranges that pass the filters."""
    view, wanted = ctx.view, only(wanted, RANGE_FILTERS)
    page = ranges_page(ctx.calling, view, wanted, PAGE)
    return range_list(
        page.items,
        wanted,
        start=page.start,
        more=page.more,
        locations=view.locations(),
        may_add=ctx.may("ranges.add"),
        limits=view.limits(),
    )


@command(
    "ranges.show",
    title="Show a range",
    help="Shows one range with its prefix and patterns.",
    examples=("range Berlin", "show range Berlin"),
    permission=Permission.READ,
    required=("target",),
    wordings=wordings.SHOW,
)
def show_range(ctx: Context, wanted: Arguments) -> Card:
    """Show one range, or the choice where several fit."""
    found = _find(ctx, wanted)
    return range_details(found, _allowed(ctx, found))


@command(
    "ranges.add",
    title="Add a range",
    help="Adds a range: extension patterns behind a prefix.",
    examples=("add range Berlin +4930555 5XXX 6XXX at Munich", "create range Sales prefix +14089 patterns 12XXXX"),
    permission=Permission.CHANGE,
    changes=True,
    required=("name", "prefix"),
    touches=("name", "prefix"),
    form=_draw_new,
    wordings=wordings.ADD,
)
def add_range(ctx: Context, wanted: Arguments) -> Card:
    """Plan a new range, or open the form for what is missing."""
    # A button that opens the form sends no input of it; the form sends all, be they empty.
    pressed = not ctx.is_typed and wanted.name is None
    if pressed or (not wanted.patterns and add_range.missing(wanted) == list(add_range.required)):
        return _draw_new(ctx, wanted, {})
    image = read_new_range(wanted)
    location = place_of_new(ctx.view, wanted)
    location_id, location_name = (location.id, location.name) if location else (None, None)
    change = Change(Kind.CREATE, Thing.RANGE, str(image["name"]), None, image, None, location_id, location_name)

    def check() -> tuple[str, ...]:
        check_new_range(ctx.calling, image, location_id)
        return _warnings(image)

    return propose(ctx, change, check)


@command(
    "ranges.change",
    title="Change a range",
    help="Renames a range, changes its prefix, adds, removes or replaces its patterns.",
    examples=(
        "range Berlin add 7XXX",
        "remove 5XXX from range Berlin",
        "replace patterns of range Berlin with 5XXX 6XXX",
        "rename range Berlin to Spree",
    ),
    permission=Permission.CHANGE,
    changes=True,
    required=("target",),
    form=_draw_changed,
    wordings=wordings.CHANGE,
)
def change_range(ctx: Context, wanted: Arguments) -> Card:
    """Plan new values of a range, or open its form."""
    found = _find(ctx, wanted)
    changes = read_range_changes(wanted)
    if not changes and not wanted.patterns:
        return _change_form(ctx, found, wanted, {})
    before = image_of_range(found)
    after = {**before, **changes, "patterns": sorted(new_patterns(found.patterns or (), wanted))}
    differing(before, after)

    def check() -> tuple[str, ...]:
        check_changed_range(ctx.calling, found.id, before, after, found.location_id)
        return _warnings(after)

    return propose(ctx, _change(Kind.CHANGE, found, before, after), check)


@command(
    "ranges.delete",
    title="Delete a range",
    help="Deletes a range with all its patterns.",
    examples=("delete range Berlin",),
    permission=Permission.DELETE,
    changes=True,
    required=("target",),
    touches=("name", "prefix"),
    wordings=wordings.DELETE,
)
def delete_range(ctx: Context, wanted: Arguments) -> Card:
    """Plan the deletion of a range."""
    found = _find(ctx, wanted)
    return propose(ctx, _change(Kind.DELETE, found, image_of_range(found), None))
