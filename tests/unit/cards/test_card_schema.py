"""The check that every card passes does find what is wrong."""

from copy import deepcopy
from typing import Any

import pytest
from card_samples import JANE, LOCATIONS
from card_schema import check_card

from bot.command import Arguments
from cards.extensions import extension_list

GOOD = extension_list((JANE,), Arguments(), locations=LOCATIONS).content
TEXT = {"type": "TextBlock", "text": "5012", "wrap": True}
HELP = {"type": "Action.Submit", "title": "Help", "data": {"command": "help"}}

WRONG: dict[str, dict[str, Any]] = {
    "version 1.5": {"version": "1.5"},
    "was unexpected": {"body": [{**TEXT, "isVisble": False}]},
    "Table is not drawn": {"body": [{"type": "Table"}]},
    "Media is not drawn": {"body": [{"type": "Media", "sources": []}]},
    "without wrap": {"body": [{"type": "TextBlock", "text": "5012"}]},
    "empty text": {"body": [{**TEXT, "text": " "}]},
    "a column without a width": {"body": [{"type": "ColumnSet", "columns": [{"type": "Column", "items": []}]}]},
    "an input id is used twice": {"body": [{"type": "Input.Text", "id": "name"}] * 2},
    "says neither its style": {"body": [{"type": "Input.ChoiceSet", "id": "mode", "choices": []}]},
    "6 buttons": {"actions": [HELP] * 6},
    "has no command": {"actions": [{**HELP, "data": {}}]},
    "data that is not text": {"actions": [{**HELP, "data": {"command": "help", "with_start": 10}}]},
    "named as an input": {
        "body": [{"type": "Input.Text", "id": "command"}],
        "actions": [HELP],
    },
    "bytes": {"body": [{**TEXT, "text": "5" * 21_000}]},
}


def test_a_good_card_passes():
    check_card(GOOD)


@pytest.mark.parametrize("complaint", WRONG)
def test_a_wrong_card_is_found_out(complaint: str):
    with pytest.raises(AssertionError, match=complaint):
        check_card({**deepcopy(GOOD), **WRONG[complaint]})
