"""Ranges: listed, shown, added, changed in every way, and deleted."""

import pytest
from bot_at_work import BotAtWork
from people import Person

from bot.calling.models import Range
from bot.calling.requests import NewRange, RangeFilter

GOOD = {"name": "Berlin", "prefix": "+4930555", "patterns": "5XXX 6XXX"}
MANY = [f"{number}XX" for number in range(100, 201)]


def now(bot: BotAtWork, name: str) -> Range:
    """The range of that name, with its patterns, as Webex has it."""
    (found,) = bot.services.calling.all_ranges(RangeFilter(name=name))
    return bot.services.calling.get_range(found.id)


# lists


@pytest.mark.parametrize(
    ("line", "words", "rows"),
    [
        ("ranges", "6 in all", ("Boulder", "Hamburg", "Kyoto", "London", "Paris", "Suppliers")),
        ("ranges at Lyon", "at Lyon · 1, and no more", ("Paris",)),
        ("ranges named on", "name on · 1, and no more", ("London",)),
        ("ranges prefix +44 207946", "prefix +44207946 · 1, and no more", ("London",)),
        ("org ranges", "organization level · 2 in all", ("London", "Suppliers")),
        ("ranges location level", "location level · 4 in all", ("Boulder", "Hamburg", "Kyoto", "Paris")),
        ("org ranges descending", "organization level · in descending order", ("Suppliers", "London")),
    ],
)
def test_every_filter_can_be_typed(alice: Person, line: str, words: str, rows: tuple[str, ...]) -> None:
    """The list says which filters it understood."""
    alice.says(line)
    alice.sees("Virtual extension ranges", words)
    alice.sees_rows(*rows)


@pytest.mark.parametrize(
    ("inputs", "rows"),
    [
        ({"name": "on"}, ("London",)),
        ({"prefix": "+44 207946"}, ("London",)),
        ({"location": "Lyon"}, ("Paris",)),
        ({"level": "Organization level only", "order": "Descending"}, ("Suppliers", "London")),
    ],
)
def test_every_filter_can_be_chosen_on_the_card(
    alice: Person, inputs: dict[str, str], rows: tuple[str, ...]
) -> None:
    """The form under Filter does what the typed line does."""
    alice.says("ranges")
    alice.clicks("Apply", **inputs)
    alice.sees_rows(*rows)


def test_a_long_list_has_pages(bot: BotAtWork, alice: Person) -> None:
    """Ten a page, like extensions."""
    for number in range(10, 16):
        bot.services.calling.create_range(
            NewRange(name=f"Branch {number}", prefix="+4930555", patterns=(f"{number}X",))
        )
    alice.says("ranges")
    alice.sees("1 to 10, and there are more")
    alice.clicks("Next")
    alice.sees("11 to 12, the last ones")
    alice.sees_rows("Paris", "Suppliers")
    alice.clicks("Previous")
    alice.sees("Boulder", "1 to 10, and there are more")


def test_an_empty_list_says_why(alice: Person) -> None:
    """And how to see more."""
    alice.says("ranges named zzz")
    alice.sees("No range found", "Nothing fits these filters: name zzz.", "Take away a filter")


# one of them


@pytest.mark.parametrize("line", ["range London", "show range london", "range +44207946"])
def test_the_details_show_what_each_pattern_calls(alice: Person, line: str) -> None:
    """By name or by prefix."""
    alice.says(line)
    alice.sees("London", "Dialling a number that fits a pattern calls the prefix followed by that number.")
    alice.sees("2 patterns", "81XX", "+4420794681XX", "Organization")
    alice.sees_buttons("Edit", "Delete")


def test_a_row_of_the_list_leads_to_the_details(alice: Person) -> None:
    """By the same button as for extensions."""
    alice.says("ranges")
    alice.clicks("Show", target="Paris · +3319900 · Lyon")
    alice.sees("Paris", "+3319900", "Lyon", "21XX")


def test_a_range_that_is_not_there_is_said_with_where_to_look(alice: Person) -> None:
    """The answer names what was looked for."""
    alice.says("range Madrid")
    alice.sees("There is no virtual extension range “Madrid”.", "to see them all.")


# adding


def test_a_typed_line_adds_a_range(bot: BotAtWork, alice: Person) -> None:
    """Shown first, confirmed, read back."""
    alice.says("add range Berlin +4930555 5XXX 6XXX at Munich")
    alice.sees("Add range Berlin", "+4930555", "5XXX, 6XXX", "Munich", "Nothing has changed yet")
    alice.clicks("Confirm")
    alice.sees("Done: Added range Berlin", "Read back from Webex", "Munich")
    assert now(bot, "Berlin").patterns == ("5XXX", "6XXX")
    alice.clicks("Show")
    alice.sees("Berlin", "5XXX", "+49305555XXX")


def test_the_form_adds_one_too(bot: BotAtWork, alice: Person) -> None:
    """From the list, with nothing called wrong before anything is typed."""
    alice.says("ranges")
    alice.clicks("Add")
    alice.sees("Add a range")
    alice.does_not_see("is missing")
    alice.clicks("Continue", **{**GOOD, "patterns": "5xxx, 6xxx\n7xxx"}, location="Munich")
    alice.sees("Add range Berlin", "5XXX, 6XXX, 7XXX", "Munich")
    alice.clicks("Confirm")
    assert now(bot, "Berlin").patterns == ("5XXX", "6XXX", "7XXX")


def test_what_is_missing_is_asked_for_in_the_form(alice: Person) -> None:
    """What was typed is in it already."""
    alice.says("add range Berlin at Munich")
    alice.sees_in_form(name="Berlin", prefix="")
    alice.sees_mistake("prefix", "The prefix is missing.")
    alice.clicks("Continue", prefix="+4930555", patterns="5XXX")
    alice.sees("Add range Berlin", "Munich")


def test_a_range_without_patterns_is_allowed_and_pointed_out(bot: BotAtWork, alice: Person) -> None:
    """It does nothing yet."""
    alice.says("add range Berlin +4930555")
    alice.sees("Please note", "The range has no patterns, so nobody can dial it.")
    alice.clicks("Confirm")
    assert now(bot, "Berlin").patterns == ()
    alice.says("range Berlin")
    alice.sees("No patterns yet: the range calls nothing.")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "The name of the range is missing. Any name that no other range has, such as Berlin."),
        ("name", "London", "London is already used by another range. Choose another one."),
        ("name", "x" * 101, "The name is longer than 100 characters. Shorten it."),
        ("prefix", "", "The prefix is missing. It is what comes before the extension in the number called"),
        ("prefix", "abc", "“abc” is not a prefix. Write + and the country code, as in +4930555."),
        ("prefix", "030555", "030555 is not accepted by Webex. Correct it."),
        ("patterns", "81XX", "81XX is already used by another range. Choose another one."),
        ("patterns", "5XXX abc 5", "“ABC”, “5” is not a pattern. A pattern is digits and then one or more X"),
        ("patterns", "123456789XXX", "is not accepted by Webex. Correct it."),
        ("patterns", "\n".join(MANY), "A range holds at most 100 patterns. Make two ranges of it."),
    ],
)
def test_a_wrong_value_is_marked_at_its_field(alice: Person, field: str, typed: str, sentence: str) -> None:
    """Whether the bot sees it or Webex does, and with everything kept."""
    alice.says("add range")
    alice.clicks("Continue", **{**GOOD, field: typed})
    alice.sees_mistake(field, sentence)
    alice.sees_in_form(**{**GOOD, "patterns": "5XXX\n6XXX", field: typed.replace(" ", "\n")})


def test_all_that_is_wrong_is_said_at_once(alice: Person) -> None:
    """What Webex finds in several parts of a range, too."""
    alice.says("add range")
    alice.clicks("Continue", name="London", prefix="030555", patterns="81XX 82XX")
    alice.sees_mistake("name", "London is already used by another range.")
    alice.sees_mistake("prefix", "030555 is not accepted by Webex.")
    alice.sees_mistake(
        "patterns", "81XX is already used by another range.", "82XX is already used by another range."
    )
    alice.clicks("Continue", name="Berlin", prefix="+4930555", patterns="5XXX")
    alice.sees("Add range Berlin")


def test_an_unknown_location_is_marked(alice: Person) -> None:
    """With the known ones beside it."""
    alice.says("add range Berlin +4930555 5XXX at Paris")
    alice.sees_mistake(
        "location", "There is no location “Paris” with Webex Calling.", "Denver, Lyon, Munich, Tokyo"
    )


# changing


@pytest.mark.parametrize(
    ("line", "before", "after"),
    [
        ("range London add 83XX", "81XX, 82XX", "81XX, 82XX, 83XX"),
        ("add 83XX 84XX to range London", "81XX, 82XX", "81XX, 82XX, 83XX, 84XX"),
        ("remove 82XX from range London", "81XX, 82XX", "81XX"),
        ("replace patterns of range London with 82XX 83XX", "81XX, 82XX", "82XX, 83XX"),
        ("rename range London to Thames", "London", "Thames"),
        ("change range London prefix +44207947", "+44207946", "+44207947"),
    ],
)
def test_each_part_can_be_changed_by_a_line(alice: Person, line: str, before: str, after: str) -> None:
    """The plan shows the whole list of patterns before and after, and so does the confirmation."""
    alice.says(line)
    alice.sees("Change range London", before, after, "Nothing has changed yet")
    alice.clicks("Confirm")
    alice.sees("Done: Changed range London", after, "Read back from Webex")


@pytest.mark.parametrize(
    ("action", "typed", "after"),
    [
        ("Add the patterns below", "83XX", ("81XX", "82XX", "83XX")),
        ("Remove the patterns below", "82xx", ("81XX",)),
        ("Replace all by the patterns below", "82XX, 83XX", ("82XX", "83XX")),
    ],
)
def test_patterns_can_be_changed_in_the_form(
    bot: BotAtWork, alice: Person, action: str, typed: str, after: tuple[str, ...]
) -> None:
    """The form shows those that are there, and asks what to do with the new ones."""
    alice.says("edit range London")
    alice.sees("Edit range London", "2 patterns: 81XX, 82XX")
    alice.clicks("Continue", action=action, patterns=typed)
    alice.sees("Change range London", ", ".join(after))
    alice.clicks("Confirm")
    assert sorted(now(bot, "London").patterns or ()) == sorted(after)


def test_name_prefix_and_patterns_change_in_one_plan(bot: BotAtWork, alice: Person) -> None:
    """From the details, by one form and one confirmation."""
    alice.says("range London")
    alice.clicks("Edit")
    alice.sees_in_form(name="London", prefix="+44207946", action="", patterns="")
    alice.clicks("Continue", name="Thames", prefix="+44207947", action="ADD", patterns="83XX")
    alice.sees("Change range London", "Thames", "+44207947", "81XX, 82XX, 83XX")
    alice.clicks("Confirm")
    found = now(bot, "Thames")
    assert (found.prefix, found.patterns) == ("+44207947", ("81XX", "82XX", "83XX"))


@pytest.mark.parametrize(
    ("inputs", "field", "sentence"),
    [
        (
            {"patterns": "83XX"},
            "action",
            "What is to be done with the patterns? Choose to add, remove or replace.",
        ),
        (
            {"action": "REMOVE", "patterns": "83XX"},
            "patterns",
            "83XX is not a pattern of this range. It has 81XX, 82XX.",
        ),
        ({"action": "ADD", "patterns": "30XX"}, "patterns", "30XX is already used by another range."),
        ({"action": "ADD", "patterns": "8"}, "patterns", "“8” is not a pattern."),
        ({"action": "ADD", "patterns": " ".join(MANY[:99])}, "patterns", "A range holds at most 100 patterns."),
        ({"name": "Suppliers"}, "name", "Suppliers is already used by another range. Choose another one."),
        ({"name": ""}, "name", "The name of the range is missing."),
        ({"prefix": "030555"}, "prefix", "030555 is not accepted by Webex. Correct it."),
    ],
)
def test_what_is_wrong_is_marked_in_the_form(
    alice: Person, inputs: dict[str, str], field: str, sentence: str
) -> None:
    """The range stays as it is, and the form keeps what was typed."""
    alice.says("edit range London")
    alice.clicks("Continue", **inputs)
    alice.sees_mistake(field, sentence)
    alice.sees_in_form(**{name: value.replace(" ", "\n") for name, value in inputs.items()})


def test_a_pattern_that_is_there_already_changes_nothing(alice: Person) -> None:
    """It is said, not counted as an error of Webex."""
    alice.says("range London add 81XX")
    alice.sees("That is how it is already: nothing would change.", "Change at least one of the values.")


def test_a_range_holds_a_hundred_patterns(bot: BotAtWork, alice: Person) -> None:
    """The plan names those that come, not all hundred."""
    new = NewRange(name="Berlin", prefix="+4930555", patterns=tuple(MANY[:99]))
    bot.services.calling.create_range(new)
    alice.says("range Berlin add 199XX")
    alice.sees("Change range Berlin", "Patterns added", "199XX")
    alice.clicks("Confirm")
    alice.sees("Done: Changed range Berlin")
    alice.says("range Berlin")
    alice.sees("100 patterns")
    alice.says("range Berlin add 200XX")
    alice.sees_mistake("patterns", "A range holds at most 100 patterns. Make two ranges of it.")


def test_taking_the_last_pattern_away_is_pointed_out(alice: Person) -> None:
    """Allowed, and rarely meant."""
    alice.says("remove 81XX 82XX from range London")
    alice.sees("Please note", "The range has no patterns, so nobody can dial it.")
    alice.clicks("Confirm")
    alice.sees("Done: Changed range London")


# deleting


def test_a_deletion_shows_what_would_be_lost(bot: BotAtWork, alice: Person) -> None:
    """All of it, and what it means for those who dial."""
    alice.says("delete range London")
    alice.sees("Delete range London", "+44207946", "81XX, 82XX")
    alice.sees("Whoever dials a number of London will not reach anybody by it any more.")
    alice.clicks("Confirm")
    alice.sees("Done: Deleted range London", "Read back from Webex")
    alice.says("range London")
    alice.sees("There is no virtual extension range “London”.")
    assert not bot.services.calling.all_ranges(RangeFilter(name="London"))


def test_the_button_of_the_details_asks_first(bot: BotAtWork, alice: Person) -> None:
    """No button deletes anything by itself."""
    alice.says("range London")
    alice.clicks("Delete")
    alice.sees("Delete range London", "Nothing has changed yet")
    assert now(bot, "London").patterns == ("81XX", "82XX")


def test_somebody_who_may_only_read_looks_and_changes_nothing(rita: Person) -> None:
    """A card offers only what its reader may do."""
    rita.says("ranges")
    rita.sees_buttons("Show", "Filter")
    rita.says("range London")
    rita.sees_buttons()
    rita.says("delete range London")
    rita.sees("Not allowed")


def test_a_name_is_never_markup(bot: BotAtWork, alice: Person) -> None:
    """Names of ranges come from people as well."""
    bot.services.calling.create_range(
        NewRange(name="*Berlin* <@all> [x](http://y)", prefix="+4930555", patterns=())
    )
    alice.says("ranges named berlin")
    assert "<strong>*Berlin* &lt;@all&gt; [x](http://y)</strong>" in alice.answer["html"]
    assert "spark-mention" not in alice.answer["html"]


def test_what_a_typed_range_lacks_is_named(alice: Person) -> None:
    """And a span of numbers is no prefix."""
    alice.says("add range 5100-5150")
    alice.sees_mistake("name", "The name of the range is missing.")
    alice.sees_mistake(
        "prefix", "“5100-5150” is a span of numbers, not a prefix. A range covers patterns, such as 51XX"
    )
    alice.says("add range Spandau +4930555 5100-5199")
    alice.sees("Webex knows no spans of numbers", "add range Spandau +4930555 51XX")


def test_the_ranges_without_a_location_are_those_of_the_organization(alice: Person) -> None:
    """However it is said."""
    alice.says("ranges without a location")
    alice.sees("London")
    alice.does_not_see("Paris", "Boulder")
