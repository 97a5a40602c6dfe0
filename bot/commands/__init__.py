"""One module per capability; each function declared with @command is a command."""

from bot.commands import (
    changes,
    extensions,
    help,  # noqa: A004
    history,
    locations,
    ranges,
    settings,
    undo,
    validation,
)
from bot.registry import Registry, collect


def all_commands() -> Registry:
    """Every command of the bot, by name, in the order in which help shows them."""
    return collect(extensions, ranges, locations, validation, settings, changes, undo, history, help)
