from collections.abc import Callable

import pytest

from bot.errors import UserError
from bot.telephony import read_extension, read_name, read_patterns, read_phone_number, read_prefix


@pytest.mark.parametrize("typed", ["5012", " 5012 ", "50 12", "50", "1234567890"])
def test_an_extension_has_two_to_ten_digits(typed: str) -> None:
    assert read_extension(typed) == typed.replace(" ", "")


@pytest.mark.parametrize(
    "typed", ["+14085550123", "+1 (408) 555-0123", "0014085550123", "+1.408.555.0123", "+1\u00a0408\u00a05550123"]
)
def test_a_phone_number_is_read_in_any_punctuation(typed: str) -> None:
    assert read_phone_number(typed) == "+14085550123"


def test_patterns_are_in_capitals_and_there_once() -> None:
    assert read_patterns(["5xxx", "6XXX", "5XXX"]) == ["5XXX", "6XXX"]


@pytest.mark.parametrize(
    ("typed", "prefix"), [("+49 30 555", "+4930555"), ("004930555", "+4930555"), ("100", "100")]
)
def test_a_prefix_is_read_without_punctuation(typed: str, prefix: str) -> None:
    assert read_prefix(typed) == prefix


def test_a_name_has_single_spaces() -> None:
    assert read_name("  Jane   Doe ", "display_name") == "Jane Doe"


@pytest.mark.parametrize(
    ("read", "typed", "field"),
    [
        (read_extension, "5", "extension"),
        (read_extension, "50a", "extension"),
        (read_extension, "12345678901", "extension"),
        (read_phone_number, "4085550123", "phone_number"),
        (read_phone_number, "+1800FLOWERS", "phone_number"),
        (read_phone_number, "+1408", "phone_number"),
        (read_phone_number, "", "phone_number"),
        (read_prefix, "Berlin", "prefix"),
        (lambda typed: read_patterns([typed]), "5X1X", "patterns"),
        (lambda typed: read_patterns([typed]), "XXXX", "patterns"),
        (lambda typed: read_patterns([f"{typed}{each}X" for each in range(101)]), "1", "patterns"),
        (lambda typed: read_name(typed, "name"), "a<b", "name"),
        (lambda typed: read_name(typed, "name"), "x" * 101, "name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(read: Callable[[str], object], typed: str, field: str) -> None:
    with pytest.raises(UserError) as caught:
        read(typed)
    assert caught.value.field == field
    assert caught.value.sentence
    assert caught.value.hint
