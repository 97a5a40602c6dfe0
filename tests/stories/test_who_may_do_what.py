"""Who may do what: deny by default, people of the own organization only, asked anew for every click."""

from bot_at_work import BotAtWork, bot_at_work
from people import Person
from policies import grant_to

from bot.calling.requests import ExtensionFilter
from bot.sandbox.server import SandboxServer


def test_a_read_only_administrator_may_look_and_not_change(rita: Person) -> None:
    """The refusal says which permission is missing and who can give it."""
    rita.says("extensions")
    rita.sees("Virtual extensions")
    rita.says("add 5012 +14085550123 Jane Doe at Denver")
    rita.sees(
        "Not allowed",
        "You need the permission “change”, to add and change virtual extensions and ranges",
        "The telephony team can give it to you, in the bot's access policy.",
    )


def test_somebody_without_a_role_may_do_nothing(nina: Person) -> None:
    """Nobody has a permission that the policy does not give."""
    for line in ("extensions", "show 5001", "delete 5001", "mode"):
        nina.says(line)
        nina.sees("Not allowed")
        nina.does_not_see("John Smith")


def test_people_of_another_organization_are_turned_away(oscar: Person) -> None:
    """Anybody in the world can write to a bot: even help is for the own organization."""
    for line in ("help", "show 5001", "whoami"):
        oscar.says(line)
        oscar.sees("This bot answers only people of its own organization")


def test_settings_need_a_permission_of_their_own(sandbox: SandboxServer, database_url: str) -> None:
    """Changing extensions does not include the mode of the organization."""
    policy = grant_to("alice@example.com", "read change delete")
    with bot_at_work(sandbox, database_url, policy) as bot:
        alice = Person(bot, "alice")
        alice.says("mode enhanced")
        alice.sees("Not allowed", "change the organization's mode")
        alice.says("add 5012 +14085550123 Jane Doe at Denver")
        alice.sees_buttons("Confirm", "Cancel")


def test_people_can_be_named_by_e_mail(sandbox: SandboxServer, database_url: str) -> None:
    """An e-mail of the policy is resolved by Webex to a person id, and the id is what counts."""
    with bot_at_work(sandbox, database_url, grant_to("Nina@example.com", "read")) as bot:
        nina, alice = Person(bot, "nina"), Person(bot, "alice")
        nina.says("show 5003")
        nina.sees("5003")
        alice.says("delete 5003")
        alice.sees("Not allowed")


def test_a_permission_that_is_taken_away_stops_the_confirmation(bot: BotAtWork, alice: Person) -> None:
    """The click is authorized for the person as they are then: a role is kept in mind for five minutes at most."""
    alice.says("delete 5003")
    plan = alice.answer
    bot.takes_roles_from("Alice")
    bot.clock.pass_by(minutes=6)
    alice.clicks("Confirm", on=plan)
    alice.sees("Not allowed")
    assert bot.services.calling.all_extensions(ExtensionFilter(extension="5003"))


def test_a_hand_made_submission_is_authorized_like_every_other(alice: Person, rita: Person) -> None:
    """Whoever has a token can post what no card offers."""
    rita.says("extensions")
    rita.submits(rita.answer, {"command": "extensions.delete", "with_target": "5003"})
    rita.sees("Not allowed")
    alice.says("delete 5003")
    rita.submits(rita.answer, {"command": "plans.confirm", "with_target": alice.plan_id()})
    rita.sees("Not allowed")


def test_a_hand_made_submission_cannot_skip_the_plan(bot: BotAtWork, alice: Person) -> None:
    """Commands that change something make a plan, whatever else is sent along."""
    alice.says("extensions")
    alice.submits(
        alice.answer,
        {"command": "extensions.delete", "with_target": "5003", "role": "admin", "confirmed": "true", "plan": "x"},
    )
    alice.sees_buttons("Confirm", "Cancel")
    assert bot.services.calling.all_extensions(ExtensionFilter(extension="5003"))


def test_unknown_commands_and_values_of_a_hand_made_submission_are_answered(alice: Person) -> None:
    """Nothing that is sent makes the bot fail."""
    alice.says("extensions")
    for inputs in (
        {},
        {"command": "no.such.command"},
        {"command": "extensions.list", "with_start": "-1"},
        {"command": "extensions.list", "with_start": "99999999999"},
        {"command": "extensions.list", "level": "EVERYTHING"},
        {"command": "extensions.show", "target": "../messages?max=1"},
        {"command": "extensions.show", "target": "x" * 5_000},
    ):
        alice.submits(alice.answer, inputs)
        alice.does_not_see("Something went wrong")


def test_the_bot_does_not_answer_itself(alice: Person) -> None:
    """Webex tells the bot of its own messages too."""
    alice.says("help", in_space="Telephony")
    before = len(alice.messages())
    alice.says("help", in_space="Telephony")
    assert len(alice.messages()) == before + 2
