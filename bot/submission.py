"""A card submission -> Command. Every value is an untrusted string that anybody can send by hand.

A button's data holds `command` and `with_<argument>`, inputs are named by the argument, so that the two never
meet: clients differ in which of them would win. Keys that no argument has are passed over.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

from bot.command import Arguments, Command
from bot.errors import UserError
from bot.telephony import Level, Mode, Order, PatternAction
from cards.escape import one_line

LONGEST = 500
"""Characters of one input; names of Webex have at most about a hundred."""

LONGEST_LIST = 4_000
"""Characters of a list: a hundred patterns of ten digits fit three times."""

Choice = TypeVar("Choice", bound=Enum)

STALE_CARD = "This card is not one that I can read any more."
START_AGAIN = "Send the command again as a line of text, or send `help`."


def read_submission(inputs: Mapping[str, str]) -> Command:
    """The command that a pressed button stands for. Raises UserError naming the field that can't be read."""
    name = inputs.get("command", "")
    if not name:
        raise UserError(STALE_CARD, START_AGAIN)
    fixed = {key.removeprefix("with_"): value for key, value in inputs.items() if key.startswith("with_")}
    given = {**inputs, **fixed}
    values = {field: read(field, given[field].strip()) for field, read in READERS.items() if field in given}
    return Command(name, Arguments(**values))


def _text(field: str, value: str, longest: int = LONGEST) -> str:
    """As a line of text would hold it: what can't be seen may be what no database takes."""
    return one_line(_short(field, value, longest))


def _short(field: str, value: str, longest: int) -> str:
    if len(value) > longest:
        raise UserError(f"That is longer than {longest} characters.", "Shorten it and send it again.", field)
    return value


def _words(field: str, value: str) -> tuple[str, ...]:
    return tuple(_text(field, value, LONGEST_LIST).replace(",", " ").replace(";", " ").split())


def _numbers(field: str, value: str) -> tuple[str, ...]:
    """Phone numbers, which may have blanks inside: a blank separates two where the second has its own +."""
    parts = re.split(r"[,;\n]+|\s+(?=\+)", _short(field, value, LONGEST_LIST))
    return tuple(filter(None, map(one_line, parts)))


def _target(field: str, value: str) -> str | None:
    return _text(field, value) or None


def _offset(_field: str, value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and len(value) < 8):
        raise UserError(STALE_CARD, START_AGAIN)
    return int(value)


def _tick(_field: str, value: str) -> bool:
    return value == "true"


def _one_of(choices: type[Choice]) -> Callable[[str, str], Choice | None]:
    def read(field: str, value: str) -> Choice | None:
        if not value:
            return None
        try:
            return choices(value)
        except ValueError:
            allowed = ", ".join(str(choice.value) for choice in choices)
            raise UserError("That is not one of the choices.", f"Choose one of {allowed}.", field) from None

    return read


READERS: Mapping[str, Callable[[str, str], Any]] = {
    "target": _target,
    "extension": _text,
    "phone_number": _text,
    "display_name": _text,
    "first_name": _text,
    "last_name": _text,
    "location": _text,
    "level": _one_of(Level),
    "name": _text,
    "prefix": _text,
    "patterns": _words,
    "action": _one_of(PatternAction),
    "phone_numbers": _numbers,
    "order": _one_of(Order),
    "mode": _one_of(Mode),
    "topic": _target,
    "person": _target,
    "plan": _target,
    "period": _target,
    "since": _target,
    "until": _target,
    "start": _offset,
    "acknowledged": _tick,
    "reason": _text,
}
