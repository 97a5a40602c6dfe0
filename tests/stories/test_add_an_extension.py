"""Adding a virtual extension: from a line of text, or by the form."""

from people import Person


def test_a_typed_line_becomes_a_plan_and_a_confirmed_change(alice: Person) -> None:
    """The story of the README: write a line, see what would change, confirm, look it up."""
    alice.says("add 5012 +14085550123 Jane Doe at Denver")
    alice.sees("Add virtual extension 5012", "+14085550123", "Jane Doe", "Denver", "Nothing has changed yet")
    alice.sees_buttons("Confirm", "Cancel")

    alice.clicks("Confirm")
    alice.sees("Done: Added virtual extension 5012", "Read back from Webex", "Alice Martin", "Denver")

    alice.says("show 5012")
    alice.sees("Jane Doe", "+14085550123", "Denver")
