"""People who try what no card offers them: other people's plans, invented values, far too much of everything."""

from typing import Any

import pytest
from bot_at_work import BotAtWork
from forgeries import APOLOGY, answers, says_unchecked, writes
from people import Person, card_of, visible
from policies import AT_OWN_LOCATIONS, EVERYTHING, LOOKING, SECOND_PERSON, grant_to

from bot.calling.requests import ExtensionFilter
from bot.commands import all_commands
from bot.sandbox.seed import LYON_ID

ADD = "add 5012 +14085550123 Jane Doe at Denver"
NEW = {"extension": "5012", "phone_number": "+14085550123", "display_name": "Jane Doe"}
NOT_YOURS = "There is no such plan that you may decide on. You need the permission “change”"
TWO_PEOPLE = f'granted_by = "The telephony team"\n{EVERYTHING}{LOOKING}{AT_OWN_LOCATIONS}{SECOND_PERSON}'


def confirms(person: Person, plan_id: str, command: str = "plans.confirm", **more: Any) -> None:
    """Press a button for that plan that no card of this person has."""
    person.submits(person.answer, {"command": command, "with_target": plan_id, **more})


def shows(person: Person) -> str:
    """All that the person is shown: the card, and the text beside it."""
    return visible(card_of(person.answer)) + str(person.answer["markdown"])


# other people's plans


def test_another_persons_press_changes_nothing(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Rita looks, and that is all: not by the button, not by hand, not by text, and not by cancelling."""
    alice.says(ADD, in_space="Telephony")
    plan, plan_id = alice.answer, alice.plan_id()
    rita.room_id = alice.room_id
    for title in ("Confirm", "Cancel"):
        rita.clicks(title, on=plan)
        rita.sees("Not allowed")
    rita.says(f"confirm {plan_id}", in_space="Telephony")
    rita.sees("Not allowed")
    assert writes(bot) == []
    alice.clicks("Confirm", on=plan)
    alice.sees("Done:")


def test_a_location_administrator_confirms_nothing_elsewhere(bot: BotAtWork, alice: Person, leo: Person) -> None:
    """A plan for Denver, pressed by who has Lyon."""
    alice.says(ADD, in_space="Telephony")
    leo.room_id = alice.room_id
    leo.clicks("Confirm", on=alice.answer)
    leo.sees("Not allowed", "for more than you have it")
    assert writes(bot) == []


def test_who_asked_does_not_approve(bot: BotAtWork, alice: Person) -> None:
    """The button is not on their card; it can be sent all the same."""
    bot.goes_by(TWO_PEOPLE)
    alice.says("mode enhanced")
    plan_id = alice.plan_id()
    alice.clicks("Ask for approval", acknowledged="true")
    for _ in range(2):
        confirms(alice, plan_id, "plans.approve", acknowledged="true", with_person="rita", reviewed_by="rita")
        alice.sees("Not allowed", "You asked for this plan yourself")
    assert writes(bot) == []


def test_a_guessed_plan_tells_nothing(alice: Person, leo: Person) -> None:
    """To who may not decide on it, a plan that is there and one that is not look exactly alike."""
    alice.says("delete 5003")
    plan_id = alice.plan_id()
    leo.meets_the_bot()
    for verb in ("confirm", "cancel", "undo"):
        said = []
        for guess in (plan_id, "ZZZ2"):
            leo.says(f"{verb} {guess}")
            leo.sees("Not allowed", NOT_YOURS)
            leo.does_not_see("5003", "Alice", plan_id)
            said.append(shows(leo))
        assert said[0] == said[1]
    alice.clicks("Confirm")
    leo.says(f"undo {plan_id}")
    leo.sees(NOT_YOURS)


def test_a_guess_is_in_the_history_whether_it_was_right_or_not(bot: BotAtWork, alice: Person, leo: Person) -> None:
    """Else the history would tell who guesses which plans there are."""
    alice.says("delete 5003")
    plan_id = alice.plan_id()
    for guess in (plan_id, "ZZZ2"):
        leo.says(f"confirm {guess}")
    latest = [one.entry for one in bot.services.store.history.links()][-2:]
    assert [(one.person_name, one.outcome, one.plan_id) for one in latest] == [
        ("Leo Laurent", "refused", plan_id),
        ("Leo Laurent", "refused", "ZZZ2"),
    ]


@pytest.mark.parametrize("guess", ["", "\x00"])
def test_no_plan_id_at_all_decides_on_nothing(bot: BotAtWork, alice: Person, guess: str) -> None:
    """Not on the only plan that there is, either."""
    alice.says("delete 5003")
    plan_id = alice.plan_id()
    for command in ("plans.confirm", "plans.approve", "plans.reject", "plans.cancel"):
        confirms(alice, guess, command)
        alice.sees("That did not work", "Which plan?" if command in ("plans.confirm", "plans.cancel") else "waits")
    assert writes(bot) == []
    found = bot.services.store.find_plan(plan_id)
    assert found
    assert found.is_open


@pytest.mark.parametrize(
    "guess", ["----", "7f3k7f3k", "7F3", "' OR '1'='1", "*", "%", "____", "٣٣٣٣", "null", "x" * 400]
)
def test_what_is_no_plan_id_is_no_plan(bot: BotAtWork, alice: Person, guess: str) -> None:
    """All of it is answered in the same words."""
    alice.says("help")
    for command in ("plans.confirm", "plans.approve", "plans.reject", "plans.cancel"):
        confirms(alice, guess, command)
        alice.sees("There is no such plan", "The id is on the card of the plan")
    assert writes(bot) == []


# people who lose, or never had, their rights


def test_people_of_another_organization_reach_nothing(bot: BotAtWork, alice: Person, oscar: Person) -> None:
    """Invited into a group space, Oscar sees the cards of others. He can press their buttons and write."""
    alice.says(ADD, in_space="Telephony")
    plan, plan_id = alice.answer, alice.plan_id()
    alice.lets_in(
        next(one.id for one in bot.sandbox.world.people.values() if one.first_name == "Oscar"), alice.room_id
    )
    oscar.room_id = alice.room_id
    for title in ("Confirm", "Cancel"):
        oscar.clicks(title, on=plan)
        oscar.sees("Not allowed", "This bot answers only people of its own organization")
    for line in (f"confirm {plan_id}", "show 5003", "help", "history"):
        oscar.says(line, in_space="Telephony")
        oscar.sees("Not allowed", "This bot answers only people of its own organization")
        oscar.does_not_see("Denver", "5012", "Alice")
    assert writes(bot) == []


def test_who_left_the_policy_confirms_no_more(bot: BotAtWork, alice: Person) -> None:
    """Between the plan and the press: what counts is the policy as it is at the press, at once."""
    alice.says("delete 5003")
    plan = alice.answer
    bot.goes_by(LOOKING)
    alice.clicks("Confirm", on=plan)
    alice.sees("Not allowed", "You need the permission “delete”")
    alice.says(f"confirm {card_of(plan)['actions'][0]['data']['with_target']}")
    alice.sees("Not allowed")
    assert writes(bot) == []


def test_who_left_the_policy_gets_nothing_approved(bot: BotAtWork, alice: Person, nina: Person) -> None:
    """Between the confirmation and the approval: nobody stands for the plan any more."""
    everything = "read change delete bulk settings approve"
    bot.goes_by(grant_to("alice@example.com", everything) + grant_to("nina@example.com", everything))
    alice.says("mode enhanced")
    plan_id = alice.plan_id()
    alice.clicks("Ask for approval", acknowledged="true")
    bot.goes_by(grant_to("nina@example.com", everything))
    nina.says(f"approve {plan_id}")
    nina.sees("Not allowed", "Alice Martin may not do this any more", "Reject it")
    assert writes(bot) == []


def test_an_approver_who_left_the_policy_approves_no_more(bot: BotAtWork, alice: Person, nina: Person) -> None:
    """The card is still in their space."""
    everything = "read change delete bulk settings approve"
    bot.goes_by(grant_to("alice@example.com", everything) + grant_to("nina@example.com", everything))
    nina.meets_the_bot()
    alice.says("mode enhanced")
    plan_id = alice.plan_id()
    alice.clicks("Ask for approval", acknowledged="true")
    bot.goes_by(grant_to("alice@example.com", everything) + grant_to("nina@example.com", "read"))
    nina.clicks("Approve")
    nina.sees("Not allowed")
    nina.says(f"approve {plan_id}")
    nina.sees("Not allowed")
    assert writes(bot) == []


# submissions made by hand


@pytest.mark.parametrize(
    "start", ["99999999", "9999999", "-1", "1.5", "NaN", "ten", "", None, True, [1], {"a": 1}, 10**30]
)
def test_an_invented_page_is_answered(alice: Person, start: Any) -> None:
    """An empty page, the first one, or the words that the card is too old."""
    alice.says("extensions")
    for command in ("extensions.list", "ranges.list", "locations.list", "history.list"):
        alice.submits(alice.answer, {"command": command, "with_start": start})
        alice.does_not_see(APOLOGY, "can't be reached")


@pytest.mark.parametrize(
    "command",
    ["", " ", "help ", "EXTENSIONS.DELETE", "extensions", "extensions.purge", "__class__", "plans", "x" * 100_000,
     None, True, 7, ["extensions.delete"], {"name": "extensions.delete"}],
)  # fmt: skip
def test_an_invented_command_is_no_card_of_ours(bot: BotAtWork, alice: Person, command: Any) -> None:
    """Commands are known by their exact names."""
    alice.says("help")
    alice.submits(alice.answer, {"command": command, "with_target": "5003"})
    alice.sees("This card is not one that I can read any more", "Send the command again as a line of text")
    assert writes(bot) == []


def test_roles_and_other_extra_keys_count_for_nothing(bot: BotAtWork, rita: Person) -> None:
    """Who somebody is comes from Webex alone."""
    claimed = {
        "role": "Full Administrator", "roles": ["id_full_admin"], "personId": "alice", "person_id": "alice",
        "permissions": "change", "confirmed": True, "state": "approved", "needs_approval": False, "orgId": "x",
        "with_role": "admin", "with_permission": "change", "with_with_target": "5003", "__proto__": {"admin": 1},
    }  # fmt: skip
    rita.says("extensions")
    for command, spec in all_commands().items():
        if spec.changes:
            rita.submits(
                rita.answer, {**claimed, "command": command, "with_target": "5003", "with_mode": "ENHANCED"}
            )
            rita.does_not_see(APOLOGY, "Confirm", "Done:")
    assert writes(bot) == []


def test_what_has_no_place_in_a_form_is_passed_over(alice: Person) -> None:
    """Lists, objects and null are as if they were not there; numbers and ticks are read as text."""
    alice.says("extensions")
    for target in (None, [], ["5003"], {"id": "5003"}, {"with_target": {"deep": [[]]}}):
        alice.submits(alice.answer, {"command": "extensions.delete", "with_target": target})
        alice.does_not_see(APOLOGY)
        assert "Confirm" not in shows(alice)
    for target in (True, 0, -1, 1.5, 10**40):
        alice.submits(alice.answer, {"command": "extensions.show", "with_target": target})
        alice.sees("There is no virtual extension")
    alice.submits(alice.answer, {"command": "extensions.show", "with_target": 5003})
    alice.sees("5003")


def test_ids_of_other_things_are_no_targets(bot: BotAtWork, alice: Person) -> None:
    """The id of an extension is no range, that of a message no location, and a path is no id."""
    alice.says("extensions")
    known = bot.services.calling.all_extensions(ExtensionFilter(extension="5003"))[0].id
    message_id = alice.answer["id"]
    for command in ("ranges.show", "ranges.delete", "ranges.change"):
        for target in (known, message_id, LYON_ID, "../virtualExtensions/settings", f"{known}/../settings"):
            alice.submits(alice.answer, {"command": command, "with_target": target, "name": "Spree"})
            alice.does_not_see(APOLOGY, "5003", "can't be reached")
    for command in ("extensions.show", "extensions.delete"):
        for target in (message_id, LYON_ID, "settings", "../locations", f"{known}?orgId=x", f"{known}%2f.."):
            alice.submits(alice.answer, {"command": command, "with_target": target})
            alice.sees("That did not work")
            alice.does_not_see("Confirm")
    for command in ("extensions.list", "ranges.list", "extensions.add"):
        for location in (message_id, known, "../../people", "settings"):
            alice.submits(alice.answer, {**NEW, "command": command, "location": location})
            alice.does_not_see(APOLOGY, "can't be reached")
            assert "with Webex Calling." in shows(alice)
    assert writes(bot) == []


# far too much


def test_a_hundred_kilobytes_of_text_are_answered(bot: BotAtWork, alice: Person) -> None:
    """No message of Webex is that long, but what is sent is not always what is allowed."""
    alice.meets_the_bot()
    for words in (
        "delete 5003 " * 8_500,
        "(" * 100_000,
        "5" * 100_000,
        "+1 " * 33_000,
        "'" * 100_000,
        "**a** " * 17_000,
    ):
        says_unchecked(bot, alice, words)
        alice.sees("That is too long for one command. Send one command, in one line.")
    assert writes(bot) == []


@pytest.mark.parametrize("part", ["<b>", "<!", "<![CDATA[", "</", "<a href='", "&#", "<spark-mention ", "<!--"])
def test_a_hundred_kilobytes_of_markup_are_answered(bot: BotAtWork, alice: Person, part: str) -> None:
    """The html of a message is longer than its words; tags that never end are not searched again and again."""
    alice.meets_the_bot()
    says_unchecked(bot, alice, "help", html=part * (100_000 // len(part)))
    alice.does_not_see(APOLOGY)


def test_a_hundred_kilobytes_in_a_form_are_answered(bot: BotAtWork, alice: Person) -> None:
    """In each input, in the name of one, and in a great many of them."""
    alice.says("extensions")
    long = "5" * 100_000
    for inputs in (
        {"extension": long}, {"with_target": long}, {"location": long}, {"patterns": "5XXX " * 20_000},
        {long: "x"}, {f"key {at}": "x" for at in range(10_000)}, {"with_start": long}, {"level": long},
        {"phone_numbers": long},
    ):  # fmt: skip
        alice.submits(alice.answer, {"command": "extensions.add", **inputs})
        alice.does_not_see(APOLOGY, "5" * 5_000)
    assert len(answers(bot, alice.room_id)) > 1
    assert writes(bot) == []
