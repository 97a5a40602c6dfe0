"""All that the virtual extension API can do is within reach, both by typing and by pressing."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

from bot_at_work import BotAtWork
from people import Person

OFFICIAL = Path(__file__).parents[1] / "contract" / "virtual-extensions.openapi.json"


def operations() -> Iterator[str]:
    """Method and path of each operation on virtual extensions, as the official text has them."""
    for path, methods in json.loads(OFFICIAL.read_text())["paths"].items():
        if "virtualExtension" in path:
            yield from (f"{method.upper()} {path}" for method in methods)


def called(bot: BotAtWork) -> set[str]:
    """The operations that the bot has called, with the name of the id in the place of the id."""
    calls = [
        f"{call.method} {call.path.removeprefix('/v1')}" for call in bot.sandbox.world.calls if call.status < 300
    ]
    return {known for known in operations() for call in calls if re.fullmatch(_any_id(known), call)}


def _any_id(operation: str) -> str:
    return re.sub(r"{\w+}", "(?!settings)[^/]+", operation)


def test_every_filter_reaches_webex(bot: BotAtWork, alice: Person) -> None:
    """All parameters of both lists are in use, but for those that the bot knows better.

    The organization is a setting, and a location is looked up by name, so that a wrong name can be answered.
    """
    for line in (
        "extensions at Lyon named smith descending", "org extensions", "extensions number +33199000202",
        "extensions with extension 5001", "ranges at Lyon named paris descending", "org ranges",
        "ranges prefix +3319900",
    ):  # fmt: skip
        alice.says(line)
        alice.does_not_see("I did not understand")
    for path in ("/telephony/config/virtualExtensions", "/telephony/config/virtualExtensionRanges"):
        queries = [call.query for call in bot.sandbox.world.calls if call.path == f"/v1{path}"]
        used = {name for query in queries for name in parse_qs(query)}
        listing = json.loads(OFFICIAL.read_text())["paths"][path]["get"]
        assert used == {one["name"] for one in listing["parameters"]} - {"orgId", "locationName"}


def test_every_operation_can_be_typed(bot: BotAtWork, alice: Person) -> None:
    """A morning of somebody who never presses a button."""
    for line in (
        "extensions", "add 5012 +14085550123 Jane Doe", "change 5012 number +14085550124", "delete 5012",
        "ranges", "range London", "add range Berlin +4930555 5XXX", "rename range Berlin to Spree",
        "delete range Spree",
        "check +14085550125", "check range Rome +3906 5XXX", "mode", "mode enhanced",
    ):  # fmt: skip
        alice.says(line)
        if "Nothing has changed yet" in alice.answer["markdown"]:
            alice.says(f"confirm {alice.plan_id()}")
            alice.sees("Done:")
    assert called(bot) == set(operations())


def test_every_operation_can_be_pressed(bot: BotAtWork, alice: Person) -> None:
    """A morning of somebody who types a word to begin with, and then presses."""
    alice.says("extensions")
    alice.clicks("Add")
    alice.clicks("Continue", extension="5012", phone_number="+14085550123", display_name="Jane Doe")
    alice.clicks("Confirm")
    alice.clicks("Show")
    alice.clicks("Edit")
    alice.clicks("Continue", phone_number="+14085550124")
    alice.clicks("Confirm")
    alice.clicks("Show")
    alice.clicks("Delete")
    alice.clicks("Confirm")
    alice.sees("Done: Deleted virtual extension 5012 Jane Doe")

    alice.says("check range")
    alice.clicks("Check", name="Berlin", prefix="+4930555", patterns="5XXX")
    alice.clicks("Add this range")
    alice.clicks("Confirm")
    alice.clicks("Show")
    alice.clicks("Edit")
    alice.clicks("Continue", name="Spree")
    alice.clicks("Confirm")
    alice.says("ranges")
    alice.clicks("Show", target="Spree · +4930555 · Organization")
    alice.clicks("Delete")
    alice.clicks("Confirm")
    alice.sees("Done: Deleted range Spree")

    alice.says("check numbers")
    alice.clicks("Check", phone_numbers="+14085550125")
    alice.sees("All numbers are valid")
    alice.says("mode")
    alice.clicks("Change to enhanced")
    alice.clicks("Confirm", acknowledged="true")
    alice.sees("Done: Changed the mode of the organization")
    assert called(bot) == set(operations())
