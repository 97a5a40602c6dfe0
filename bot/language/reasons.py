"""Why a line was not understood, in a sentence for the person."""

from collections.abc import Sequence

from bot.language.doubts import WILD, change_verbs, doubtful_words
from bot.language.tokens import Token, TokenKind
from bot.language.understanding import Candidate
from bot.language.values import is_typed
from bot.language.words import CONDITIONS, MOVING, NEGATIONS, PLACE_WORDS, QUANTITIES, QUESTIONING
from bot.registry import Registry
from bot.telephony import PATTERN_HINT

TOO_LONG = "That is too long for one command. Send one command, in one line."
QUOTED = "That is in quotation marks, so I changed nothing. Send it without them to have it done."
UNKNOWN = "That is no command that I know."
NEGATED = "That says what not to do, so I changed nothing."
ASKED = "That is a question about a change, so I changed nothing. To have it done, write the command itself."
CONDITIONAL = "I can't wait for a time or a condition, so I changed nothing. Send the command when it is due."
SEVERAL = "I take one command at a time, about one thing, so I changed nothing. Send them one after the other."
MOVED = (
    "What is at a location stays there: Webex can't move it, so I changed nothing. Delete it, and add it again at "
    "the other location. For another number or name, write `change`, what is to be changed, and the new value."
)
SPAN = f"Webex knows no spans of numbers, so I changed nothing. {PATTERN_HINT}"
UNEXPLAINED = "I did not understand “{words}” in that, so I changed nothing. Put names in quotation marks."


def reason_for(tokens: Sequence[Token], candidates: Sequence[Candidate], registry: Registry) -> str:
    """What kept the line from being the change that it may look like; else that it was not understood."""
    keys = [token.key for token in tokens if token.kind in (TokenKind.WORD, TokenKind.MARK)]
    rejected = [candidate for candidate in candidates if candidate.spec.changes]
    if not rejected and change_verbs(registry).isdisjoint(keys):
        return UNKNOWN
    if any(key in NEGATIONS or key.endswith("n't") for key in keys):
        return NEGATED
    if "?" in keys or (keys and keys[0] in QUESTIONING):
        return ASKED
    if any(key in CONDITIONS for key in keys):
        return CONDITIONAL
    return _unexplained(tokens, rejected, registry) if rejected else UNKNOWN


def _unexplained(tokens: Sequence[Token], rejected: Sequence[Candidate], registry: Registry) -> str:
    best = min(rejected, key=lambda candidate: candidate.rank)
    words = doubtful_words(best.reading, registry)
    if any(_is_another(token, registry) for token in words):
        return SEVERAL
    moved = any(token.key in MOVING for token in tokens)
    if words and (words[0].key in PLACE_WORDS or (moved and words[0].key == "to")):
        return MOVED
    return UNEXPLAINED.format(words=" ".join(token.text for token in words)) if words else UNKNOWN


def _is_another(token: Token, registry: Registry) -> bool:
    """Whether the token looks like a second thing, or a second command."""
    return (
        is_typed(token)
        or token.key in change_verbs(registry) | QUANTITIES
        or (token.kind is TokenKind.WORD and WILD.search(token.key) is not None)
    )
