"""What may be dialled: extensions, phone numbers, prefixes and patterns, and the words for what is wrong with one.

Error codes are the published ones where there is one (4910, 4911, 9498, 27850, 27854, 59475, and 8360 to 8363 of
the sibling check of PSTN numbers). [U] The other 278xx codes, and all wordings but those of 4910, 4911, 27850 and
59475, are ours: the service's are not public.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import phonenumbers

from bot.telephony import Mode

LONGEST_NUMBER = 15
"""Digits of the longest E.164 number, country code included."""

MISSING_FIELD = 25008
"""Code of a 400 for a field that has to be there and is not."""

EMERGENCY_NUMBERS = frozenset({"112", "911"})

_EXTENSION = re.compile(r"[0-9]{2,10}")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_ANY_NUMBER = re.compile(r"\+?[0-9]{2,20}")
_E164_PREFIX = re.compile(r"\+[1-9][0-9]{0,13}")
_ANY_PREFIX = re.compile(r"\+?[0-9]{1,20}")
_PATTERN = re.compile(r"(?=.{2,10}\Z)[0-9]+X+")


@dataclass(frozen=True)
class Finding:
    """What is wrong with one value: the API's status word, an error code, and a sentence.

    `part` is what the value is in the request (`extension`, `phoneNumber`, `name`, `prefix`, `pattern`).
    """

    status: str
    code: int
    sentence: str
    part: str
    value: str

    @property
    def message(self) -> str:
        """The sentence with its code before it, as the service writes it."""
        return f"[Error {self.code}] {self.sentence}"


class Rejection(Exception):
    """A request that breaks a rule. `status` is the HTTP status, `code` the Webex error code or None."""

    def __init__(self, status: int, sentence: str, code: int | None = None) -> None:
        super().__init__(f"[Error {code}] {sentence}" if code else sentence)
        self.status = status
        self.code = code


def reject(finding: Finding | None) -> None:
    """Raise what was found, if anything: 409 for a value that is taken, 400 for one that is wrong.

    [U] Whether the service answers duplicates with 400 or 409 is not public; the sibling that adds a phone number
    in use answers 409.
    """
    if finding is not None:
        raise Rejection(409 if finding.status == "DUPLICATE" else 400, finding.sentence, finding.code)


def check_extension(extension: str) -> Finding | None:
    """Return what is wrong with an extension: 2 to 10 digits, not an emergency number."""
    if not re.fullmatch("[0-9]*", extension):
        return _invalid(4910, "Invalid extension.  The extension can only contain characters 0-9.", extension)
    if extension in EMERGENCY_NUMBERS:
        return _invalid(4911, "Invalid extension.  The extension cannot be an emergency number.", extension)
    if not _EXTENSION.fullmatch(extension):
        return _invalid(4912, "Invalid extension.  The extension must have 2 to 10 digits.", extension)
    return None


def _invalid(code: int, sentence: str, extension: str) -> Finding:
    return Finding("INVALID", code, sentence, "extension", extension)


def extension_taken(extension: str) -> Finding:
    """Return the finding for an extension that another virtual extension of the level has."""
    sentence = "The extension is not available. It is already assigned to a virtual extension."
    return Finding("DUPLICATE", 59475, sentence, "extension", extension)


def check_phone_number(number: str, mode: Mode) -> Finding | None:
    """Return what is wrong with a phone number: in STANDARD mode it has to be E.164."""
    if is_e164(number) if mode is Mode.STANDARD else _ANY_NUMBER.fullmatch(number):
        return None
    wanted = "a valid E.164 number" if mode is Mode.STANDARD else "a valid number"
    return Finding("INVALID", 8362, f"The phone number is not {wanted}: {number}.", "phoneNumber", number)


def is_e164(number: str) -> bool:
    """Tell whether a number is E.164: `+`, a country code that exists, and as many digits as that country has.

    `is_possible_number` and not `is_valid_number`: the latter also asks whether the block is assigned, which its
    tables learn late, and it refuses numbers made for examples (+15551234567). The expression comes first because
    the library reads letters as digits ("+1800FLOWERS").
    """
    if not _E164.fullmatch(number):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def check_prefix(prefix: str, mode: Mode) -> Finding | None:
    """Return what is wrong with the prefix of a range: in STANDARD mode it starts like an E.164 number."""
    accepted = _E164_PREFIX if mode is Mode.STANDARD else _ANY_PREFIX
    if accepted.fullmatch(prefix):
        return None
    wanted = "a valid E.164 prefix" if mode is Mode.STANDARD else "a valid prefix"
    return Finding("INVALID", 27851, f"The prefix is not {wanted}: {prefix}.", "prefix", prefix)


def check_patterns(patterns: Sequence[str], taken: frozenset[str], longest: int) -> Iterator[Finding]:
    """Yield what is wrong with each pattern that is written wrongly, repeated, taken or longer than `longest`."""
    for position, pattern in enumerate(patterns):
        if not _PATTERN.fullmatch(pattern):
            yield _pattern("INVALID", 27852, "The pattern must be digits followed by X", pattern)
        elif pattern in patterns[:position]:
            yield _pattern("DUPLICATE_IN_LIST", 27855, "The pattern is more than once in the list", pattern)
        elif pattern in taken:
            yield pattern_taken(pattern)
        elif len(pattern) > longest:
            yield _pattern("INVALID", 27856, "Prefix and pattern are longer than a phone number", pattern)


def pattern_taken(pattern: str) -> Finding:
    """Return the finding for a pattern that a range of the same level has already."""
    return _pattern("DUPLICATE", 27853, "The pattern is already in a virtual extension range", pattern)


def _pattern(status: str, code: int, sentence: str, pattern: str) -> Finding:
    return Finding(status, code, f"{sentence}: {pattern}.", "pattern", pattern)
