"""One module per capability; each function declared with @command is a command."""

from bot.commands import changes, extensions, help, locations, ranges, settings, undo, validation  # noqa: A004
from bot.registry import Registry, collect


def all_commands() -> Registry:
    """Every command of the bot, by name, in the order in which help shows them."""
    return collect(extensions, ranges, locations, validation, settings, changes, undo, help)
