"""The organization's mode: how virtual extensions are signalled to the PSTN."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.command import Arguments
from bot.errors import UserError
from bot.plans import Change, Kind, Thing
from bot.policy import ORGANIZATION, Permission
from bot.proposals import propose
from bot.registry import command
from bot.wordings import settings as wordings
from cards.mode import mode_card

if TYPE_CHECKING:
    from bot.context import Context
    from cards.elements import Card


@command(
    "mode.show",
    title="Show the mode",
    help="Shows whether virtual extensions work in standard or enhanced mode.",
    examples=("mode", "which mode"),
    permission=Permission.READ,
    wordings=wordings.SHOW,
)
def show_mode(ctx: Context, wanted: Arguments) -> Card:
    """Show the mode of the organization."""
    return mode_card(ctx.calling.get_mode(), may_change=ctx.may_at("mode.change", ORGANIZATION))


@command(
    "mode.change",
    title="Change the mode",
    help="Switches virtual extensions between standard and enhanced mode, for the whole organization.",
    examples=("mode enhanced", "mode standard"),
    permission=Permission.SETTINGS,
    changes=True,
    required=("mode",),
    touches=("mode",),
    wordings=wordings.CHANGE,
)
def change_mode(ctx: Context, wanted: Arguments) -> Card:
    """Plan another mode, with its warning."""
    if wanted.mode is None:
        return show_mode.run(ctx, wanted)
    mode = ctx.calling.get_mode()
    if mode == wanted.mode:
        raise UserError(f"The mode is {mode.capitalize()} already.", "Nothing needs to be done.")
    change = Change(Kind.CHANGE, Thing.MODE, wanted.mode, {"mode": mode}, {"mode": wanted.mode.value})
    return propose(ctx, change)
