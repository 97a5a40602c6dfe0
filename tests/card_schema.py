"""What every card must keep to: the Adaptive Cards 1.3 schema, and what Webex takes and draws."""

import json
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema_rs import Draft6Validator, ValidationError, ValidationErrorKind

from bot.sandbox.world import World

LARGEST = 20 * 1024
"""Bytes of a card."""

MOST_ACTIONS = 5
"""Buttons of a card; those of a form that unfolds are counted on their own."""

DRAWN = {
    "AdaptiveCard",
    "TextBlock",
    "Container",
    "ColumnSet",
    "Column",
    "FactSet",
    "ActionSet",
    "Input.Text",
    "Input.ChoiceSet",
    "Input.Toggle",
    "Action.Submit",
    "Action.ShowCard",
}
"""What the bot uses of that which all clients of Webex draw."""


def check_card(content: dict[str, Any]) -> None:
    """Raise AssertionError with everything that is wrong with the content of a card."""
    problems = _problems(json.dumps(content))
    assert not problems, "\n".join(problems)


def check_cards_of(world: World) -> None:
    """Raise AssertionError with what is wrong with any card in a sandbox.."""
    with world.lock:
        messages = list(world.messages.values())
    for message in messages:
        if world.people[message.person_id].type == "bot":
            for attachment in message.attachments:
                check_card(attachment["content"])


@cache
def _problems(card: str) -> tuple[str, ...]:
    """What is wrong with a card. The same card is checked once."""
    content = json.loads(card)
    return (*_schema_problems(content), *_limit_problems(content), *_input_problems(content))


@cache
def _validator() -> Draft6Validator:
    return Draft6Validator(files("adaptive_cards").joinpath("schemas/schema-1.3.json").read_text(encoding="utf-8"))


def _schema_problems(content: dict[str, Any]) -> Iterator[str]:
    for error in _validator().iter_errors(content):
        yield from _leaves(error)


def _leaves(error: ValidationError) -> Iterator[str]:
    """The complaints at the bottom of the tree: the one at its top says only that the card is not valid."""
    if isinstance(error.kind, ValidationErrorKind.AnyOf):
        for branch in error.kind.context:
            for cause in branch:
                yield from _leaves(cause)
    else:
        yield f"{'/'.join(map(str, error.instance_path))}: {error.message}"


def _limit_problems(content: dict[str, Any]) -> Iterator[str]:
    size = len(json.dumps(content).encode())
    if size > LARGEST:
        yield f"the card has {size} bytes"
    for card in [content, *(action["card"] for action in _of_type(content, "Action.ShowCard"))]:
        if card.get("version") != "1.3":
            yield f"version {card.get('version')}"
        if len(list(_actions(card))) > MOST_ACTIONS:
            yield f"{len(list(_actions(card)))} buttons"
    yield from (
        f"{node['type']} is not drawn" for node in _nodes(content) if node.get("type", "") not in {"", *DRAWN}
    )
    yield from (f"without wrap: {node['text']}" for node in _of_type(content, "TextBlock") if not node.get("wrap"))
    yield from (f"empty text: {node}" for node in _of_type(content, "TextBlock") if not node["text"].strip())
    yield from (f"a column without a width: {node}" for node in _of_type(content, "Column") if "width" not in node)


def _input_problems(content: dict[str, Any]) -> Iterator[str]:
    inputs = [node for node in _nodes(content) if node.get("type", "").startswith("Input.")]
    names = [one["id"] for one in inputs]
    if len(names) != len(set(names)):
        yield f"an input id is used twice: {names}"
    for choice in _of_type(content, "Input.ChoiceSet"):
        if "style" not in choice or choice.get("isMultiSelect") is not False:
            yield f"{choice['id']} says neither its style nor that it takes one choice"
    for action in _of_type(content, "Action.Submit"):
        data = action.get("data", {})
        if not data.get("command"):
            yield f"{action['title']} has no command"
        if not all(isinstance(value, str) for value in data.values()):
            yield f"{action['title']} has data that is not text"
        if set(names) & set(data):
            yield f"{action['title']} has data named as an input"


def _actions(card: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The buttons of a card, without those of the forms that unfold from it."""
    yield from card.get("actions", [])
    for action_set in _of_type(card.get("body", []), "ActionSet"):
        yield from action_set["actions"]


def _of_type(node: Any, wanted: str) -> list[dict[str, Any]]:
    return [found for found in _nodes(node) if found.get("type") == wanted]


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for name, value in node.items():
            # Data is ours, whatever it holds.
            if name != "data":
                yield from _nodes(value)
    elif isinstance(node, list):
        for value in node:
            yield from _nodes(value)
