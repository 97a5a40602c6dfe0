"""Reading a card as a person does: its words, its inputs, its buttons."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from cards.elements import Card

ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def words(card: Card) -> str:
    """All that is drawn, a text a line, without the escapes."""
    return "\n".join(ESCAPED.sub(r"\1", text) for text in _texts(card.content))


def twin_words(card: Card) -> str:
    """The twin as it is drawn, without escapes and bold."""
    plain = card.markdown.replace("**", "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return ESCAPED.sub(r"\1", plain)


def inputs(card: Card) -> dict[str, dict[str, Any]]:
    """The inputs by id, those of the forms that unfold included."""
    return {node["id"]: node for node in _nodes(card.content) if node.get("type", "").startswith("Input.")}


def values(card: Card) -> dict[str, str]:
    """What the inputs hold, by id."""
    return {name: node.get("value", "") for name, node in inputs(card).items()}


def buttons(card: Card) -> dict[str, dict[str, Any]]:
    """All buttons by title, those of the forms that unfold included."""
    actions = (node for node in _nodes(card.content) if node.get("type", "").startswith("Action."))
    return {action["title"]: action for action in actions}


def data(card: Card, title: str) -> dict[str, str]:
    """What a button sends."""
    return buttons(card)[title]["data"]


def below(card: Card, name: str) -> str:
    """The text directly below an input."""
    for node in _nodes(card.content):
        siblings = [*node.get("items", []), None, *node.get("body", [])]
        for here, after in pairwise(siblings):
            if here and here.get("id") == name:
                return ESCAPED.sub(r"\1", after["text"]) if after else ""
    raise AssertionError(f"no input {name}")


def _texts(node: Any) -> Iterator[str]:
    for one in _nodes(node):
        yield from (one[name] for name in ("text", "title", "value", "label") if isinstance(one.get(name), str))


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for name, value in node.items():
            if name != "data":
                yield from _nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes(value)
