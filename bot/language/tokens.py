"""Plain text -> tokens: words, quoted text, numbers, patterns, marks."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.language.numbers import e164, find_number


class TokenKind(Enum):
    """What a token can be taken for."""

    WORD = auto()
    QUOTED = auto()
    PHONE = auto()
    """A number with a country code, in E.164."""
    LOCAL = auto()
    """A number in punctuation or too long for an extension, but without a country code."""
    DIGITS = auto()
    PATTERN = auto()
    MARK = auto()


MOST_TOKENS = 1_500
"""A list of numbers that fills a Webex message has fewer."""

NUMBERS = frozenset({TokenKind.PHONE, TokenKind.LOCAL, TokenKind.DIGITS})
TYPED = NUMBERS | {TokenKind.PATTERN}


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `text` is as typed, `value` what it stands for, `key` the word to compare with (lower case)."""

    kind: TokenKind
    text: str
    value: str
    key: str
    end: int


QUOTED = re.compile(r"\"([^\"\n]{0,300})\"|(?<!\w)'((?:[^'\n]|(?<=\w)'(?=\w)){1,300})'(?!\w)")
LINK = re.compile(r"(?:tel|callto):(?=\+?[0-9])|#(?=[0-9a-z])", re.IGNORECASE)
"""What stands before a number and is no part of it."""
PATTERN = re.compile(r"(?:[0-9]+[xX][0-9xX]*|[xX]{3,}[0-9xX]*|[xX]+[0-9][0-9xX]*)(?![\w*])")
ARROW = re.compile(r"[-=]>")
WORD = re.compile(r"[^\s,;:=?!\"()<>|\[\]{}]+")
POSSESSIVE = re.compile(r"'s(?!\w)", re.IGNORECASE)


def tokenize(text: str) -> tuple[Token, ...]:
    """The tokens of a tidied text. Linear: every character is looked at a bounded number of times."""
    return tuple(part for token in _tokens(text) for part in _parts(token))


def give_back_extension(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """The tokens with `+49 30 5550123 5012` as a number and an extension: not every country has one length."""
    return tuple(part for token in tokens for part in _number_and_extension(token))


def _number_and_extension(token: Token) -> tuple[Token, ...]:
    number, _, last = token.text.rpartition(" ")
    if token.kind is not TokenKind.PHONE or not re.fullmatch("[0-9]{3,6}", last):
        return (token,)
    shorter = find_number(number, 0)
    if shorter is None or e164(shorter.value.removeprefix("+")) is None:
        return (token,)
    extension = Token(TokenKind.DIGITS, last, last, "", token.end)
    return Token(TokenKind.PHONE, number, shorter.value, "", token.end), extension


def _parts(token: Token) -> tuple[Token, ...]:
    """The numbers or patterns in quotation marks, where there is nothing else in them; else the token."""
    if token.kind is TokenKind.QUOTED and token.value[-1:].isalnum():
        inside = tuple(_tokens(token.value))
        if all(part.kind in TYPED or part.key in (",", ";") for part in inside):
            return inside
    return (token,)


def _tokens(text: str) -> list[Token]:
    tokens: list[Token] = []
    position = 0
    while position < len(text) and len(tokens) < MOST_TOKENS:
        if text[position] in " \t":
            position += 1
            continue
        if link := LINK.match(text, position):
            position = link.end()
            continue
        token = _next(text, position)
        position = token.end
        if token.text and not (token.kind is TokenKind.MARK and tokens and tokens[-1].key == token.key):
            tokens.append(token)
    return tokens


def _next(text: str, position: int) -> Token:
    """The token that begins here."""
    for read in (_quoted, _pattern, _number, _arrow, _possessive, _word):
        if token := read(text, position):
            return token
    mark = text[position]
    return Token(TokenKind.MARK, mark, mark, mark, position + 1)


def _quoted(text: str, position: int) -> Token | None:
    if match := QUOTED.match(text, position):
        inside = " ".join((match.group(1) or match.group(2) or "").split())
        return Token(TokenKind.QUOTED, match.group(), inside, "", match.end())
    return None


def _pattern(text: str, position: int) -> Token | None:
    if match := PATTERN.match(text, position):
        return Token(TokenKind.PATTERN, match.group(), match.group().upper(), "", match.end())
    return None


def _number(text: str, position: int) -> Token | None:
    if text[position] not in "+(0123456789":
        return None
    found = find_number(text, position)
    if found is None:
        return None
    kind = TokenKind.PHONE if found.international else TokenKind.DIGITS if found.bare else TokenKind.LOCAL
    return Token(kind, text[position : found.end], found.value, "", found.end)


def _arrow(text: str, position: int) -> Token | None:
    if match := ARROW.match(text, position):
        return Token(TokenKind.WORD, "->", "->", "->", match.end())
    return None


def _possessive(text: str, position: int) -> Token | None:
    """The 's behind a number or a quotation: no word of its own."""
    if match := POSSESSIVE.match(text, position):
        return Token(TokenKind.MARK, "", "", "", match.end())
    return None


def _word(text: str, position: int) -> Token | None:
    match = WORD.match(text, position)
    if match is None:
        return None
    word = match.group()
    if word.startswith("@") and len(word) > 1 and "@" not in word[1:]:
        return Token(TokenKind.WORD, "@", "@", "@", position + 1)
    kept = _without_full_stop(word, text[match.end() :][:1])
    if kept.strip("-") == "":
        return Token(TokenKind.MARK, word[0], word[0], word[0], match.end())
    return Token(TokenKind.WORD, kept, kept, kept.casefold().rstrip("."), position + len(kept))


def _without_full_stop(word: str, after: str) -> str:
    """`Denver.` at the end of a line is Denver; `St.` before another word keeps its dot."""
    if not word.strip("."):
        return ""
    return word.rstrip(".") if after in ("", "\n", "?", "!") or len(word) > 5 else word
