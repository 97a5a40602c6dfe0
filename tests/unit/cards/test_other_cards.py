"""Mode, help, notices, locations."""

import pytest
from card_reader import buttons, data, twin_words, words
from card_samples import HELP, LOCATIONS

from bot.calling.models import Location
from bot.errors import UserError
from bot.telephony import Mode
from cards.help import greeting_card, help_card, topic_card, whoami_card
from cards.layout import Tone
from cards.locations import location_list
from cards.mode import mode_card
from cards.notice import apology_card, error_card, not_understood_card, notice_card, refusal_card
from cards.twin import twin

TEAM = "The telephony team"


@pytest.mark.parametrize(
    ("mode", "other", "meaning"),
    [
        (Mode.STANDARD, "enhanced", "It works with every PSTN provider."),
        (Mode.ENHANCED, "standard", "Few providers support it; with the others, virtual extensions don't work."),
    ],
)
def test_the_mode_is_shown_with_its_meaning_and_a_warning(mode: Mode, other: str, meaning: str):
    card = mode_card(mode, may_change=True)
    for said in (words(card), twin_words(card)):
        assert meaning in said
        assert "The mode belongs to the whole organization" in said
        assert "Ask your PSTN provider first." in said
    assert data(card, f"Change to {other}") == {"command": "mode.change", "with_mode": other.upper()}
    assert f"Type `mode {other}` to change it; you will be asked to confirm." in card.markdown


def test_who_may_not_change_the_mode_is_not_offered_to():
    card = mode_card(Mode.STANDARD, may_change=False)
    assert buttons(card) == {}
    assert "mode enhanced" not in card.markdown


def test_a_mode_that_is_new_is_not_explained():
    assert "Webex names a mode that is new to this bot." in words(mode_card("HYBRID", may_change=True))


def test_help_lists_lines_to_type_with_a_sentence_each():
    card = help_card(HELP)
    for said in (words(card), twin_words(card)):
        assert "A change is shown to you first, and nothing happens before you confirm it." in said
        for group in HELP:
            for entry in group.entries:
                assert entry.example in said
                assert entry.sentence in said
    assert "- `range Berlin` · Shows a range and its patterns." in card.markdown


def test_a_topic_says_what_it_is_about():
    card = topic_card("Ranges", "A range covers many numbers.", HELP[1].entries)
    assert "A range covers many numbers." in words(card)
    assert "Type `help` for everything else." in card.markdown


def test_whoami_says_what_a_person_may_do_and_why():
    card = whoami_card(
        "Alice Martin", "alice@example.com", ["read", "change"], ["role Full Administrator"], granted_by=TEAM
    )
    for said in (words(card), twin_words(card)):
        for fact in ("Alice Martin", "alice@example.com", "read, change", "role Full Administrator"):
            assert fact in said


def test_whoami_tells_the_space_in_which_it_is_asked():
    card = whoami_card(
        "Alice Martin", "alice@example.com", ["read"], [], granted_by=TEAM, space_id="Y2lzY29zcGFyazo"
    )
    for said in (words(card), twin_words(card)):
        assert "This space" in said
        assert "Y2lzY29zcGFyazo" in said
    assert "This space" not in words(
        whoami_card("Alice Martin", "alice@example.com", ["read"], [], granted_by=TEAM)
    )


def test_whoami_tells_who_may_do_nothing_whom_to_ask():
    card = whoami_card("Nina Roth", "nina@example.com", [], ["no role"], granted_by=TEAM)
    assert "nothing but help" in words(card)
    assert "The telephony team can give you the permission to read or to change" in card.markdown


def test_the_greeting_gives_something_to_try():
    card = greeting_card()
    assert "add 5012 +14085550123 Jane Doe at Denver" in words(card)
    assert "Type one of these lines, or `help`. In a group space, mention me first." in card.markdown
    assert data(card, "Ranges") == {"command": "ranges.list"}


def test_an_error_says_what_to_do_next_and_has_the_tracking_id():
    card = error_card(UserError("There is no extension 5099.", "Type `extensions` to see all."), "ROUTER_1")
    for part in ("That did not work", "There is no extension 5099.", "Type “extensions” to see all.", "ROUTER_1"):
        assert part in words(card)
    assert "Type `extensions` to see all." in card.markdown
    assert "ROUTER_1" in card.markdown


def test_an_error_without_a_hint_leads_to_help():
    assert "Type `help` to see what you can do." in error_card(UserError("That is no number.")).markdown


def test_user_text_in_an_error_is_not_markup():
    card = error_card(UserError("There is no extension **5099** <@all>."))
    assert "<@" not in card.markdown
    assert r"\*\*5099\*\*" in card.markdown


def test_a_refusal_says_why_and_names_nobody_else_to_ask():
    card = refusal_card("Add an extension", "This needs the permission to change. The team can give it to you.")
    for part in ("Not allowed: Add an extension", "This needs the permission to change.", "The team can give it"):
        assert part in words(card)
        assert part in card.markdown
    assert "administrator" not in card.markdown


def test_an_apology_has_the_reference_of_the_log():
    card = apology_card("a1b2c3d4")
    assert "Reference a1b2c3d4" in words(card)
    assert "Reference a1b2c3d4" in card.markdown
    assert "Try again in a minute." in card.markdown


def test_what_was_not_understood_gets_lines_to_type_and_no_button_that_runs_them():
    card = not_understood_card("I don't know “shwo”.", ("show 5012", "extensions"))
    assert "- `show 5012`\n- `extensions`" in card.markdown
    assert "Nothing was changed" in words(card)
    assert set(buttons(card)) == {"Help"}


@pytest.mark.parametrize("tone", Tone)
def test_the_colour_of_a_notice_never_stands_alone(tone: Tone):
    header = notice_card("Title", "Sentence.", tone=tone).content["body"][0]
    assert header["color"] == tone
    assert header["text"] in {"Note", "Done", "Not possible", "Error"}


def test_locations_have_their_routing_prefix():
    card = location_list(LOCATIONS)
    for said in (words(card), twin_words(card)):
        for fact in ("Lyon", "4321", "Munich", "none", "3 in all"):
            assert fact in said
    assert "Type `extensions at Lyon` to see what is there." in card.markdown


def test_many_locations_have_pages():
    many = [Location(id=f"L{number}", name=f"Branch {number}") for number in range(20)]
    card = location_list(many, start=15)
    assert data(card, "Next") == {"command": "locations.list", "with_start": "30"}
    assert data(card, "Previous") == {"command": "locations.list", "with_start": "0"}


def test_a_limited_list_of_locations_says_that_there_may_be_others():
    card = location_list(LOCATIONS, limited=True)
    for said in (words(card), twin_words(card)):
        assert "only those where you may look · 3 in all" in said
    assert "only those" not in words(location_list(LOCATIONS))
    nothing = location_list((), limited=True)
    assert "There is none where you may look, or the list ended before." in words(nothing)
    assert "Type `whoami` to see where that is." in nothing.markdown


def test_no_location_says_where_to_set_one_up():
    assert "Set one up in Control Hub, then type `locations` again." in location_list(()).markdown


def test_a_twin_that_is_too_long_says_how_much_it_leaves_out():
    made = twin("Title", [f"- {'é' * 90} {number}" for number in range(100)], "Type `help`.")
    assert len(made.encode()) <= 7_439
    assert made.endswith("\n\nType `help`.")
    assert "The rest is too long for a message: 61 more on the card." in made
