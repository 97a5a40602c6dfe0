"""Plans: before and after, the decision, the confirmation, and why a plan is closed."""

from dataclasses import replace

import pytest
from card_reader import buttons, data, inputs, twin_words, words
from card_samples import (
    ADD_JANE,
    BERLIN,
    DELETE_BERLIN,
    DELETE_JANE,
    DONE,
    ENHANCE,
    FAILED,
    GROW_BERLIN,
    JANE,
    JANE_IMAGE,
    RENAME_JANE,
    UNCERTAIN,
    UNDO_RENAME,
    plan_of,
)
from card_schema import check_card

from bot.plans import Change, ChangeState, Kind, Outcome, Thing
from cards.elements import Card
from cards.plans import (
    plan_already_decided,
    plan_cancelled,
    plan_card,
    plan_confirmed,
    plan_expired,
    plan_overtaken,
)

CONFIRM = {"command": "plans.confirm", "with_target": "7F3K"}


def test_a_new_extension_is_shown_with_all_its_values_and_its_place():
    card = plan_card(plan_of(ADD_JANE))
    for said in (words(card), twin_words(card)):
        assert "Add virtual extension 5012 Jane Doe" in said
        assert "Asked for by Alice Martin. Nothing has changed yet: confirm within 15 minutes, until " in said
        for fact in ("5012", "+14085550123", "Jane Doe", "Denver"):
            assert fact in said
    assert "Type `confirm 7F3K` to do it, `cancel 7F3K` to leave everything as it is." in card.markdown
    assert card.plan_id == "7F3K"


def test_only_the_id_of_the_plan_travels():
    card = plan_card(plan_of(ADD_JANE))
    assert data(card, "Confirm") == CONFIRM
    assert data(card, "Cancel") == {"command": "plans.cancel", "with_target": "7F3K"}
    assert inputs(card) == {}


def test_a_change_shows_what_differs_before_and_after():
    card = plan_card(plan_of(RENAME_JANE))
    rows = "Before|After|Display name|Jane Doe|Jane Roe|First name|Jane|(empty)|Last name|Doe|Roe"
    assert rows.replace("|", "\n") in words(card)
    assert "Display name: Jane Doe → Jane Roe" in twin_words(card)
    assert "First name: Jane → (empty)" in twin_words(card)
    assert "+14085550123" not in words(card)


def test_a_deletion_says_what_it_means_and_looks_like_one():
    card = plan_card(plan_of(DELETE_JANE))
    assert buttons(card)["Confirm"]["style"] == "destructive"
    for said in (words(card), twin_words(card)):
        assert "Whoever dials 5012 will not reach +14085550123 any more." in said
    ranges = plan_card(plan_of(DELETE_BERLIN))
    assert "Whoever dials a number of Berlin will not reach anybody by it any more." in ranges.markdown


def test_an_addition_is_confirmed_by_a_positive_button():
    assert buttons(plan_card(plan_of(ADD_JANE)))["Confirm"]["style"] == "positive"


def test_patterns_are_shown_before_and_after():
    card = plan_card(plan_of(GROW_BERLIN))
    assert "Patterns: 5XXX, 6XXX → 5XXX, 7XXX" in twin_words(card)
    assert "5XXX, 6XXX\n5XXX, 7XXX" in words(card)


def test_of_long_lists_of_patterns_the_difference_is_shown():
    many = [f"{number}XXX" for number in range(200, 260)]
    grown = Change(
        Kind.CHANGE, Thing.RANGE, "Berlin", {"patterns": many}, {"patterns": [*many[1:], "7XXX"]}, BERLIN.id
    )
    for said in (words(plan_card(plan_of(grown))), twin_words(plan_card(plan_of(grown)))):
        assert "and 48 more" in said
        assert "Patterns removed" in said
        assert "Patterns added" in said
        assert "7XXX" in said


def test_what_is_confirmed_is_seen_however_long_it_is():
    """Of a range that comes or goes, and of a change, every pattern."""
    many = [f"{number}XXX" for number in range(200, 300)]
    image = {"name": "Berlin", "prefix": "+4930555", "patterns": many}
    comes = Change(Kind.CREATE, Thing.RANGE, "Berlin", None, image)
    grows = Change(Kind.CHANGE, Thing.RANGE, "Berlin", {**image, "patterns": []}, image, BERLIN.id)
    for change in (comes, replace(comes, kind=Kind.DELETE, before=image, after=None), grows):
        card = plan_card(plan_of(change))
        for said in (words(card), twin_words(card)):
            assert [pattern for pattern in many if pattern not in said] == []


def test_the_line_to_type_shows_what_is_there_now():
    """What was refused is still as it was."""
    refused = Change(Kind.CHANGE, Thing.EXTENSION, "5003", {"extension": "5003"}, {"extension": "5013"}, "E1")
    card = plan_confirmed(plan_of(refused, outcomes=(Outcome(ChangeState.FAILED),)))
    assert "Type `show 5003`" in card.markdown


def test_warnings_are_shown_after_a_word():
    card = plan_card(plan_of(ADD_JANE, warnings=("The number belongs to 5013 too.",)))
    assert "Please note\nThe number belongs to 5013 too." in words(card)
    assert "Please note: The number belongs to 5013 too." in twin_words(card)


def test_the_mode_is_changed_only_after_a_tick_of_its_own():
    card = plan_card(plan_of(ENHANCE), {"acknowledged": "Tick the box first."})
    assert inputs(card)["acknowledged"]["title"] == "I know that this affects the whole organization"
    assert inputs(card)["acknowledged"]["errorMessage"] == "Tick the box to confirm it for the whole organization."
    assert "associatedInputs" not in buttons(card)["Confirm"]
    for said in (words(card), twin_words(card)):
        assert "Change the mode of the organization" in said
        assert "STANDARD" in said
        assert "ENHANCED" in said
        assert "This affects every virtual extension and range of the organization at once." in said
        assert "Tick the box first." in said


def test_a_plan_of_many_changes_counts_and_lists_them():
    card = plan_card(plan_of(*[ADD_JANE] * 30))
    check_card(card.content)
    assert "30 changes" in words(card)
    assert "And 10 more, which the text of this message lists." in words(card)
    assert card.markdown.count("Add virtual extension 5012 Jane Doe") == 30


def test_the_confirmation_says_what_where_by_whom_and_when():
    card = plan_confirmed(plan_of(ADD_JANE, outcomes=(DONE,)))
    for said in (words(card), twin_words(card)):
        assert "Done: Added virtual extension 5012 Jane Doe" in said
        assert "Read back from Webex: it is as planned." in said
        for fact in ("Denver", "Alice Martin", "24 Nov 2026, 12:05 UTC", "7F3K", "ROUTER_6563-1", "+14085550123"):
            assert fact in said
    assert data(card, "Show") == {"command": "extensions.show", "with_target": JANE.id}
    assert "Type `show 5012` to see what is there now." in card.markdown
    assert card.plan_id is None


def test_what_was_not_read_back_does_not_look_as_if_it_was():
    accepted = Outcome(
        ChangeState.DONE, JANE.id, "ROUTER_1", "Webex accepted it, but reading back shows something else."
    )
    card = plan_confirmed(plan_of(ADD_JANE, outcomes=(accepted,)))
    assert "Webex accepted it, but reading back shows something else." in words(card)
    assert "it is as planned" not in words(card)


def test_the_confirmation_tells_what_went_well_from_what_did_not():
    card = plan_confirmed(plan_of(ADD_JANE, RENAME_JANE, GROW_BERLIN, outcomes=(DONE, FAILED, UNCERTAIN)))
    for said in (words(card), twin_words(card)):
        assert "Done in part: 3 changes" in said
        assert "Done: Added virtual extension 5012 Jane Doe" in said
        assert "Not done: Change virtual extension 5012 Jane Doe" in said
        assert "Webex says that the extension is in use." in said
        assert "Not certain: Change range Berlin" in said
        assert "ROUTER_6563-3" in said


@pytest.mark.parametrize(("outcome", "verdict"), [(FAILED, "Not done"), (UNCERTAIN, "Not certain")])
def test_a_change_that_failed_is_not_called_done(outcome: Outcome, verdict: str):
    card = plan_confirmed(plan_of(ADD_JANE, outcomes=(outcome,)))
    assert f"{verdict}: Add virtual extension 5012 Jane Doe" in words(card)
    assert "Show" not in buttons(card)


def test_what_is_deleted_cannot_be_shown():
    assert list(buttons(plan_confirmed(plan_of(DELETE_JANE, outcomes=(DONE,))))) == ["Undo"]


def test_what_was_done_can_be_undone_from_its_confirmation():
    card = plan_confirmed(plan_of(ADD_JANE, RENAME_JANE, outcomes=(DONE, FAILED)))
    assert data(card, "Undo") == {"command": "plans.undo", "with_target": "7F3K"}
    assert "Type `undo 7F3K` to undo it." in card.markdown


@pytest.mark.parametrize("outcome", [FAILED, UNCERTAIN])
def test_what_is_not_known_to_be_done_can_not_be_undone(outcome: Outcome):
    card = plan_confirmed(plan_of(ADD_JANE, outcomes=(outcome,)))
    assert "Undo" not in buttons(card)
    assert "undo" not in card.markdown


def test_a_plan_to_undo_says_which_one_it_undoes():
    card = plan_card(UNDO_RENAME)
    for said in (words(card), twin_words(card)):
        assert "Undoes plan 8G4L. Asked for by Alice Martin." in said
    assert list(buttons(card)) == ["Confirm", "Cancel"]


def test_the_confirmation_of_an_undo_says_so_too():
    card = plan_confirmed(replace(UNDO_RENAME, changes=(replace(UNDO_RENAME.changes[0], outcome=DONE),)))
    for said in (words(card), twin_words(card)):
        assert "7F3K, which undoes plan 8G4L" in said


def test_the_confirmation_of_a_range_and_of_the_mode_lead_to_them():
    changed = plan_confirmed(plan_of(GROW_BERLIN, outcomes=(Outcome(ChangeState.DONE, BERLIN.id),)))
    assert data(changed, "Show") == {"command": "ranges.show", "with_target": BERLIN.id}
    assert "Type `range Berlin` to see what is there now." in changed.markdown
    mode = plan_confirmed(plan_of(ENHANCE, outcomes=(Outcome(ChangeState.DONE),)))
    assert data(mode, "Show") == {"command": "mode.show"}
    assert "Done: Changed the mode of the organization" in words(mode)


PLAN = plan_of(ADD_JANE)
BY = "by Alice Martin, 24 Nov 2026, 12:05 UTC"


@pytest.mark.parametrize(
    ("card", "sentence"),
    [
        (plan_cancelled(PLAN), f"Cancelled {BY}. Nothing was changed."),
        (
            plan_expired(replace(PLAN, decided_at=None)),
            "A plan is kept for 15 minutes, as what was checked may not hold any more.",
        ),
        (plan_already_decided(PLAN), f"This plan was confirmed before, {BY}. This time nothing was changed."),
    ],
)
def test_a_closed_plan_says_why_and_has_no_live_button(card: Card, sentence: str):
    assert sentence in words(card)
    assert sentence in twin_words(card)
    assert not {"Confirm", "Cancel"} & set(buttons(card))


def test_a_target_that_changed_in_between_is_shown_as_it_was_and_is():
    card = plan_overtaken(plan_of(RENAME_JANE), [{**JANE_IMAGE, "displayName": "J. Doe"}])
    for said in (words(card), twin_words(card)):
        assert "Somebody changed it since this plan was made. Nothing was changed by the plan." in said
        assert "J. Doe (was Jane Doe)" in said
    assert data(card, "Show")["with_target"] == JANE.id


def test_a_target_that_is_gone_is_said_to_be_gone():
    card = plan_overtaken(plan_of(DELETE_JANE), [None])
    assert "It is not there any more." in words(card)
    assert "It is not there any more." in card.markdown
