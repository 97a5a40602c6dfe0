"""The values of telephony: levels, modes, orders, and the numbers that people type."""

import re
from collections.abc import Iterable
from enum import StrEnum

import phonenumbers

from bot.errors import UserError


class Level(StrEnum):
    """Who can dial the bare extension: everybody in the organization, or one location."""

    ORGANIZATION = "ORGANIZATION"
    LOCATION = "LOCATION"


class Mode(StrEnum):
    """How the organization signals virtual extensions to the PSTN."""

    STANDARD = "STANDARD"
    ENHANCED = "ENHANCED"


class Order(StrEnum):
    """The order of a list, in the API's words."""

    ASC = "ASC"
    DSC = "DSC"


class PatternAction(StrEnum):
    """What a change of a range does with the patterns it names."""

    ADD = "ADD"
    REMOVE = "REMOVE"
    REPLACE = "REPLACE"


DIGITS = re.compile(r"[0-9]{2,10}")
PHONE_LETTERS = re.compile(r"\+?[\d\s().\-/]+")
PATTERN = re.compile(r"[0-9]+X+")
PREFIX = re.compile(r"\+?[0-9]{1,15}")
SPAN = re.compile(r"([0-9]{2,10}) ?- ?([0-9]{2,10})")
UNSAFE_IN_NAMES = re.compile(r'[%#<>\\/"\x00-\x1f\x7f]')
LONGEST_NAME = 100
MOST_PATTERNS = 100

PATTERN_HINT = "A range covers patterns, such as 51XX: digits, then an X for each digit that may be any."
E164_HINT = "Write it with + and the country code, for example +14085550123."


def read_extension(typed: str) -> str:
    """An extension of 2 to 10 digits. Raises UserError."""
    digits = re.sub(r"[\s.\-]", "", typed)
    if not DIGITS.fullmatch(digits):
        raise UserError(
            f"“{typed}” is not an extension.", "An extension has 2 to 10 digits, such as 5012.", "extension"
        )
    return digits


def read_phone_number(typed: str) -> str:
    """A phone number in E.164, from any usual punctuation. Raises UserError.

    The pattern comes first because phonenumbers reads letters as digits: it finds +1800FLOWERS valid.
    """
    text = typed.strip().replace("(0)", "")
    if text.startswith("00"):
        text = "+" + text[2:]
    if not PHONE_LETTERS.fullmatch(text) or not text.startswith("+"):
        raise UserError(f"“{typed}” is not a phone number in E.164.", _with_country_code(text), "phone_number")
    number = "+" + re.sub(r"[^0-9]", "", text)
    if not _is_possible(number):
        raise UserError(f"{number} is too long or too short for its country.", E164_HINT, "phone_number")
    return number


def _with_country_code(text: str) -> str:
    """How to write a number that lacks its country code; the example is that very one, where it may be so."""
    try:
        number = phonenumbers.parse(text, "US") if PHONE_LETTERS.fullmatch(text) else None
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        return E164_HINT
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"Write it with + and the country code: {written}, if it is a number of the USA or Canada."


def _is_possible(number: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def read_name(typed: str, field: str) -> str:
    """A name, with its spaces tidied, for the argument `field`. Raises UserError for what Webex would not take.

    Webex publishes no rule for these names; the letters refused here are those that it refuses in users' names.
    """
    name = " ".join(typed.split())
    if len(name) > LONGEST_NAME:
        raise UserError(f"The name is longer than {LONGEST_NAME} characters.", "Shorten it.", field)
    if found := UNSAFE_IN_NAMES.search(name):
        raise UserError(f"A name can't hold the character {found[0]!r}.", "Leave it out.", field)
    return name


def read_prefix(typed: str) -> str:
    """The prefix of a range: the beginning of E.164 numbers, or bare digits, which ENHANCED mode allows.

    Raises UserError. What the present mode allows is left to Webex's validation.
    """
    if (span := SPAN.fullmatch(typed.strip())) and span[1][0] == span[2][0] and span[1] < span[2]:
        raise UserError(f"“{typed}” is a span of numbers, not a prefix.", PATTERN_HINT, "prefix")
    prefix = re.sub(r"[\s().\-/]", "", typed)
    if prefix.startswith("00"):
        prefix = "+" + prefix[2:]
    if not PREFIX.fullmatch(prefix):
        raise UserError(f"“{typed}” is not a prefix.", "Write + and the country code, as in +4930555.", "prefix")
    return prefix


def read_patterns(typed: Iterable[str]) -> list[str]:
    """Patterns of digits followed by X, each once, at most 100. Raises UserError naming those that are not."""
    patterns = [pattern.strip().upper() for pattern in typed]
    wrong = [pattern for pattern in patterns if not PATTERN.fullmatch(pattern)]
    if wrong:
        sentence = f"{', '.join(f'“{pattern}”' for pattern in wrong[:5])} is not a pattern."
        raise UserError(sentence, "A pattern is digits and then one or more X, such as 5XXX.", "patterns")
    if len(set(patterns)) > MOST_PATTERNS:
        raise UserError(f"A range holds at most {MOST_PATTERNS} patterns.", "Make two ranges of it.", "patterns")
    return list(dict.fromkeys(patterns))
