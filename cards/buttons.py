"""Buttons. Which one was pressed is known from its data alone: a command and fixed arguments, as flat strings."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.command import Arguments
from cards.elements import Action, Element, ShowCard, Submit, inner_card


def button(title: str, command: str, arguments: Arguments | None = None, style: str | None = None) -> Submit:
    """Runs a command with fixed arguments. The inputs of the card are left out."""
    return Submit(title=title, style=style, associatedInputs="none", data=_submission(command, arguments))


def submit(title: str, command: str, arguments: Arguments | None = None, style: str | None = "positive") -> Submit:
    """Runs a command with the inputs of the card and fixed arguments."""
    return Submit(title=title, style=style, data=_submission(command, arguments))


def clear(title: str, command: str, names: Sequence[str]) -> Submit:
    """Runs a command with those arguments empty: some clients send the inputs of a form whatever the button."""
    emptied = {f"with_{name}": "" for name in names}
    return Submit(title=title, associatedInputs="none", data={"command": command, **emptied})


def unfold(title: str, body: Sequence[Element], actions: Sequence[Action]) -> ShowCard:
    """Opens a form within the card."""
    return ShowCard(title=title, card=inner_card(body, actions))


def permitted(actions: Sequence[Submit], allowed: Collection[str]) -> list[Submit]:
    """The buttons whose commands are among the allowed ones."""
    return [action for action in actions if action.data["command"] in allowed]


def pages(command: str, wanted: Arguments, start: int, size: int, more: bool) -> list[Action]:
    """The buttons to the pages before and after, with all the filters of the present one."""
    previous = button("Previous", command, replace(wanted, start=max(0, start - size)))
    following = button("Next", command, replace(wanted, start=start + size))
    return [*([previous] if start else []), *([following] if more else [])]


def _submission(command: str, arguments: Arguments | None) -> dict[str, str]:
    """A fixed argument is named `with_<argument>`: were it named as an input, clients differ in which wins."""
    given = arguments.given() if arguments else {}
    return {"command": command, **{f"with_{name}": _as_text(value) for name, value in given.items()}}


def _as_text(value: str | int | list[str]) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return " ".join(value) if isinstance(value, list) else str(value)
