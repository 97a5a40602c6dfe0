"""The elements that cards are made of, on top of the `adaptivecards` package."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Card:
    """A finished card: the Adaptive Card as JSON values, and the markdown twin that says the same."""

    content: dict[str, Any]
    markdown: str
