"""Lists of virtual extensions: filters by text and by form, pages forward and back, what to do when empty."""

import pytest
from people import Person

LYON = ("4001", "4002", "4003", "4004", "4005", "4006", "4007")
ORGANIZATION = ("4900", "5001", "5002", "5003", "5004", "5005", "5006", "5007", "5008", "5009", "5010", "5011")


def test_the_list_shows_ten_with_name_number_and_place(alice: Person) -> None:
    """Everything needed to recognize an entry is in its row."""
    alice.says("extensions")
    alice.sees("Virtual extensions", "1 to 10, and there are more", "Anna Smith", "+33199000202", "ESN 77014002")
    alice.sees_buttons("Show", "Next", "Filter", "Add")


@pytest.mark.parametrize(
    ("line", "words", "rows"),
    [
        ("extensions at Lyon", "at Lyon · 7 in all", LYON),
        ("extensions at Lyon named smith", "at Lyon · name smith · 1, and no more", ("4002",)),
        ("extensions named smith", "name smith · 2 in all", ("4002", "5001")),
        ("extensions number +33 1 99 00 02 02", "number +33199000202 · 1, and no more", ("4002",)),
        ("extensions with extension 5001", "extension 5001 · 2 in all", ("5001", "5001")),
        ("list org", "organization level · 1 to 10, and there are more", ORGANIZATION[:10]),
        ("extensions at Lyon descending", "at Lyon · in descending order · 7 in all", LYON[::-1]),
    ],
)
def test_every_filter_can_be_typed(alice: Person, line: str, words: str, rows: tuple[str, ...]) -> None:
    """The list says which filters it understood."""
    alice.says(line)
    alice.sees(words)
    alice.sees_rows(*rows)


@pytest.mark.parametrize(
    ("inputs", "words", "rows"),
    [
        ({"location": "Lyon"}, "at Lyon", LYON),
        ({"name": "smith"}, "name smith", ("4002", "5001")),
        ({"phone_number": "+33199000202"}, "number +33199000202", ("4002",)),
        ({"extension": "5001"}, "extension 5001", ("5001", "5001")),
        ({"level": "Organization level only"}, "organization level", ORGANIZATION[:10]),
        ({"location": "Lyon", "order": "Descending"}, "at Lyon · in descending order", LYON[::-1]),
        ({"location": "Lyon", "name": "smith"}, "at Lyon · name smith", ("4002",)),
    ],
)
def test_every_filter_can_be_chosen_on_the_card(
    alice: Person, inputs: dict[str, str], words: str, rows: tuple[str, ...]
) -> None:
    """The form under Filter does what the typed line does, and holds what was chosen."""
    alice.says("extensions")
    alice.clicks("Apply", **inputs)
    alice.sees(words)
    alice.sees_rows(*rows)


def test_the_filter_form_holds_what_was_typed_and_can_be_cleared(alice: Person) -> None:
    """One goes on from where one is."""
    alice.says("extensions at Lyon named smith")
    alice.sees_in_form(name="smith")
    alice.clicks("Apply", name="")
    alice.sees_rows(*LYON)
    alice.clicks("Clear")
    alice.sees("1 to 10, and there are more")


def test_a_number_is_found_however_it_is_written_in_the_form(alice: Person) -> None:
    """Webex compares numbers in E.164 only."""
    alice.says("extensions")
    alice.clicks("Apply", phone_number="+33 1 99 00 02 02")
    alice.sees_rows("4002")


def test_location_level_lists_what_is_at_any_location(alice: Person) -> None:
    """Webex has no such filter: the bot leaves the organization's out itself, on every page."""
    alice.says("extensions location level descending")
    alice.sees("location level", "in descending order", "1 to 10, and there are more")
    alice.does_not_see("Organization ·")
    alice.sees_rows("5001", "4307", "4306", "4305", "4304", "4303", "4302", "4301", "4207", "4206")
    alice.clicks("Next")
    alice.clicks("Next")
    alice.sees("21 to 28, the last ones")


def test_a_location_and_the_organization_level_exclude_each_other(alice: Person) -> None:
    """Nothing is at both: that is said, not half of it answered."""
    alice.says("list org at Lyon")
    alice.sees("Nothing is at a location and at organization level", "Choose one of the two")


def test_pages_keep_the_filters(alice: Person) -> None:
    """The second page is that of the same list, and Previous leads back."""
    alice.says("list org")
    alice.sees_buttons("Show", "Next", "Filter", "Add")
    alice.clicks("Next")
    alice.sees("organization level · 11 to 12, the last ones")
    alice.sees_rows("5010", "5011")
    alice.sees_buttons("Show", "Previous", "Filter", "Add")
    alice.clicks("Previous")
    alice.sees_rows(*ORGANIZATION[:10])


def test_one_can_turn_pages_for_longer_than_webex_lets_a_message_be_edited(alice: Person) -> None:
    """Webex takes ten edits of a message: then a new one takes its place, and the old one goes."""
    alice.says("extensions")
    first = alice.answer["id"]
    shown = []
    for title in ("Next", "Next", "Next", "Previous", "Previous", "Previous") * 2:
        alice.clicks(title)
        shown.append(alice.answer["id"])
    assert shown == [first] * 10 + [shown[-1]] * 2
    assert first not in [message["id"] for message in alice.messages()]
    alice.sees("1 to 10, and there are more")


def test_a_row_leads_to_its_details_and_on_to_its_form(alice: Person) -> None:
    """What one wants next is one press away."""
    alice.says("extensions at Lyon")
    alice.clicks("Show", target="4002 · Anna Smith · Lyon")
    alice.sees("4002 · Anna Smith", "People at Lyon dial 4002, everybody else dials 77014002.")
    alice.clicks("Edit")
    alice.sees_in_form(extension="4002", phone_number="+33199000202", display_name="Anna Smith")


def test_a_list_without_rows_says_why_and_how_to_see_more(alice: Person) -> None:
    """An empty answer is no dead end."""
    alice.says("extensions at Lyon named zzz")
    alice.sees(
        "No virtual extension found", "Nothing fits these filters: at Lyon · name zzz.", "Take away a filter"
    )
    alice.clicks("Show all")
    alice.sees("1 to 10, and there are more")


def test_a_page_behind_the_end_says_so(alice: Person) -> None:
    """The list may have become shorter since the button was drawn."""
    alice.says("extensions")
    alice.submits(alice.answer, {"command": "extensions.list", "with_start": "500"})
    alice.sees("No virtual extension found", "The list ends before this page.")
    alice.clicks("Show all")
    alice.sees("1 to 10, and there are more")


def test_an_unknown_location_is_answered_with_the_known_ones(alice: Person) -> None:
    """The list never stands for another location than the one that was named."""
    alice.says("extensions at Paris")
    alice.sees("There is no location “Paris” with Webex Calling.", "Choose one of Denver, Lyon, Munich, Tokyo.")


def test_the_beginning_of_a_locations_name_is_enough(alice: Person) -> None:
    """Where it begins only one."""
    alice.says("extensions at mun")
    alice.sees_rows("4201", "4202", "4203", "4204", "4205", "4206", "4207")


def test_somebody_who_may_only_read_sees_no_button_to_add(rita: Person) -> None:
    """A card offers only what its reader may do."""
    rita.says("extensions at Lyon")
    rita.sees_buttons("Show", "Filter")


def test_the_button_to_add_opens_the_form(alice: Person) -> None:
    """With nothing filled in, and no complaint about that."""
    alice.says("extensions")
    alice.clicks("Add")
    alice.sees("Add a virtual extension")
    alice.does_not_see("is missing")
