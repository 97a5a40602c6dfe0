"""Numbers as people write them in the middle of a line."""

import pytest

from bot.language.text import tidy
from bot.language.tokens import TokenKind, tokenize

PHONE, LOCAL, DIGITS, PATTERN = TokenKind.PHONE, TokenKind.LOCAL, TokenKind.DIGITS, TokenKind.PATTERN

WRITTEN = {
    "+14085550123": [(PHONE, "+14085550123")],
    "+1 (408) 555-0123": [(PHONE, "+14085550123")],
    "+1.408.555.0123": [(PHONE, "+14085550123")],
    "+1\u00a0408\u2009555\u202f0123": [(PHONE, "+14085550123")],
    "+1\u2011408\u2013555\u20140123": [(PHONE, "+14085550123")],
    "＋１４０８５５５０１２３": [(PHONE, "+14085550123")],
    "\u200b+1408\u200b5550123\u202c": [(PHONE, "+14085550123")],
    "tel:+1-408-555-0123": [(PHONE, "+14085550123")],
    "0033 1 42 68 53 00": [(PHONE, "+33142685300")],
    "+44 (0)20 7946 0000": [(PHONE, "+442079460000")],
    "14085550123": [(PHONE, "+14085550123")],
    "1 408 555 0123": [(PHONE, "+14085550123")],
    "(408) 555-0123": [(LOCAL, "(408) 555-0123")],
    "408-555-0123": [(LOCAL, "408-555-0123")],
    "4085550123": [(DIGITS, "4085550123")],
    "5012": [(DIGITS, "5012")],
    "#5012": [(DIGITS, "5012")],
    '"+14085550123"': [(PHONE, "+14085550123")],
    "5012 +14085550123": [(DIGITS, "5012"), (PHONE, "+14085550123")],
    "+14085550123 5012": [(PHONE, "+14085550123"), (DIGITS, "5012")],
    "+1 408 555 0123 5012": [(PHONE, "+14085550123"), (DIGITS, "5012")],
    "+14085550123 +33 1 42 68 53 00": [(PHONE, "+14085550123"), (PHONE, "+33142685300")],
    "5012 5013": [(DIGITS, "5012"), (DIGITS, "5013")],
    "+4930555 5XXX 6xxx": [(PHONE, "+4930555"), (PATTERN, "5XXX"), (PATTERN, "6XXX")],
    "+49 30 555 5XXX": [(PHONE, "+4930555"), (PATTERN, "5XXX")],
}


@pytest.mark.parametrize(("text", "tokens"), WRITTEN.items(), ids=[ascii(text) for text in WRITTEN])
def test_a_number_is_found(text: str, tokens: list[tuple[TokenKind, str]]) -> None:
    assert [(token.kind, token.value) for token in tokenize(tidy(text))] == tokens


@pytest.mark.parametrize("text", ["5012a", "5*", "50%", "Agent007", "+", "()", "5_000"])
def test_no_number_is_made_of_a_part_of_a_word(text: str) -> None:
    assert all(token.kind in (TokenKind.WORD, TokenKind.MARK) for token in tokenize(tidy(text)))
