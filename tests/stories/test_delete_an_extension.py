"""Deleting a virtual extension: always shown in full first, and gone when it is confirmed."""

import pytest
from bot_at_work import BotAtWork
from people import Person

from bot.calling.requests import ExtensionFilter


def left(bot: BotAtWork, extension: str) -> int:
    """How many extensions of that number Webex has."""
    return len(bot.services.calling.all_extensions(ExtensionFilter(extension=extension)))


def test_a_deletion_shows_what_would_be_lost(bot: BotAtWork, alice: Person) -> None:
    """The plan has all values, so that they can be written down, and what it means for those who dial."""
    alice.says("delete 5003")
    alice.sees("Delete virtual extension 5003 Chris Taylor", "+13125550103", "First name", "Organization")
    alice.sees("Whoever dials 5003 will not reach +13125550103 any more.")
    assert left(bot, "5003") == 1
    alice.clicks("Confirm")
    alice.sees("Done: Deleted virtual extension 5003 Chris Taylor", "Read back from Webex", "Alice Martin")
    alice.sees_buttons("Undo")
    assert left(bot, "5003") == 0
    alice.says("show 5003")
    alice.sees("There is no virtual extension “5003”.")


def test_a_cancelled_deletion_changes_nothing(bot: BotAtWork, alice: Person) -> None:
    """Cancel is as near as Confirm."""
    alice.says("delete 5003")
    alice.clicks("Cancel")
    alice.sees("Cancelled", "Nothing was changed")
    assert left(bot, "5003") == 1


def test_a_deletion_can_be_cancelled_by_text(bot: BotAtWork, alice: Person) -> None:
    """The plan's id is enough, as for confirming."""
    alice.says("delete 5003")
    alice.says(f"cancel {alice.plan_id()}")
    alice.sees("Cancelled", "Delete virtual extension 5003 Chris Taylor", "Nothing was changed")
    assert left(bot, "5003") == 1


@pytest.mark.parametrize(
    "line",
    [
        "delete +33199000202",
        "delete Anna Smith",
        "delete 77014002",
        "delete 4002 at Lyon",
        "please remove ext. 4002",
    ],
)
def test_it_is_found_as_it_is_for_showing(alice: Person, line: str) -> None:
    """By number, name, ESN or extension."""
    alice.says(line)
    alice.sees("Delete virtual extension 4002 Anna Smith", "Lyon")


def test_the_button_of_the_details_asks_first_too(bot: BotAtWork, alice: Person) -> None:
    """No button deletes anything by itself."""
    alice.says("show 4002")
    alice.clicks("Delete")
    alice.sees("Delete virtual extension 4002 Anna Smith", "Nothing has changed yet")
    assert left(bot, "4002") == 1


def test_with_two_of_the_same_one_is_chosen_first(bot: BotAtWork, alice: Person) -> None:
    """A guess would delete the wrong one half of the time."""
    alice.says("delete 5001")
    alice.sees("Which 5001 do you mean?", "More than one virtual extension fits.")
    alice.clicks("Continue", target="5001 · Front Range Couriers · Denver")
    alice.sees("Delete virtual extension 5001 Front Range Couriers", "Denver")
    alice.clicks("Confirm")
    assert left(bot, "5001") == 1


def test_what_is_not_there_can_not_be_deleted(alice: Person) -> None:
    """And nothing similar is offered in its place."""
    alice.says("delete 5099")
    alice.sees("There is no virtual extension “5099”.")
    assert "Confirm" not in alice.answer["markdown"]
