"""Lists, details, choices and forms of virtual extensions."""

import json

from card_reader import below, buttons, data, inputs, twin_words, values, words
from card_samples import (
    BAD_FIELDS,
    BAD_FORM,
    DENVER,
    EXTENSION_COMMANDS,
    FILTERS,
    JANE,
    LOCATIONS,
    LYON,
    PENDING,
    SUPPLIER,
    many_extensions,
)
from card_schema import check_card
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calling.models import Location
from bot.command import Arguments
from bot.telephony import Level
from cards.choice import choice_card
from cards.extensions import (
    extension_change_form,
    extension_choice,
    extension_details,
    extension_form,
    extension_list,
)

TEXT = st.text(st.characters(exclude_categories=()), max_size=200)


def test_a_list_shows_extension_name_number_and_place_on_card_and_twin():
    card = extension_list((JANE, SUPPLIER), Arguments(), locations=LOCATIONS)
    for said in (words(card), twin_words(card)):
        for fact in ("5012", "Jane Doe", "+14085550123", "Denver", "ESN 43225012", "Organization", "2 in all"):
            assert fact in said
    assert "Type `show 5012` for details, or `extensions at Lyon named smith` to filter." in card.markdown


def test_the_rows_of_a_list_line_up():
    card = extension_list(many_extensions(10), Arguments())
    rows = [node for node in card.content["body"] if node["type"] == "ColumnSet"]
    assert len(rows) == 11
    assert len({tuple(column["width"] for column in row["columns"]) for row in rows}) == 1


def test_a_row_is_chosen_by_id_and_shown():
    card = extension_list((JANE, SUPPLIER), Arguments())
    assert [choice["value"] for choice in inputs(card)["target"]["choices"]] == [JANE.id, SUPPLIER.id]
    assert values(card)["target"] == JANE.id
    assert data(card, "Show") == {"command": "extensions.show"}


def test_the_title_says_the_filters_in_words():
    card = extension_list((JANE,), FILTERS, start=10, more=True, locations=LOCATIONS)
    for said in (words(card), twin_words(card)):
        assert "at Lyon · name smith · in descending order · 11 to 11, and there are more" in said


def test_pages_keep_the_filters():
    card = extension_list(many_extensions(10), FILTERS, start=10, more=True, locations=LOCATIONS)
    kept = {"with_location": LYON.id, "with_name": "smith", "with_order": "DSC"}
    assert data(card, "Next") == {"command": "extensions.list", "with_start": "20", **kept}
    assert data(card, "Previous") == {"command": "extensions.list", "with_start": "0", **kept}
    assert buttons(card)["Next"]["associatedInputs"] == "none"
    assert "Press Next on the card to see more." in card.markdown


def test_the_first_and_only_page_has_no_page_buttons():
    assert not {"Next", "Previous"} & set(buttons(extension_list((JANE,), Arguments())))


def test_a_list_that_is_too_long_for_a_card_goes_on_on_the_next():
    card = extension_list(many_extensions(12), Arguments())
    assert "5009" in words(card)
    assert "5010" not in words(card)
    assert data(card, "Next")["with_start"] == "10"


def test_the_filter_form_has_every_filter_and_keeps_what_is_set():
    card = extension_list((JANE,), Arguments(location=LYON.id, level=Level.ORGANIZATION), locations=LOCATIONS)
    assert set(inputs(card)) == {"target", "extension", "phone_number", "name", "location", "level", "order"}
    assert values(card)["location"] == LYON.id
    assert values(card)["level"] == "ORGANIZATION"
    assert data(card, "Apply") == {"command": "extensions.list"}
    assert buttons(card)["Filter"]["type"] == "Action.ShowCard"


def test_only_who_may_add_sees_add():
    assert "Add" in buttons(extension_list((JANE,), Arguments(), may_add=True))
    assert "Add" not in buttons(extension_list((JANE,), Arguments(), may_add=False))


def test_an_empty_list_says_how_to_widen_it():
    card = extension_list((), FILTERS, locations=LOCATIONS, may_add=True)
    for said in (words(card), twin_words(card)):
        assert "No virtual extension found" in said
        assert "Nothing fits these filters: at Lyon · name smith · in descending order." in said
    assert "Take away a filter, or type `extensions` to see all of them." in card.markdown
    assert data(card, "Show all") == {"command": "extensions.list"}


def test_an_empty_organization_is_told_how_to_begin():
    card = extension_list((), Arguments(), may_add=True)
    assert "There are none yet." in words(card)
    assert "Type `add 5012 +14085550123 Jane Doe at Denver` to add the first one." in card.markdown


def test_a_page_behind_the_end_says_so():
    assert "The list ends before this page." in words(extension_list((), Arguments(), start=50))


def test_details_show_everything_and_who_dials_what():
    card = extension_details(JANE, EXTENSION_COMMANDS)
    for said in (words(card), twin_words(card)):
        assert "People at Denver dial 5012, everybody else dials 43225012." in said
        for fact in ("+14085550123", "Jane Doe", "Location", "Denver", "4322", "43225012"):
            assert fact in said
    assert data(card, "Edit") == {"command": "extensions.change", "with_target": JANE.id}
    assert data(card, "Delete") == {"command": "extensions.delete", "with_target": JANE.id}
    assert "Type `edit 5012` to change it, `delete 5012` to delete it." in card.markdown


def test_details_at_organization_level_are_dialled_by_everybody():
    assert "Everybody in the organization dials 5012." in words(extension_details(SUPPLIER, ()))


def test_a_reader_gets_no_buttons_that_change():
    card = extension_details(JANE, ())
    assert buttons(card) == {}
    assert "delete" not in card.markdown


def test_a_choice_continues_the_pending_command_with_all_it_was_given():
    card = extension_choice((JANE, SUPPLIER), PENDING)
    assert "Which 5012 do you mean?" in words(card)
    assert data(card, "Continue") == {"command": "extensions.change", "with_phone_number": "+14085550999"}
    assert [choice["value"] for choice in inputs(card)["target"]["choices"]] == [JANE.id, SUPPLIER.id]
    assert "Type your line again with the phone number, such as `show +14085550123`." in card.markdown


def test_a_choice_of_too_many_says_that_some_are_left_out():
    assert "Only the first 10 of 30 are shown." in extension_choice(many_extensions(30), PENDING).markdown


def test_any_things_that_fit_get_the_choice_of_their_kind():
    assert choice_card((JANE, SUPPLIER), PENDING) == extension_choice((JANE, SUPPLIER), PENDING)


def test_a_form_holds_what_was_typed():
    card = extension_form(Arguments(extension="5012", phone_number="+14085550123", location="denver"), LOCATIONS)
    assert values(card)["extension"] == "5012"
    assert values(card)["phone_number"] == "+14085550123"
    assert values(card)["location"] == DENVER.id
    assert data(card, "Continue") == {"command": "extensions.add"}
    assert "Nothing changes before you have seen and confirmed it." in words(card)
    assert "`add 5012 +14085550123 Jane Doe at Denver`" in card.markdown


def test_organization_level_is_the_first_choice_of_a_form():
    location = inputs(extension_form(Arguments(), LOCATIONS))["location"]
    assert location["choices"][0] == {"title": "Organization (everybody can dial it)", "value": ""}
    assert location["value"] == ""


def test_an_error_stands_below_its_field_and_what_was_typed_is_kept():
    card = extension_form(BAD_FORM, LOCATIONS, BAD_FIELDS)
    assert below(card, "phone_number") == BAD_FIELDS["phone_number"]
    assert below(card, "location") == "There is no location named Lyonn. Type “locations” to see all of them."
    assert values(card)["phone_number"] == "+1408555"
    assert values(card)["display_name"] == "Jane *Doe*"
    assert "Nothing was changed. Mend what is marked below." in words(card)
    assert BAD_FIELDS["location"] in card.markdown


def test_an_unknown_location_stays_as_it_was_typed():
    location = inputs(extension_form(BAD_FORM, LOCATIONS))["location"]
    assert location["type"] == "Input.Text"
    assert location["value"] == "Lyonn"


def test_an_error_without_a_field_stands_above_the_form():
    card = extension_form(BAD_FORM, LOCATIONS, {"": "Webex did not accept it.", "mode": "The mode is ENHANCED."})
    assert "Webex did not accept it. The mode is ENHANCED." in words(card)
    assert "Webex did not accept it." in card.markdown


def test_an_organization_with_many_locations_is_asked_for_a_name():
    many = [Location(id=f"{DENVER.id}{number}", name=f"Branch {number}") for number in range(300)]
    assert inputs(extension_form(Arguments(), many))["location"]["type"] == "Input.Text"
    check_card(extension_form(Arguments(), many).content)


def test_the_form_of_an_extension_has_its_values_and_what_was_typed_over_them():
    card = extension_change_form(JANE, Arguments(last_name="Roe", first_name=""))
    assert values(card) == {
        "extension": "5012",
        "phone_number": "+14085550123",
        "display_name": "Jane Doe",
        "first_name": "",
        "last_name": "Roe",
    }
    assert data(card, "Continue") == {"command": "extensions.change", "with_target": JANE.id}
    assert "At Denver. Webex can't move it to another location." in words(card)


@settings(max_examples=25, deadline=None)
@given(TEXT, TEXT, TEXT)
def test_no_name_breaks_a_card_or_its_twin(name: str, place: str, number: str):
    strange = JANE.model_copy(update={"display_name": name, "location_name": place, "phone_number": number})
    card = extension_list([strange], Arguments(name=name, location=place), may_add=True)
    for made in (card, extension_details(strange, EXTENSION_COMMANDS)):
        check_card(made.content)
        assert len(made.markdown.encode()) <= 7_439
        assert "<" not in made.markdown


@settings(max_examples=5, deadline=None)
@given(st.text("漢字かな", min_size=60, max_size=80))
def test_long_names_in_a_wide_alphabet_keep_a_list_within_its_size(name: str):
    strange = JANE.model_copy(update={"display_name": name, "location_name": name})
    places = [Location(id=f"{DENVER.id}{count}", name=name) for count in range(60)]
    card = extension_list([strange] * 10, FILTERS, start=10, more=True, locations=places, may_add=True)
    check_card(card.content)
    assert len(json.dumps(card.content)) <= 20_480
    assert len(card.markdown.encode()) <= 7_439
