"""Chat text as it arrives -> plain text: one kind of quote, dash and space, nothing invisible, no emoji."""

import re
import unicodedata

from bot.language.words import FORBIDDING_EMOJI

LONGEST = 7_500
"""Characters of a line that is read at all; a Webex message ends at 7,439 bytes."""

QUOTES = {ord(quote): '"' for quote in "“”„‟«»❝❞〝〞＂"}
APOSTROPHES = {ord(quote): "'" for quote in "‘’‚‛‹›′´ʼ＇"}
DASHES = {ord(dash): "-" for dash in "‐‑‒–—―−﹘﹣－"}
ARROWS = {ord(arrow): " -> " for arrow in "→⇒➜➔⟶"}
TABLE = {**QUOTES, **APOSTROPHES, **DASHES, **ARROWS, ord("`"): " ", ord("…"): " ", ord("\r"): "\n"}

INVISIBLE = {"Cf", "Cn", "Co", "Cs"}
"""Categories that leave no gap: zero-width and direction marks, byte order marks, surrogates."""

BLANK = {"Zs", "Zl", "Zp", "Cc", "So", "Sk"}
"""Categories that separate words: every width of space, control characters, emoji."""

EMPHASIS = re.compile(r"(?<![\w*])\*{1,2}(?=[^\s*])([^*\n]{1,300})(?<=\S)\*{1,2}(?![\w*])")
"""Markdown emphasis around words. A lone star stays: `5*` must not become 5."""


def tidy(text: str) -> str:
    """The text with one kind of quote, dash and space, and without what can't be seen."""
    forbidden = "".join(" not " if character in FORBIDDING_EMOJI else character for character in text)
    plain = unicodedata.normalize("NFKC", forbidden.translate(TABLE))
    return EMPHASIS.sub(r"\1", "".join(map(_visible, plain))).strip().lstrip("/!")


def _visible(character: str) -> str:
    if character.isascii() and (character.isprintable() or character == "\n"):
        return character
    category = unicodedata.category(character)
    if category in INVISIBLE or character in "\ufe0f\ufe0e":
        return ""
    return " " if category in BLANK else character
