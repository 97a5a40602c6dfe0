"""What holds for every card."""

import json

import pytest
from card_samples import all_cards
from card_schema import check_card

from cards.elements import Card

CARDS = all_cards()


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())
def test_a_card_keeps_to_the_schema_and_to_webex_limits(card: Card):
    check_card(card.content)


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS.keys())
def test_a_twin_fits_into_a_message_and_says_how_to_go_on(card: Card):
    assert len(card.markdown.encode()) <= 7_439
    assert card.markdown.startswith("**")
    assert "`" in card.markdown.split("\n\n")[-1]


def test_the_content_is_plain_json():
    for card in CARDS.values():
        assert json.loads(json.dumps(card.content)) == card.content
