"""User text never becomes markup, in a message or in a card."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.escape import (
    for_card,
    for_message,
    one_line,
    sentence_for_card,
    sentence_for_message,
    shorten,
    typed,
)

ANY_TEXT = st.text(st.characters(exclude_categories=())) | st.text("*_[]()~`<>@#|&-+={}\\ \n\t\r1.)a‮​é")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def drawn(markdown: str) -> str:
    """What a reader of CommonMark draws of a line without markup."""
    entities = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}
    parts = re.split(r"(\\[!-/:-@\[-`{-~]|&lt;|&gt;|&amp;)", markdown)
    return "".join(entities.get(part, ESCAPED.sub(r"\1", part)) for part in parts)


def without_escapes(markdown: str) -> str:
    """The line with a plain letter for every character that is escaped."""
    return ESCAPED.sub("e", markdown)


@given(ANY_TEXT)
def test_a_message_draws_what_was_written_on_one_line(text: str):
    assert drawn(for_message(text)) == one_line(text)


@given(ANY_TEXT)
def test_a_card_draws_what_was_written_on_one_line(text: str):
    assert ESCAPED.sub(r"\1", for_card(text)) == one_line(text)


@given(ANY_TEXT)
def test_no_markup_is_left_in_a_message(text: str):
    left = without_escapes(for_message(text))
    assert not re.search(r"[*~`\[\]<>]", left)
    assert not re.match(r"#|[-+=](?:\s|$)|\d{1,9}[.)]", left)


@given(ANY_TEXT)
def test_no_markup_and_no_macro_is_left_in_a_card(text: str):
    left = without_escapes(for_card(text))
    assert not re.search(r"[*~`\[\]<>]|\{\{", left)
    assert not re.match(r"#|[-+=](?:\s|$)|\d{1,9}[.)]", left)


@given(ANY_TEXT)
def test_an_underscore_is_left_only_within_a_word(text: str):
    for made in (for_message(text), for_card(text)):
        assert not re.search(r"(?<![A-Za-z0-9\\])_|(?<!\\)_(?![A-Za-z0-9])", without_escapes(f" {made} "))


@given(ANY_TEXT)
def test_a_mention_never_passes(text: str):
    for mention in (f"<@{text}", f"<@personEmail:eve@example.com|{text}>", "<@all>"):
        assert "<" not in for_message(mention)
        assert "<" not in typed(mention)
        assert "<" not in sentence_for_message(f"No `{mention}` here")


@given(ANY_TEXT)
def test_a_line_to_type_stays_one_span_of_code(text: str):
    made = typed(text)
    assert not made or re.fullmatch(r"`[^`\n]+`", made)


@given(ANY_TEXT)
def test_one_line_can_be_sent_and_holds_nothing_invisible(text: str):
    line = one_line(text)
    assert line.encode().decode() == line
    assert not re.search("[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\u200b]", line)


@pytest.mark.parametrize(
    "text", ["Jean-Luc O’Brien", "+14085550123", "AT&T", "5XXX", "ROUTER_65-1", "a@b.com", "C#"]
)
def test_ordinary_text_comes_through_unchanged(text: str):
    assert for_message(text) == text
    assert for_card(text) == text


def test_the_writing_direction_cannot_be_turned():
    assert one_line("Jane\u202eeoD\u2066\nRoe") == "JaneeoD Roe"


def test_a_persian_name_and_an_emoji_keep_their_joiners():
    assert one_line("علی\u200cرضا 👩\u200d💻") == "علی\u200cرضا 👩\u200d💻"


def test_a_date_macro_is_drawn_as_text():
    assert for_card("{{DATE(2026-11-24T00:00:00Z)}}") == r"{\{DATE(2026-11-24T00:00:00Z)}}"


def test_an_entity_is_drawn_as_text():
    assert for_message("&lt;@all&gt;") == "&amp;lt;@all&amp;gt;"
    assert for_card("&lt;") == r"\&lt;"


def test_a_long_text_ends_with_an_ellipsis():
    assert shorten("Papeterie de l’Étoile", 10) == "Papeterie…"
    assert shorten("short", 5) == "short"


def test_a_line_to_type_in_a_sentence_is_code_in_a_message_and_quoted_in_a_card():
    sentence = "Type `show 5012`, or `help`."
    assert sentence_for_message(sentence) == "Type `show 5012`, or `help`."
    assert sentence_for_card(sentence) == "Type “show 5012”, or “help”."


@given(ANY_TEXT)
def test_a_sentence_with_user_text_has_no_markup_but_code(text: str):
    left = re.sub(r"`[^`]+`", "", without_escapes(sentence_for_message(f"There is no extension {text}.")))
    assert not re.search(r"[*~\[\]<>]", left)
