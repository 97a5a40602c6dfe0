"""Card submissions are untrusted: they become a Command, or a UserError, and never anything else."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.command import Arguments, Command
from bot.errors import UserError
from bot.submission import LONGEST, READERS, read_submission
from bot.telephony import Level, Mode, Order, PatternAction


def test_inputs_and_fixed_values_become_arguments() -> None:
    inputs = {
        "command": "extensions.change",
        "with_target": "5012",
        "phone_number": " +14085550123 ",
        "last_name": "",
    }
    assert read_submission(inputs) == Command(
        "extensions.change", Arguments(target="5012", phone_number="+14085550123", last_name="")
    )


def test_a_fixed_value_wins_over_an_input_of_the_same_name() -> None:
    """What the button stands for can't be changed by an input that was sent along by hand."""
    assert read_submission({"command": "x", "with_target": "A", "target": "B"}).arguments.target == "A"


def test_every_kind_of_value_is_read() -> None:
    inputs = {
        "command": "ranges.change",
        "level": "ORGANIZATION",
        "mode": "ENHANCED",
        "order": "DSC",
        "action": "REPLACE",
        "patterns": "5XXX, 6XXX\n7XXX",
        "phone_numbers": "+1 408 555 0123; +4930555010 +33 1 42 68 53 00",
        "start": "20",
        "acknowledged": "true",
    }
    assert read_submission(inputs).arguments == Arguments(
        level=Level.ORGANIZATION,
        mode=Mode.ENHANCED,
        order=Order.DSC,
        action=PatternAction.REPLACE,
        patterns=("5XXX", "6XXX", "7XXX"),
        phone_numbers=("+1 408 555 0123", "+4930555010", "+33 1 42 68 53 00"),
        start=20,
        acknowledged=True,
    )


@pytest.mark.parametrize(
    ("inputs", "field"),
    [
        ({"level": "EVERYTHING"}, "level"),
        ({"mode": "enhanced"}, "mode"),
        ({"action": "DROP"}, "action"),
        ({"display_name": "x" * (LONGEST + 1)}, "display_name"),
    ],
)
def test_a_value_that_is_none_of_the_choices_is_told_at_its_field(inputs: dict[str, str], field: str) -> None:
    with pytest.raises(UserError) as error:
        read_submission({"command": "x", **inputs})
    assert error.value.field == field


@pytest.mark.parametrize("start", ["-1", "1e3", "99999999", "٣"])
def test_an_invented_page_is_refused(start: str) -> None:
    with pytest.raises(UserError, match="This card is not one that I can read any more"):
        read_submission({"command": "x", "with_start": start})


@pytest.mark.parametrize("unseen", ["\x00", "\ud800", "\u202e", "\u200b", "\x1b", "\r\n"])
def test_what_cannot_be_seen_is_left_out(unseen: str) -> None:
    """No database takes NUL or half a character, and a name with a turned writing direction deceives."""
    inputs = dict.fromkeys(
        ("display_name", "target", "reason", "patterns", "phone_numbers"), f"{unseen}Jane{unseen}"
    )
    assert read_submission({"command": "x", **inputs}).arguments == Arguments(
        display_name="Jane", target="Jane", reason="Jane", patterns=("Jane",), phone_numbers=("Jane",)
    )


def test_without_a_command_it_is_no_card_of_ours() -> None:
    with pytest.raises(UserError, match="Send the command again"):
        read_submission({"target": "5012"})


KEYS = st.sampled_from([*READERS, *(f"with_{name}" for name in READERS), "command", "plan", "role", "__class__"])


@given(st.dictionaries(KEYS | st.text(max_size=12), st.text(st.characters(), max_size=60), max_size=8))
def test_whatever_is_sent_is_a_command_or_a_clear_error(inputs: dict[str, str]) -> None:
    with suppress(UserError):
        found = read_submission(inputs)
        assert found.name == inputs["command"]
        written = json.dumps(found.arguments.given(), ensure_ascii=False).encode()
        assert rb"\u0000" not in written.replace(rb"\\", b"")
