"""Help shows what the person who asks may run, and whoami says why."""

import pytest
from people import Person

READING = ("extensions", "show 5012", "ranges", "range Berlin", "locations", "mode", "check range Berlin")
CHANGING = ("add 5012 +14085550123 Jane Doe at Denver", "delete 5012", "delete range Berlin", "confirm 7F3K")


@pytest.mark.parametrize("line", ["help", "hello", "what can you do?", "commands"])
def test_help_shows_a_line_to_type_for_everything(alice: Person, line: str) -> None:
    """Whoever may do everything sees everything, and that nothing happens unasked."""
    alice.says(line)
    alice.sees("What you can type", "nothing happens before you confirm it", *READING, *CHANGING, "mode enhanced")


def test_help_leaves_out_what_one_may_not_do(rita: Person) -> None:
    """A read-only administrator can't confirm a plan either."""
    rita.says("help")
    rita.sees("What you can type", *READING)
    rita.does_not_see(*CHANGING, "mode enhanced")


def test_help_of_somebody_who_may_nothing_says_whom_to_ask(nina: Person) -> None:
    """An empty list would be no help."""
    nina.says("help")
    nina.sees("Nina Berg", "nothing but help", "The telephony team can give you the permission")
    nina.does_not_see("show 5012", "confirm 7F3K")


@pytest.mark.parametrize(
    ("line", "there", "not_there"),
    [
        ("help ranges", "replace patterns of range Berlin with 5XXX 6XXX", "show 5012"),
        ("help delete", "delete Jane Doe at Lyon", "add 5012"),
        ("help mode", "mode standard", "show 5012"),
        ("how do I add an extension?", "add extension 5012 number +14085550123 name Jane Doe", "delete 5012"),
    ],
)
def test_help_about_a_subject_shows_all_its_lines(alice: Person, line: str, there: str, not_there: str) -> None:
    """Every wording that is worth knowing, and nothing else."""
    alice.says(line)
    alice.sees(there)
    alice.does_not_see(not_there)


def test_help_about_a_subject_leaves_out_what_one_may_not_do(rita: Person) -> None:
    """The subject does not change what is allowed."""
    rita.says("help ranges")
    rita.sees("ranges at Munich", "show range Berlin")
    rita.does_not_see("add range", "delete range", "rename range")


def test_help_about_something_unknown_is_help(alice: Person) -> None:
    """No dead end."""
    alice.says("help bananas")
    alice.sees("What you can type")


@pytest.mark.parametrize("line", ["thanks", "Thank you!", "thanks a lot"])
def test_thanks_are_answered_in_a_line(alice: Person, line: str) -> None:
    """Nobody asked for all commands."""
    alice.says(line)
    alice.sees("You are welcome", "Write to me whenever there is more to do.")
    alice.does_not_see("What you can type")


@pytest.mark.parametrize("line", ["bulk", "help bulk", "how do I delete several extensions?", "csv"])
def test_what_no_command_does_is_said(alice: Person, line: str) -> None:
    """And what there is instead."""
    alice.says(line)
    alice.sees("One at a time", "by a line and a plan of its own", "One range covers many numbers", "help ranges")


def test_several_extensions_in_a_line_get_a_line_each(alice: Person) -> None:
    """To be typed: nothing is done."""
    alice.says("delete 5001 5002")
    alice.sees("I take one command at a time, about one thing", "delete 5001", "delete 5002")


def test_what_is_not_understood_is_not_said_twice(alice: Person) -> None:
    """The title says so, the sentence something else."""
    alice.says("bananas")
    alice.sees("I did not understand that", "That is no command that I know.")
    alice.does_not_see("I did not understand that.")


def test_a_line_that_is_not_understood_leads_to_help(alice: Person) -> None:
    """By the button, too."""
    alice.says("bananas")
    alice.sees("I did not understand that")
    alice.clicks("Help")
    alice.sees("What you can type")


@pytest.mark.parametrize("line", ["whoami", "who am I?", "what may I do"])
def test_whoami_says_what_one_may_do_and_why(alice: Person, line: str) -> None:
    """By the Webex role."""
    alice.says(line)
    alice.sees(
        "Alice Martin",
        "alice@example.com",
        "read, change, delete, bulk, settings, approve",
        "you are Full Administrator in Webex",
    )


def test_whoami_of_somebody_who_may_read(rita: Person) -> None:
    """The button leads to what is left."""
    rita.says("whoami")
    rita.sees("Rita Okafor", "You may", "read", "you are Read-only Administrator in Webex")
    rita.does_not_see("read, change")
    rita.clicks("Help")
    rita.sees("What you can type")


def test_whoami_of_somebody_without_a_role(nina: Person) -> None:
    """And whom to ask."""
    nina.says("whoami")
    nina.sees("Nina Berg", "nothing but help", "The telephony team can give you the permission")
