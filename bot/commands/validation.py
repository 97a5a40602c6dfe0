"""Checks before a change: are these numbers, is this range, acceptable to Webex?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.access import Target
from bot.apply import range_named
from bot.calling.models import Location, Range
from bot.calling.requests import RangeCheck
from bot.checks import place_of_new
from bot.command import Arguments
from bot.lookup import as_prefix, find_range, in_e164
from bot.places import place_of_location
from bot.policy import ORGANIZATION, Permission
from bot.registry import command
from bot.wordings import validation as wordings
from cards.validation import numbers_form, numbers_result, range_result, range_validation_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.context import Context
    from cards.elements import Card


def _draw_range(ctx: Context, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    view = ctx.view
    return range_validation_form(wanted, view.locations(), mistakes, everybody=view.admits(ORGANIZATION))


def _existing(ctx: Context, wanted: Arguments) -> Range | None:
    """The range whose change is checked: named by a card's id, or by its name where no prefix is given."""
    if wanted.target:
        return find_range(ctx.calling, ctx.view, wanted)
    if wanted.prefix or not wanted.name:
        return None
    found = range_named(ctx.calling, wanted.name)
    return found if found and ctx.view.sees(found) else None


def _location(ctx: Context, wanted: Arguments) -> Location | None:
    """Where a new range would be: what is taken there is for those to know who may look there."""
    location = place_of_new(ctx.view, wanted)
    ctx.require(ctx.command, Target(place_of_location(location) if location else ORGANIZATION))
    return location


@command(
    "numbers.validate",
    title="Check numbers",
    help="Checks whether phone numbers can be used for virtual extensions.",
    examples=("check +14085550123 +493055501",),
    permission=Permission.READ,
    required=("phone_numbers",),
    wordings=wordings.NUMBERS,
)
def validate_numbers(ctx: Context, wanted: Arguments) -> Card:
    """Show the verdict on each number."""
    if not wanted.phone_numbers:
        return numbers_form(wanted)
    numbers = [in_e164(typed) for typed in wanted.phone_numbers]
    return numbers_result(ctx.calling.validate_numbers(numbers), numbers)


@command(
    "ranges.validate",
    title="Check a range",
    help="Checks whether a range's name, prefix and patterns would be accepted.",
    examples=("check range Berlin +4930555 5XXX",),
    permission=Permission.READ,
    required=("name",),
    form=_draw_range,
    wordings=wordings.RANGES,
)
def validate_range(ctx: Context, wanted: Arguments) -> Card:
    """Show the verdict on each part of a range."""
    if not (wanted.name or wanted.prefix or wanted.patterns):
        return _draw_range(ctx, wanted, {})
    view, existing = ctx.view, _existing(ctx, wanted)
    location = None if existing else _location(ctx, wanted)
    check = RangeCheck(
        name=wanted.name or None,
        prefix=as_prefix(wanted.prefix) if wanted.prefix else None,
        patterns=tuple(pattern.upper() for pattern in wanted.patterns) or None,
        location_id=location.id if location else None,
        range_id=existing.id if existing else None,
    )
    asked = replace(wanted, target=existing.id if existing else None)
    validation = ctx.calling.validate_range(check)
    everybody = view.admits(ORGANIZATION)
    return range_result(validation, asked, view.locations(), ctx.may("ranges.add"), everybody=everybody)
