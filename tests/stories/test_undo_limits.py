"""Which plans can be undone, how far, and by whom."""

from dataclasses import replace

from bot_at_work import BotAtWork
from confirmed_plans import ADD, changed, does, does_in_space, extension, has_done, present, values
from people import Person
from policies import POLICY, grant_to

from bot.calling.requests import ExtensionUpdate
from bot.plans import ChangeState, Image, Kind, Outcome, image_of_extension

# what can't be undone


def test_plans_without_an_effect_have_nothing_to_undo(bot: BotAtWork, alice: Person) -> None:
    """Each gets its own sentence."""
    alice.says(ADD)
    waiting = alice.plan_id()
    alice.says(f"undo {waiting}")
    alice.sees(f"Plan {waiting} has not been confirmed", f"cancel {waiting}")
    alice.says(f"cancel {waiting}")
    alice.says(f"undo {waiting}")
    alice.sees(f"Plan {waiting} was cancelled by Alice Martin", "Nothing was changed")
    alice.says(ADD)
    expired = alice.plan_id()
    bot.clock.pass_by(minutes=16)
    alice.says(f"undo {expired}")
    alice.sees(f"Plan {expired} expired before it was decided on", "Nothing was changed")
    alice.says("undo ZZZZ")
    alice.sees("There is no such plan", "undo 7F3K")


def test_a_plan_that_was_overtaken_has_nothing_to_undo(bot: BotAtWork, alice: Person) -> None:
    """It was never applied."""
    alice.says("rename 5003 to Jane Roe")
    plan_id = alice.plan_id()
    bot.services.calling.delete_extension(present(bot, "5003").id)
    alice.clicks("Confirm")
    alice.says(f"undo {plan_id}")
    alice.sees(f"Plan {plan_id} was not applied, as something had changed in between.", "Nothing was changed")


def test_a_plan_that_failed_has_nothing_to_undo(bot: BotAtWork, alice: Person) -> None:
    """And its card has no such button."""
    alice.says(ADD)
    plan_id = alice.plan_id()
    bot.meets(method="POST", pattern="/virtualExtensions$", status=500, count=1)
    alice.clicks("Confirm")
    alice.sees("Not done")
    alice.sees_buttons()
    for line in (f"undo {plan_id}", "undo"):
        alice.says(line)
        alice.sees(f"Plan {plan_id} failed when it was applied.", "Nothing was changed")


def test_what_is_not_certain_is_to_be_looked_up_first(bot: BotAtWork, alice: Person) -> None:
    """An undo of what may not have happened could do harm."""
    plan_id = does(alice, ADD)
    bot.services.store.record_outcome(plan_id, 0, Outcome(ChangeState.UNKNOWN))
    alice.says("undo")
    alice.sees(f"Whether plan {plan_id} changed 5012 Jane Doe is not certain.", "Look it up first")


# several changes in one plan


def test_several_changes_are_undone_from_the_last_to_the_first(bot: BotAtWork, alice: Person) -> None:
    """Where one took what another had left, and where one thing was changed twice."""
    first, second = present(bot, "5003"), present(bot, "5004")
    moved = first.model_copy(update={"extension": "5093"})
    plan_id = has_done(
        bot,
        alice,
        changed(first, extension="5093"),
        changed(second, extension="5003"),
        changed(moved, displayName="Twice"),
    )
    assert (present(bot, "5093").display_name, present(bot, "5003").id) == ("Twice", second.id)
    alice.says(f"undo {plan_id}")
    alice.sees("3 changes", "Change virtual extension 5093 Twice", "Change virtual extension 5003")
    alice.clicks("Confirm")
    alice.sees("Done: 3 changes")
    assert (present(bot, "5003"), present(bot, "5004")) == (first, second)


def test_a_thing_that_one_plan_changed_and_deleted_is_as_it_was_at_first(bot: BotAtWork, alice: Person) -> None:
    """It is made anew in one step, as its new id is not known before."""
    found = present(bot, "5003")
    renamed = changed(found, displayName="Twice")
    gone = replace(renamed, kind=Kind.DELETE, before=renamed.after, after=None)
    plan_id = has_done(bot, alice, renamed, gone)
    alice.says(f"undo {plan_id}")
    alice.clicks("Confirm")
    assert values(present(bot, "5003")) == values(found)


def test_what_took_the_place_of_another_gives_it_back(bot: BotAtWork, alice: Person) -> None:
    """The checks know what the plan itself makes room for."""
    found = present(bot, "5003")
    gone = replace(changed(found), kind=Kind.DELETE, after=None)
    follows: Image = {**image_of_extension(found), "displayName": "Next One"}
    comes = replace(gone, kind=Kind.CREATE, before=None, after=follows, target_id=None, label="5003 Next One")
    plan_id = has_done(bot, alice, gone, comes)
    assert present(bot, "5003").display_name == "Next One"
    alice.says(f"undo {plan_id}")
    alice.sees("2 changes")
    alice.clicks("Confirm")
    alice.sees("Done: 2 changes")
    assert values(present(bot, "5003")) == values(found)


def test_of_a_plan_that_was_done_in_part_that_part_is_undone(bot: BotAtWork, alice: Person) -> None:
    """And what is not certain is said to be so."""
    found = present(bot, "5003")
    others = [changed(present(bot, number), displayName="Other") for number in ("5004", "5005")]
    plan_id = has_done(bot, alice, changed(found, displayName="Jane Roe"), *others)
    bot.services.store.record_outcome(plan_id, 1, Outcome(ChangeState.FAILED))
    bot.services.store.record_outcome(plan_id, 2, Outcome(ChangeState.UNKNOWN))
    alice.says(f"undo {plan_id}")
    alice.sees("Change virtual extension 5003 Jane Roe", f"Plan {plan_id} was not done completely.")
    alice.sees(f"Whether plan {plan_id} changed {others[1].label} is not certain, so that is not undone.")
    alice.clicks("Confirm")
    assert present(bot, "5003") == found
    assert present(bot, "5004").display_name == "Other"


def test_after_an_undo_that_failed_in_part_undo_undoes_the_rest(bot: BotAtWork, alice: Person) -> None:
    """It offered to have again what the first try had undone."""
    first, second = present(bot, "5003"), present(bot, "5004")
    plan_id = has_done(bot, alice, changed(first, displayName="One"), changed(second, displayName="Two"))
    alice.says("undo")
    bot.meets(method="PUT", pattern=f"/virtualExtensions/{second.id}$", status=400, count=1)
    alice.clicks("Confirm")
    alice.sees("Done in part")
    alice.says("undo")
    alice.sees(f"Undoes plan {plan_id}", "Change virtual extension 5004 Two", "as it was before")
    alice.clicks("Confirm")
    assert (present(bot, "5003"), present(bot, "5004")) == (first, second)


def test_what_is_as_before_already_is_left_out(bot: BotAtWork, alice: Person) -> None:
    """The rest is undone."""
    first, second = present(bot, "5003"), present(bot, "5004")
    plan_id = has_done(bot, alice, changed(first, displayName="One"), changed(second, displayName="Two"))
    bot.services.calling.update_extension(first.id, ExtensionUpdate(display_name=first.display_name))
    alice.says(f"undo {plan_id}")
    alice.sees("Change virtual extension 5004 Two", f"Some of it is as it was before plan {plan_id} already.")


# by whom


def test_somebody_without_the_right_undoes_nothing(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Neither by the button in the space nor by the id."""
    plan_id = does_in_space(alice)
    rita.room_id = alice.room_id
    rita.clicks("Undo", on=alice.answer)
    rita.sees("Not allowed", "You need the permission “delete”, to delete virtual extensions and ranges")
    rita.says(f"undo {plan_id}", in_space="Telephony")
    rita.sees("Not allowed")
    assert extension(bot, "5012")


def test_who_may_change_things_may_undo_what_others_did(bot: BotAtWork, alice: Person, leo: Person) -> None:
    """The permission counts, not who it was."""
    bot.goes_by(POLICY + grant_to("leo@example.com", "change delete"))
    plan_id = does_in_space(alice)
    leo.says(f"undo {plan_id}")
    leo.clicks("Confirm")
    leo.sees("Done: Deleted virtual extension 5012")
    assert extension(bot, "5012") is None
    alice.says(f"undo {plan_id}", in_space="Telephony")
    alice.sees(f"Plan {plan_id} was undone before, by Leo")


def test_the_mode_is_put_back_by_those_alone_who_may_change_it(bot: BotAtWork, alice: Person, leo: Person) -> None:
    """The way back needs what the way there needed."""
    alice.says("mode enhanced", in_space="Telephony")
    plan_id = alice.plan_id()
    alice.clicks("Confirm", acknowledged="true")
    leo.says(f"undo {plan_id}", in_space="Telephony")
    leo.sees("Not allowed", "You need the permission “settings”, to change the organization's mode")
    leo.does_not_see("ENHANCED", "Alice Martin")
    assert bot.services.calling.get_mode() == "ENHANCED"
