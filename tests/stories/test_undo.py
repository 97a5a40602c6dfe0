"""What was confirmed can be undone: by a plan that is shown, confirmed, and can be undone itself."""

import pytest
from bot_at_work import BotAtWork
from confirmed_plans import ADD, does, extension, present, range_named, values
from people import Person, buttons, card_of
from policies import POLICY, grant_to

# each kind of change


def test_what_was_added_is_deleted(bot: BotAtWork, alice: Person) -> None:
    """By the button of the confirmation."""
    plan_id = does(alice, ADD)
    alice.clicks("Undo")
    alice.sees("Delete virtual extension 5012", f"Undoes plan {plan_id}", "Denver", "Nothing has changed yet")
    assert extension(bot, "5012")
    alice.clicks("Confirm")
    alice.sees("Done: Deleted virtual extension 5012", "Read back from Webex")
    assert extension(bot, "5012") is None


@pytest.mark.parametrize(
    "line", ["change 5003 number +14085550177", "rename 5003 to Jane Roe", "move 5003 to 5099"]
)
def test_what_was_changed_has_its_values_again(bot: BotAtWork, alice: Person, line: str) -> None:
    """All of them, names too."""
    before = present(bot, "5003")
    does(alice, line)
    assert bot.services.calling.get_extension(before.id) != before
    alice.clicks("Undo")
    alice.clicks("Confirm")
    alice.sees("Done: Changed virtual extension")
    assert present(bot, "5003") == before


def test_what_was_deleted_is_made_anew_where_it_was(bot: BotAtWork, alice: Person) -> None:
    """With the same values, at the same place. What can't be the same is said."""
    does(alice, ADD)
    before = present(bot, "5012")
    does(alice, "delete 5012")
    alice.clicks("Undo")
    alice.sees("Add virtual extension 5012", "Denver", "It gets a new id in Webex.")
    alice.clicks("Confirm")
    alice.sees("Done: Added virtual extension 5012")
    assert values(present(bot, "5012")) == values(before)


@pytest.mark.parametrize(
    "line",
    [
        "range London add 7XXX",
        "remove 81XX from range London",
        "replace patterns of range London with 6XXX 7XXX",
        "rename range London to Thames",
        "change prefix of range London to +4420794700",
    ],
)
def test_a_range_has_exactly_its_patterns_again(bot: BotAtWork, alice: Person, line: str) -> None:
    """Name and prefix too."""
    before = range_named(bot, "London")
    does(alice, line)
    assert range_named(bot, "London") != before
    alice.clicks("Undo")
    alice.clicks("Confirm")
    alice.sees("Done: Changed range")
    assert range_named(bot, "London") == before


def test_a_deleted_range_is_made_anew_with_its_patterns(bot: BotAtWork, alice: Person) -> None:
    """At its location, under a new id."""
    before = range_named(bot, "Paris")
    assert before is not None
    does(alice, "delete range Paris")
    assert range_named(bot, "Paris") is None
    alice.clicks("Undo")
    alice.sees("Add range Paris", "Lyon", "21XX", "It gets a new id in Webex.")
    alice.clicks("Confirm")
    after = range_named(bot, "Paris")
    assert after is not None
    assert after.model_dump(exclude={"id"}) == before.model_dump(exclude={"id"})


def test_an_added_range_is_deleted(bot: BotAtWork, alice: Person) -> None:
    """By its id."""
    does(alice, "add range Berlin +4930555 5XXX at Munich")
    alice.clicks("Undo")
    alice.clicks("Confirm")
    alice.sees("Done: Deleted range Berlin")
    assert range_named(bot, "Berlin") is None


def test_the_mode_is_put_back_as_knowingly_as_it_was_changed(bot: BotAtWork, alice: Person) -> None:
    """The tick is asked for again."""
    does(alice, "mode enhanced")
    alice.clicks("Undo")
    alice.sees("Change the mode of the organization", "This affects every virtual extension")
    alice.clicks("Confirm")
    alice.sees_mistake("acknowledged", "Tick this first")
    alice.clicks("Confirm", acknowledged="true")
    assert bot.services.calling.get_mode() == "STANDARD"


def test_an_old_button_says_that_what_it_did_was_undone_since(bot: BotAtWork, alice: Person) -> None:
    """Pressed in a window that still shows it: "Done" alone would not be true any more."""
    alice.says(ADD)
    old = alice.answer
    alice.clicks("Confirm")
    alice.clicks("Undo")
    undo = alice.plan_id()
    alice.clicks("Confirm")
    alice.clicks("Confirm", on=old)
    alice.sees("Done: Added virtual extension 5012", "Undone since", "Alice Martin", f"plan {undo}")
    assert "Undo" not in [button["title"] for button, _ in buttons(card_of(alice.answer))]
    assert extension(bot, "5012") is None


def test_what_was_added_without_an_answer_can_be_undone_too(bot: BotAtWork, alice: Person) -> None:
    """Its id is found by reading back."""
    alice.says(ADD)
    bot.meets(method="POST", pattern="/virtualExtensions$", drop="after", count=1)
    alice.clicks("Confirm")
    alice.sees("Done: Added virtual extension 5012")
    alice.clicks("Undo")
    alice.clicks("Confirm")
    alice.sees("Done: Deleted virtual extension 5012")
    assert extension(bot, "5012") is None


# by text


@pytest.mark.parametrize("line", ["undo {}", "revert {}", "take back {}", "roll back plan {}"])
def test_a_plan_is_undone_by_its_id(bot: BotAtWork, alice: Person, line: str) -> None:
    """An older one too."""
    plan_id = does(alice, ADD)
    does(alice, "rename 5003 to Jane Roe")
    alice.says(line.format(plan_id.lower()))
    alice.sees("Delete virtual extension 5012", f"Undoes plan {plan_id}")
    assert extension(bot, "5012")


@pytest.mark.parametrize("line", ["undo", "undo that"])
def test_without_an_id_it_is_ones_own_latest_plan_of_the_space(alice: Person, line: str) -> None:
    """Whatever was confirmed elsewhere."""
    does(alice, ADD)
    direct = alice.room_id
    alice.says("rename 5003 to Jane Roe", in_space="Telephony")
    alice.clicks("Confirm")
    alice.room_id = direct
    alice.says(line)
    alice.sees("Delete virtual extension 5012")


def test_a_plan_of_another_space_needs_its_id(alice: Person) -> None:
    """What is undone without one is what people see above."""
    done = does(alice, ADD)
    alice.says("undo", in_space="Telephony")
    alice.does_not_see("5012")
    alice.says(f"undo {done}", in_space="Telephony")
    alice.sees("Delete virtual extension 5012", f"Undoes plan {done}")


def test_who_has_confirmed_nothing_here_is_told_so(rita: Person) -> None:
    """With how to name a plan of somebody else, or of another space."""
    rita.says("undo")
    rita.sees("In this space there is no plan of yours that can be undone.", "undo 7F3K")


def test_what_somebody_else_has_undone_is_passed_over(bot: BotAtWork, alice: Person, leo: Person) -> None:
    """The latest plan is the latest that is still in effect."""
    bot.goes_by(POLICY + grant_to("leo@example.com", "change delete"))
    does(alice, "rename 5003 to Jane Roe")
    later = does(alice, ADD)
    does(leo, f"undo {later}")
    alice.says("undo")
    alice.sees("Change virtual extension 5003 Jane Roe")


# once


def test_two_presses_make_one_plan(alice: Person) -> None:
    """The second one shows the same."""
    done = does(alice, ADD)
    alice.says(f"undo {done}")
    plan_id = alice.plan_id()
    alice.says(f"undo {done}")
    assert alice.plan_id() == plan_id


def test_what_was_undone_is_not_undone_again(alice: Person) -> None:
    """It is said who undid it, and how to have it again."""
    done = does(alice, ADD)
    undo = does(alice, f"undo {done}")
    alice.says(f"undo {done}")
    alice.sees(f"Plan {done} was undone before, by Alice Martin", f"with plan {undo}", f"undo {undo}")


def test_an_undo_can_be_undone(bot: BotAtWork, alice: Person) -> None:
    """Back and forth, each time by a plan that says what it is."""
    before = present(bot, "5003")
    done = does(alice, "rename 5003 to Jane Roe")
    undo = does(alice, "undo")
    assert present(bot, "5003") == before
    alice.says("undo")
    alice.sees(f"Undoes plan {undo}", f"Plan {undo} undid plan {done}, or what was left of it.")
    alice.clicks("Confirm")
    assert present(bot, "5003").display_name == "Jane Roe"
    does(alice, "undo")
    assert present(bot, "5003") == before


def test_what_is_in_effect_again_can_be_undone_by_its_first_id(bot: BotAtWork, alice: Person) -> None:
    """Undone, and that undone: then the plan is done, whatever was between."""
    done = does(alice, "delete 5003")
    for line in (f"undo {done}", "undo"):
        does(alice, line)
    assert extension(bot, "5003") is None
    does(alice, f"undo {done}")
    assert extension(bot, "5003")


def test_what_was_deleted_and_made_anew_can_be_undone_under_its_new_id(bot: BotAtWork, alice: Person) -> None:
    """An older plan knows the old id alone."""
    before = present(bot, "5003")
    renamed = does(alice, "rename 5003 to Jane Roe")
    deleted = does(alice, "delete 5003")
    does(alice, f"undo {deleted}")
    assert present(bot, "5003").id != before.id
    does(alice, f"undo {renamed}")
    assert values(present(bot, "5003")) == values(before)


def test_what_an_undo_did_not_reach_can_be_undone_once_more(bot: BotAtWork, alice: Person) -> None:
    """An undo that failed has undone nothing."""
    done = does(alice, ADD)
    alice.says(f"undo {done}")
    bot.meets(method="DELETE", pattern="/virtualExtensions/", status=500, count=1)
    alice.clicks("Confirm")
    alice.sees("Not done")
    does(alice, f"undo {done}")
    assert extension(bot, "5012") is None


def test_after_a_cancelled_or_expired_undo_there_may_be_another(bot: BotAtWork, alice: Person) -> None:
    """Neither has undone anything."""
    done = does(alice, ADD)
    alice.says(f"undo {done}")
    cancelled = alice.plan_id()
    alice.clicks("Cancel")
    alice.says(f"undo {done}")
    expired = alice.plan_id()
    bot.clock.pass_by(minutes=16)
    alice.says(f"undo {done}")
    assert len({cancelled, expired, alice.plan_id()}) == 3
    alice.clicks("Confirm")
    assert extension(bot, "5012") is None
