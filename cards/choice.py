"""Which one is meant, where several fit."""

from collections.abc import Sequence

from bot.calling.models import Extension, Range
from bot.command import Command
from cards.elements import Card
from cards.extensions import extension_choice
from cards.ranges import range_choice


def choice_card(found: Sequence[Extension | Range], pending: Command) -> Card:
    """The things that fit; the one that is chosen continues the pending command."""
    ranges = [one for one in found if isinstance(one, Range)]
    return (
        range_choice(ranges, pending)
        if ranges
        else extension_choice([one for one in found if isinstance(one, Extension)], pending)
    )
