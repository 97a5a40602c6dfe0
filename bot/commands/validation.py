"""Checks before a change: are these numbers, is this range, acceptable to Webex?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.apply import range_named
from bot.calling.models import Range
from bot.calling.requests import RangeCheck
from bot.command import Arguments
from bot.lookup import as_prefix, find_place, find_range, in_e164
from bot.policy import Permission
from bot.registry import command
from bot.wordings import validation as wordings
from cards.validation import numbers_form, numbers_result, range_result, range_validation_form

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.context import Context
    from cards.elements import Card


def _draw_range(ctx: Context, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    return range_validation_form(wanted, ctx.view.locations(), mistakes)


def _existing(ctx: Context, wanted: Arguments) -> Range | None:
    """The range whose change is checked: named by a card's id, or by its name where no prefix is given."""
    if wanted.target:
        return find_range(ctx.calling, ctx.view, wanted)
    if wanted.prefix or not wanted.name:
        return None
    found = range_named(ctx.calling, wanted.name)
    return found if found and ctx.view.sees(found) else None


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
    existing = _existing(ctx, wanted)
    location = None if existing else find_place(ctx.view, wanted)
    check = RangeCheck(
        name=wanted.name or None,
        prefix=as_prefix(wanted.prefix) if wanted.prefix else None,
        patterns=tuple(pattern.upper() for pattern in wanted.patterns) or None,
        location_id=location.id if location else None,
        range_id=existing.id if existing else None,
    )
    asked = replace(wanted, target=existing.id if existing else None)
    validation = ctx.calling.validate_range(check)
    return range_result(validation, asked, ctx.view.locations(), ctx.may("ranges.add"))
