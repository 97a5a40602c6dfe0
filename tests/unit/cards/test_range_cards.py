"""Lists, details, choices and forms of ranges."""

from card_reader import below, buttons, data, inputs, twin_words, values, words
from card_samples import BERLIN, LOCATIONS, MUNICH, RANGE_ASKED, RANGE_COMMANDS
from card_schema import check_card

from bot.command import Arguments, Command
from cards.choice import choice_card
from cards.ranges import range_change_form, range_choice, range_details, range_form, range_list

MANY = BERLIN.model_copy(update={"patterns": tuple(f"{number}XXX" for number in range(200, 300))})


def test_a_list_shows_name_prefix_patterns_and_place_on_card_and_twin():
    card = range_list((BERLIN,), Arguments(prefix="+49"), locations=LOCATIONS)
    for said in (words(card), twin_words(card)):
        for fact in ("Berlin", "+4930555", "5XXX, 6XXX", "Munich", "prefix +49 · 1, and no more"):
            assert fact in said
    assert "Type `range Berlin` for details, or `ranges at Munich` to filter." in card.markdown


def test_a_list_has_a_choice_of_row_pages_and_all_filters():
    card = range_list(
        (BERLIN,) * 10, Arguments(name="Ber"), start=10, more=True, locations=LOCATIONS, may_add=True
    )
    assert data(card, "Show") == {"command": "ranges.show"}
    assert data(card, "Next") == {"command": "ranges.list", "with_name": "Ber", "with_start": "20"}
    assert data(card, "Add") == {"command": "ranges.add"}
    assert set(inputs(card)) == {"target", "name", "prefix", "location", "level", "order"}
    assert values(card)["name"] == "Ber"


def test_an_empty_list_says_how_to_go_on():
    assert "Type `add range Berlin +4930555 5XXX 6XXX at Munich` to add the first one." in (
        range_list((), Arguments(), may_add=True).markdown
    )
    card = range_list((), Arguments(prefix="+49"))
    assert "No range found" in words(card)
    assert "Take away a filter, or type `ranges` to see all of them." in card.markdown


def test_details_say_which_number_a_pattern_calls():
    card = range_details(BERLIN, RANGE_COMMANDS)
    for said in (words(card), twin_words(card)):
        assert "Dialling a number that fits a pattern calls the prefix followed by that number." in said
        for fact in ("Berlin", "+4930555", "Munich", "2 patterns", "5XXX", "+49305555XXX"):
            assert fact in said
    assert data(card, "Edit") == {"command": "ranges.change", "with_target": BERLIN.id}
    assert data(card, "Delete") == {"command": "ranges.delete", "with_target": BERLIN.id}
    assert (
        "Type `range Berlin add 7XXX` to add a pattern, `delete range Berlin` to delete the range."
        in card.markdown
    )


def test_a_hundred_patterns_are_all_shown():
    card = range_details(MANY, ())
    check_card(card.content)
    for pattern in MANY.patterns or ():
        assert pattern in words(card)
        assert pattern in card.markdown
    assert buttons(card) == {}


def test_a_range_without_patterns_says_so():
    empty = BERLIN.model_copy(update={"patterns": ()})
    assert "No patterns yet: the range calls nothing." in words(range_details(empty, ()))


def test_a_choice_continues_the_pending_command():
    pending = Command("ranges.change", Arguments(target="Ber", patterns=("7XXX", "8XXX")))
    card = range_choice((BERLIN, BERLIN), pending)
    assert "Which Ber do you mean?" in words(card)
    assert data(card, "Continue") == {"command": "ranges.change", "with_patterns": "7XXX 8XXX"}
    assert choice_card((BERLIN, BERLIN), pending) == card


def test_a_form_holds_what_was_typed_with_a_pattern_a_line():
    card = range_form(RANGE_ASKED, LOCATIONS, {"patterns": "5XXX is in another range already."})
    assert values(card) == {
        "name": "Berlin",
        "prefix": "+4930555",
        "patterns": "5XXX\n6XXX",
        "location": MUNICH.id,
    }
    assert below(card, "patterns") == "5XXX is in another range already."
    assert data(card, "Continue") == {"command": "ranges.add"}
    assert "**Patterns**: 5XXX is in another range already." in card.markdown
    assert "Digits, then X for any digit, such as 5XXX. Separate several by spaces or lines." in words(card)


def test_the_form_of_a_range_asks_what_to_do_with_its_patterns():
    card = range_change_form(BERLIN, Arguments(patterns=("7XXX",)))
    assert values(card) == {"name": "Berlin", "prefix": "+4930555", "action": "", "patterns": "7XXX"}
    choices = [choice["value"] for choice in inputs(card)["action"]["choices"]]
    assert choices == ["", "ADD", "REMOVE", "REPLACE"]
    assert "2 patterns: 5XXX, 6XXX" in words(card)
    assert data(card, "Continue") == {"command": "ranges.change", "with_target": BERLIN.id}
    assert "`range Berlin add 7XXX` or `rename range Berlin to Spree`" in card.markdown
