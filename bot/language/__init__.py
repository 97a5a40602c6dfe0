"""A line of chat -> the command it means. Generous in wording, strict in effect.

    text         one kind of quote, dash and space
    tokens       words, quotations, numbers, patterns
    politeness   taken off, phrase by phrase
    scan         the tokens against one wording of one command
    doubts       what keeps a line from being a change
    suggestions  what to offer instead

The words of a command stand in bot/wordings, where its declaration points; in here are those of plain English.
"""

from dataclasses import dataclass

from bot.command import Command
from bot.language.numbers import spans_as_patterns
from bot.language.reasons import QUOTED, SEVERAL, SPAN, TOO_LONG, reason_for
from bot.language.suggestions import one_line_each, suggest
from bot.language.text import LONGEST, tidy
from bot.language.tokens import MOST_TOKENS, Token, TokenKind, give_back_extension, tokenize
from bot.language.understanding import best_of, understand
from bot.registry import Registry

MOST_WORDS = 60
"""Words and quotations of a line that is read; numbers, patterns and what stands between them are not counted."""


@dataclass(frozen=True)
class NotUnderstood:
    """No command. `reason` is a sentence for the person, `suggestions` are lines that can be sent instead."""

    suggestions: tuple[str, ...]
    reason: str


def read(text: str, registry: Registry) -> Command | NotUnderstood:
    """The command that a line means, or why it means none."""
    if len(text) > LONGEST:
        return NotUnderstood(("help",), TOO_LONG)
    written = spans_as_patterns(tidy(text))
    if written != tidy(text) and _has_patterns(_read(tokenize(written), registry)):
        return NotUnderstood((written,), SPAN)
    tokens = tokenize(tidy(text))
    if (
        len(tokens) == MOST_TOKENS
        or sum(token.kind in (TokenKind.WORD, TokenKind.QUOTED) for token in tokens) > MOST_WORDS
    ):
        return NotUnderstood(("help",), TOO_LONG)
    if len(tokens) == 1 and tokens[0].kind is TokenKind.QUOTED:
        return _read_quoted(tokens[0], registry)
    return _read(tokens, registry)


def explain(text: str, registry: Registry) -> dict[str, object]:
    """The parse as JSON values: command, arguments and what is missing, or suggestions."""
    found = read(text, registry)
    if isinstance(found, NotUnderstood):
        return {"command": None, "suggestions": list(found.suggestions)}
    missing = registry[found.name].missing(found.arguments)
    return {"command": found.name, "arguments": found.arguments.given(), "missing": missing}


def _has_patterns(found: Command | NotUnderstood) -> bool:
    return isinstance(found, Command) and bool(found.arguments.patterns)


def _read_quoted(quoted: Token, registry: Registry) -> Command | NotUnderstood:
    """A line in quotation marks may be a question copied from somewhere; a change is what somebody else said."""
    found = _read(tokenize(quoted.value), registry)
    if isinstance(found, Command) and registry[found.name].changes:
        return NotUnderstood(("help",), QUOTED)
    return found


def _read(tokens: tuple[Token, ...], registry: Registry) -> Command | NotUnderstood:
    candidates = list(understand(tokens, registry))
    best = best_of(candidates)
    if best is None and (lines := one_line_each(tokens, registry)):
        return NotUnderstood(lines, SEVERAL)
    if best is None:
        return NotUnderstood(suggest(tokens, registry), reason_for(tokens, candidates, registry))
    if "extension" in best.spec.missing(best.command.arguments):
        best = best_of(understand(give_back_extension(tokens), registry)) or best
    return best.command
