"""The elements that cards are made of: the `adaptivecards` package, made strict and complete.

The package has no inputs and no actions, says version 1.2, and drops a misspelt property without a word. Here
every class rejects properties that it does not have, and leaves out those that are None.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from inspect import getattr_static
from typing import Any

from adaptivecards import adaptivecard, containers
from adaptivecards import elements as texts
from adaptivecards.baseobject import AdaptiveCardJSONEncoder, BareObject, PropertyType
from adaptivecards.baseobject import Element as LibraryElement

VERSION = "1.3"
"""The newest version that Webex draws."""


@dataclass(frozen=True)
class Card:
    """A finished card: the Adaptive Card as JSON values, and the markdown twin that says the same.

    `plan_id` is the plan that the card waits for a decision on, if it does: when that is made, the card is
    replaced.
    """

    content: dict[str, Any]
    markdown: str
    plan_id: str | None = None


# The package has no types, hence the ignored complaints about classes of type Any.
class Strict(BareObject):  # type: ignore[misc]
    """Rejects unknown properties. Raises TypeError, also for a value of the wrong type."""

    _known: frozenset[str] = frozenset()

    def __init_subclass__(cls) -> None:
        """Look once for what the class knows: for each element of a list, it was a third of what the list took."""
        super().__init_subclass__()
        cls._known = frozenset(name for name in dir(cls) if isinstance(getattr_static(cls, name), PropertyType))

    def __init__(self, **properties: object) -> None:
        unknown = properties.keys() - self._known
        if unknown:
            raise TypeError(f"{type(self).__name__} has no property {', '.join(sorted(unknown))}")
        super().__init__(**{name: value for name, value in properties.items() if value is not None})


class Element(Strict, LibraryElement):  # type: ignore[misc]
    """Anything that can stand in the body of a card."""


class TextBlock(Element, texts.TextBlock):  # type: ignore[misc]
    """A paragraph in the markdown subset of cards."""


class Container(Element, containers.Container):  # type: ignore[misc]
    """Elements that belong together, on a coloured ground where it has a style."""


class ColumnSet(Element, containers.ColumnSet):  # type: ignore[misc]
    """Columns side by side."""


class Column(Element, containers.Column):  # type: ignore[misc]
    """One of them. Widths are weights or pixels as text; rows line up only where they are explicit."""


class FactSet(Element, containers.FactSet):  # type: ignore[misc]
    """Titles and values in two columns."""


class Fact(Strict, containers.Fact):  # type: ignore[misc]
    """One row of a FactSet."""


class Input(Element):
    """What all inputs have. `isRequired` and `errorMessage` are checked by the client only."""

    label = PropertyType(type=str)
    isRequired = PropertyType(type=bool)  # noqa: N815
    errorMessage = PropertyType(type=str)  # noqa: N815


class InputText(Input):
    """A line, or several."""

    element_type = "Input.Text"
    value = PropertyType(type=str)
    placeholder = PropertyType(type=str)
    isMultiline = PropertyType(type=bool)  # noqa: N815


class InputToggle(Input):
    """A tick."""

    element_type = "Input.Toggle"
    title = PropertyType(type=str)
    value = PropertyType(type=str)
    valueOn = PropertyType(type=str)  # noqa: N815
    valueOff = PropertyType(type=str)  # noqa: N815
    wrap = PropertyType(type=bool)


class Choice(Strict):
    """One choice of a ChoiceSet."""

    title = PropertyType(type=str)
    value = PropertyType(type=str)


class InputChoiceSet(Input):
    """A choice of one. Webex draws the wrong control where `style` or `isMultiSelect` is missing."""

    element_type = "Input.ChoiceSet"
    choices = PropertyType(type=list)
    value = PropertyType(type=str)
    style = PropertyType(type=str)
    isMultiSelect = PropertyType(type=bool)  # noqa: N815
    wrap = PropertyType(type=bool)


class Action(Strict):
    """A button."""

    action_type = ""
    title = PropertyType(type=str)
    style = PropertyType(type=str)

    def __init__(self, **properties: object) -> None:
        super().__init__(**properties)
        self.set_data("type", self.action_type)


class Submit(Action):
    """Sends `data`, and the inputs of the card unless `associatedInputs` is "none"."""

    action_type = "Action.Submit"
    data = PropertyType(type=dict)
    associatedInputs = PropertyType(type=str)  # noqa: N815


class ShowCard(Action):
    """Unfolds a card within the card."""

    action_type = "Action.ShowCard"
    card = PropertyType(type=BareObject)


def inner_card(body: Sequence[Element], actions: Sequence[Action]) -> BareObject:
    """An Adaptive Card of the version that Webex draws."""
    card = adaptivecard.AdaptiveCard()
    card.set_data("version", VERSION)
    card.body = list(body)
    if actions:
        card.actions = list(actions)
    return card


def finish(body: Sequence[Element], actions: Sequence[Action], markdown: str, plan_id: str | None = None) -> Card:
    """The finished card, as JSON values only: the package's own render() still holds objects."""
    text = json.dumps(inner_card(body, actions).render(), cls=AdaptiveCardJSONEncoder)
    return Card(json.loads(text), markdown, plan_id)
