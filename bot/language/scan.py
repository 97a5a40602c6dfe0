"""One wording of one command against the tokens of a line: which token is the value of which argument."""

from collections.abc import Sequence

from bot.language.moves import Moves
from bot.language.reading import Gathered, Reading
from bot.language.tokens import Token, TokenKind
from bot.language.values import continues_name, join
from bot.language.words import ARTICLES, READ_FILLERS
from bot.wording import Kind, Wording

ENOUGH = 6
"""Tokens left over until it is no use to read on."""


def scan(wording: Wording, tokens: Sequence[Token], forgiving: bool) -> Reading:
    """Read a line, without its verb, from left to right. Forgiving: words without a meaning are passed over."""
    gathered = Gathered(wording)
    position = _take_rest(gathered, tokens)
    moves = Moves(gathered, tokens, forgiving)
    while position < len(tokens) and len(gathered.leftover) < ENOUGH:
        if move := moves.at(position):
            gathered.make(move)
            position = move.end
        else:
            _pass(gathered, tokens[position], forgiving, joins=moves.joins(position))
            position += 1
    gathered.end_run()
    return gathered.reading()


def _take_rest(gathered: Gathered, tokens: Sequence[Token]) -> int:
    """All of the line, where the wording has an argument that is just that."""
    for slot in gathered.wording.slots:
        told = [token for token in tokens if token.text not in ARTICLES and token.key not in (":", "?", "-")]
        if slot.kind is Kind.REST and told:
            gathered.values[slot.argument] = join(told)
            return len(tokens)
    return 0


def _pass(gathered: Gathered, token: Token, forgiving: bool, joins: bool) -> None:
    """A token without a meaning of its own: part of a name, of the grammar, or left over."""
    if token.kind is TokenKind.MARK:
        gathered.end_run()
    elif token.kind is TokenKind.WORD and (joins or (not gathered.run and _fills(token, forgiving))):
        gathered.end_run()
        gathered.skipped += token.text not in ARTICLES
    elif continues_name(token, first=not gathered.run):
        gathered.run.append(token)
    else:
        gathered.end_run()
        gathered.leftover.append(token)


def _fills(token: Token, forgiving: bool) -> bool:
    return token.text in ARTICLES or (forgiving and token.key in READ_FILLERS)
