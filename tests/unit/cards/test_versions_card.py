"""The card with three versions of what has changed since a plan that is to be undone."""

from card_reader import buttons, data, twin_words, words
from card_samples import CHANGED_SINCE, JANE_IMAGE, UNDO_RENAME
from card_schema import check_card

from bot.undo import Versions
from cards.versions import versions_card

LONG = [f"{number}XX" for number in range(10, 40)]


def berlin(patterns: list[str]) -> dict[str, str | list[str]]:
    return {"name": "Berlin", "prefix": "+4930555", "patterns": patterns}


def test_it_shows_before_after_and_now_of_what_differs():
    card = versions_card(UNDO_RENAME, CHANGED_SINCE[:1])
    assert "Display name\nJane Doe\nJane Roe\nJ. Doe" in words(card)
    assert "Display name: before Jane Doe, after Jane Roe, now J. Doe" in twin_words(card)
    for said in (words(card), twin_words(card)):
        assert "It is not as plan 8G4L left it" in said
        assert "Undoing the plan takes back what has changed since, too. Do you want to undo it anyway?" in said
        assert "Nothing has changed yet: you see what would change before you confirm it." in said
        assert "+14085550123" not in said


def test_it_offers_to_see_the_plan_or_to_leave_it():
    card = versions_card(UNDO_RENAME, CHANGED_SINCE)
    assert list(buttons(card)) == ["Undo anyway", "Leave it"]
    anyway = {"command": "plans.undo", "with_target": "8G4L", "with_acknowledged": "true"}
    assert data(card, "Undo anyway") == anyway
    assert data(card, "Leave it") == {"command": "plans.cancel", "with_target": "7F3K"}
    assert "Type `undo 8G4L anyway` to see the plan for it, or leave it as it is." in card.markdown
    assert "7F3K" not in words(card) + card.markdown
    assert card.plan_id == "7F3K"


def test_what_was_not_there_or_is_gone_is_said_to_be_so():
    added = versions_card(
        UNDO_RENAME, [Versions("5012 Jane Doe", None, JANE_IMAGE, {**JANE_IMAGE, "lastName": ""})]
    )
    assert "Last name\n(not there)\nDoe\n(empty)" in words(added)
    gone = versions_card(
        UNDO_RENAME, [Versions("5012 Jane Doe", {**JANE_IMAGE, "lastName": ""}, JANE_IMAGE, None)]
    )
    assert "Last name\n(empty)\nDoe\n(not there)" in words(gone)


def test_long_lists_of_patterns_are_told_apart_beyond_what_is_shown_of_them():
    versions = Versions("Berlin", berlin(LONG), berlin([*LONG, "77XX"]), berlin([*LONG, "77XX", "88XX"]))
    for said in (
        words(versions_card(UNDO_RENAME, [versions])),
        twin_words(versions_card(UNDO_RENAME, [versions])),
    ):
        assert "Patterns that differ" in said
        assert "77XX, 88XX" in said


def test_many_things_fit_on_it():
    card = versions_card(UNDO_RENAME, CHANGED_SINCE * 30)
    check_card(card.content)
    assert "And 56 more, which the text of this message lists." in words(card)
