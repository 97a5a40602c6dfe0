"""Text that people wrote, made safe to stand in a message's markdown, in a card, or in a line to type.

Webex reads markdown in both places, but not the same: a message knows code, quotes, raw HTML and mentions, a
card's TextBlock a smaller set and the macros {{DATE(...)}} and {{TIME(...)}}. What is drawn as it is in both stays
as it is, so that Jean-Luc and +14085550123 come through unchanged.
"""

import re
import unicodedata
from collections.abc import Callable

JOINERS = "\u200c\u200d"
"""Invisible, yet part of how Persian names are spelt and emoji are drawn; other format characters are dropped."""

_INLINE = re.compile(r"([\\`*~\[\]]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
"""What makes emphasis, code or a link; an underscore within a word, as in a tracking id, makes nothing."""
_LEADING = re.compile(r"^(#|[-+=](?=[\s=-]|$))")
"""What makes a heading, a list or a rule of a whole line."""
_LEADING_NUMBER = re.compile(r"^(\d{1,9})([.)])")
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]+;)")
_ODD = re.compile(r"[\\`*~\[\]_#&<>{]|^[-+=]|^\d{1,9}[.)]")
"""What is in every text in which one of those finds something. Most texts come through with this one look."""
_TYPED = re.compile(r"`([^`]+)`")


def one_line(text: str) -> str:
    """The text on one line, without control characters, lone surrogates, and what turns the writing direction."""
    # Nearly all texts are printable, which nothing of that is: they need no look at each character.
    visible = text if text.isprintable() else "".join(map(_visible, text))
    return " ".join(visible.split())


def _visible(character: str) -> str:
    if character.isspace():
        return " "
    unwanted = unicodedata.category(character) in ("Cc", "Cf", "Cs") and character not in JOINERS
    return "" if unwanted else character


def shorten(text: str, longest: int) -> str:
    """At most `longest` characters of the text on one line; an ellipsis says that it went on."""
    line = one_line(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def for_message(text: str) -> str:
    """The text in a message's markdown, drawn as it was written.

    `<` becomes an entity: Webex looks for `<@` (a mention), and may do so before it sees a backslash.
    """
    line = one_line(text)
    if not _ODD.search(line):
        return line
    return _ENTITY.sub("&amp;", _without_markup(line)).replace("<", "&lt;").replace(">", "&gt;")


def for_card(text: str) -> str:
    """The text in a TextBlock, a fact or a label of a card, drawn as it was written."""
    line = one_line(text)
    if not _ODD.search(line):
        return line
    escaped = _ENTITY.sub(r"\\&", _without_markup(line))
    return re.sub(r"([<>])", r"\\\1", escaped).replace("{{", r"{\{")


def _without_markup(line: str) -> str:
    escaped = _INLINE.sub(r"\\\1", line)
    return _LEADING_NUMBER.sub(r"\1\\\2", _LEADING.sub(r"\\\1", escaped))


def typed(text: str) -> str:
    """A line to type, as inline code of a message: as nothing can be escaped in there, it is replaced."""
    line = one_line(text).replace("`", "'").replace("<", "‹").replace(">", "›")
    return f"`{line}`" if line else ""


def sentence_for_message(sentence: str) -> str:
    """A sentence of the bot's own, in a message. The only markup it may hold is `a line to type`."""
    return _sentence(sentence, for_message, typed)


def sentence_for_card(sentence: str) -> str:
    """A sentence of the bot's own, in a card, which knows no code: `a line to type` stands in quotation marks."""
    return _sentence(sentence, for_card, lambda line: f"“{for_card(line)}”")


def _sentence(sentence: str, escape: Callable[[str], str], quote: Callable[[str], str]) -> str:
    """Split at the lines to type, which are every second part, and put together again with the spaces between."""
    parts = _TYPED.split(one_line(sentence))
    made = [quote(part) if index % 2 else _keeping_edges(part, escape) for index, part in enumerate(parts)]
    return "".join(made)


def _keeping_edges(part: str, escape: Callable[[str], str]) -> str:
    before, after = " " * part.startswith(" "), " " * (part.endswith(" ") and part != " ")
    return f"{before}{escape(part)}{after}"
