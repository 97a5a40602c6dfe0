"""The elements reject what the package would drop."""

import pytest

from cards.elements import Card, Choice, Fact, InputChoiceSet, InputText, Submit, TextBlock, finish


@pytest.mark.parametrize("element", [TextBlock, InputText, InputChoiceSet, Submit, Choice, Fact])
def test_a_misspelt_property_is_an_error(element: type):
    with pytest.raises(TypeError, match="has no property is_visible"):
        element(is_visible=False)


def test_a_value_of_the_wrong_type_is_an_error():
    with pytest.raises(TypeError, match="wrap must be of type"):
        TextBlock(text="5012", wrap="true")


def test_a_property_without_a_value_is_left_out():
    card = finish([TextBlock(text="5012", wrap=True, color=None)], [], "5012")
    assert card.content["body"] == [{"type": "TextBlock", "text": "5012", "wrap": True}]


def test_a_card_without_buttons_has_no_empty_list_of_them():
    assert "actions" not in finish([TextBlock(text="5012")], [], "5012").content


def test_a_finished_card_is_of_the_version_that_webex_draws():
    card = finish([], [Submit(title="Help", data={"command": "help"})], "twin", "7F3K")
    assert card == Card(card.content, "twin", "7F3K")
    assert card.content["version"] == "1.3"
    assert card.content["actions"] == [{"type": "Action.Submit", "title": "Help", "data": {"command": "help"}}]
