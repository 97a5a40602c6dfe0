"""Names that want to be more: others make them, in Control Hub or through the API. They are text, everywhere."""

from collections.abc import Iterator

import pytest
import requests
from bot_at_work import BotAtWork, bot_at_work, person_id
from forgeries import APOLOGY, BIDI, NAMES, ZERO_WIDTH, answers, mentioned, rename, writes
from people import Person, elements

from bot.sandbox.records import Message
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import Event

TAKEN_BY_WEBEX = tuple(name for name in NAMES if "\ud800" not in name)
MARKUP = ("<a ", "<script", "<b>", "<h1", "<em>", "<spark-mention", "<code>&lt;@all", "<strong>Bold", "<li>List")


@pytest.fixture
def bot(sandbox: SandboxServer, database_url: str) -> Iterator[BotAtWork]:
    """A bot that has mentioned nobody and drawn nothing of what names hold, on no card that it ever showed."""
    with bot_at_work(sandbox, database_url) as working:
        said = all_that_is_said(working)
        yield working
        assert mentioned(working) == []
        assert said
        for one in said:
            check_is_text(one)


def all_that_is_said(bot: BotAtWork) -> list[Message]:
    """What the bot says from now on, also what something else takes the place of."""
    said: list[Message] = []
    world, own_id = bot.sandbox.world, bot.services.own_id

    def note(event: Event) -> None:
        message = world.messages.get(event.data["id"])
        if message and message.person_id == own_id:
            said.append(message)

    world.listeners.append(note)
    return said


def check_is_text(message: Message) -> None:
    """Nothing of a name became markup, an invisible character, or a line of its own."""
    html, drawn = message.html or "", f"{message.text}{message.attachments[0]['content']}"
    assert APOLOGY not in html
    assert 'evil.example"' not in html
    assert not [part for part in ("<script", "<b>", "<h1", "<spark-mention", "<em>and") if part in html]
    assert not set(drawn) & set(BIDI + ZERO_WIDTH + "\x00\x07\ud800")
    blocks = (one.get("text", "") for one in elements(message.attachments[0]["content"]))
    assert not [text for text in blocks if "{{DATE" in text]
    assert "confirm 7F3K" not in (message.text or "").splitlines()


def named(bot: BotAtWork, name: str) -> str:
    return name.replace("{alice}", person_id(bot, "alice"))


def calls(bot: BotAtWork, path: str, **body: object) -> str:
    """Make something through the API, as others do; its id."""
    headers = {"Authorization": "Bearer sandbox-alice"}
    answer = requests.post(
        f"{bot.sandbox.api_url}/telephony/config/{path}", json=body, headers=headers, timeout=10
    )
    assert answer.ok, answer.text
    return str(answer.json()["id"])


@pytest.mark.parametrize("name", TAKEN_BY_WEBEX)
def test_an_odd_name_of_an_extension_is_text(bot: BotAtWork, alice: Person, name: str) -> None:
    """In lists, details, choices, plans, confirmations, the history and undo."""
    name = named(bot, name)
    values = {"displayName": name, "firstName": name, "lastName": name}
    made = calls(bot, "virtualExtensions", extension="5012", phoneNumber="+14085550123", **values)
    denver = next(one.id for one in bot.services.locations.all() if one.name == "Denver")
    calls(bot, "virtualExtensions", extension="5012", phoneNumber="+14085550124", locationId=denver, **values)
    for line in ("extensions with extension 5012", "show 5012", "show +14085550123"):
        alice.says(line)
        alice.does_not_see("can't be reached")
    alice.submits(alice.answer, {"command": "extensions.show", "with_target": name})
    alice.submits(
        alice.answer, {"command": "extensions.change", "with_target": made, "phone_number": "+14085550125"}
    )
    alice.clicks("Confirm")
    alice.sees("Done:")
    alice.submits(alice.answer, {"command": "extensions.delete", "with_target": made})
    alice.clicks("Confirm")
    alice.sees("Done:")
    alice.says("undo")
    alice.clicks("Confirm")
    alice.sees("Done:")
    for line in ("history 5012", "history me"):
        alice.says(line)
    assert len(writes(bot)) == 2 + 3


@pytest.mark.parametrize("name", TAKEN_BY_WEBEX)
def test_an_odd_name_of_a_range_is_text(bot: BotAtWork, alice: Person, name: str) -> None:
    """The same for ranges, whose names are what one types."""
    name = named(bot, name)
    made = calls(bot, "virtualExtensionRanges", name=name, prefix="+4930555", patterns=["5XXX"])
    alice.says("ranges prefix +4930555")
    alice.does_not_see("can't be reached")
    for command in ("ranges.show", "ranges.delete"):
        alice.submits(alice.answer, {"command": command, "with_target": made})
        alice.does_not_see("can't be reached")
    alice.clicks("Confirm")
    alice.sees("Done:")
    alice.says("undo")
    alice.says("history range")


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_name_of_a_person_is_text(bot: BotAtWork, alice: Person, rita: Person, name: str) -> None:
    """Everybody chooses their own: it is on plans, confirmations and in the history."""
    rename(bot, "alice", named(bot, name))
    alice.says("whoami")
    alice.says("delete 5003", in_space="Telephony")
    plan_id = alice.plan_id()
    alice.clicks("Confirm")
    alice.sees("Done:")
    alice.says(f"confirm {plan_id}", in_space="Telephony")
    alice.sees("confirmed before")
    alice.says("delete 5004", in_space="Telephony")
    alice.clicks("Cancel")
    rita.says("history")
    rita.sees("Done: Deleted virtual extension 5003", "Cancelled: Delete virtual extension 5004")


@pytest.mark.parametrize("name", NAMES)
def test_an_odd_name_that_is_typed_or_filled_in_is_text(bot: BotAtWork, alice: Person, name: str) -> None:
    """In answers that repeat it: forms, mistakes, searches without a result, suggestions."""
    name = named(bot, name)
    for line in (f'add 5012 +14085550123 "{name}"', f"show {name}", f"extensions named {name}", f"delte {name}",
                 f"help {name}", f"history by {name}", f"reject 7F3K because {name}"):  # fmt: skip
        alice.says(line.encode(errors="ignore").decode())
    new = {"command": "extensions.add", "extension": "5012", "phone_number": "+14085550123"}
    for fields in (("display_name", "first_name", "last_name"), ("extension", "phone_number"), ("location",)):
        alice.submits(alice.answer, {"display_name": "Jane", **new, **dict.fromkeys(fields, name)})
    for field in ("name", "prefix", "patterns", "location"):
        wanted = {"command": "ranges.add", "name": "Berlin", "prefix": "+4930555", "patterns": "5XXX"}
        alice.submits(alice.answer, {**wanted, field: name})
    for command in ("plans.confirm", "ranges.show", "extensions.show"):
        alice.submits(alice.answer, {"command": command, "with_target": name})
    assert len(answers(bot, alice.room_id)) > 1
    assert writes(bot) == []
