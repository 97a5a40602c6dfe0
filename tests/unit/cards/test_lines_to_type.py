"""What the cards tell people to type is understood."""

import re

import pytest
from card_samples import all_cards

from bot.command import Command
from bot.commands import all_commands
from bot.language import read

LINES = sorted({line for card in all_cards().values() for line in re.findall(r"`([^`]+)`", card.markdown)})
COMMANDS = all_commands()


@pytest.mark.parametrize("line", LINES)
def test_a_line_to_type_is_understood(line: str):
    assert isinstance(read(line, COMMANDS), Command)
