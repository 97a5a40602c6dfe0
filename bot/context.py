"""What a command needs of its surroundings: who asked, where, and how to answer there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.access import Access, Permission, Person
from bot.calling.client import CallingClient
from bot.errors import NotAllowed
from bot.lookup import Locations
from bot.people import People
from bot.store import SentCard, Store
from bot.webex.messaging import Messaging
from cards.elements import Card

if TYPE_CHECKING:
    # The registry holds the commands, and the commands know their context: only the types go round.
    from bot.registry import Registry


@dataclass(frozen=True)
class Services:
    """What the bot is made of, built once by bot.app. `own_id` is the bot's person id."""

    messaging: Messaging
    calling: CallingClient
    store: Store
    people: People
    locations: Locations
    access: Access
    registry: Registry
    own_id: str
    now: Callable[[], datetime]


@dataclass(frozen=True)
class Context:
    """One request of one person: a line of text, or a submitted card.

    `pressed` is the message with that card, None for a line of text and for a card that the bot does not remember.
    """

    services: Services
    person: Person
    room_id: str
    event_id: str
    is_typed: bool = True
    parent_id: str | None = None
    pressed: str | None = None

    @property
    def calling(self) -> CallingClient:
        """The virtual extension API."""
        return self.services.calling

    @property
    def store(self) -> Store:
        """What is kept."""
        return self.services.store

    def now(self) -> datetime:
        """The present, aware, in UTC."""
        return self.services.now()

    def may(self, permission: Permission | None) -> bool:
        """Whether this person holds the permission."""
        return self.services.access.decide(self.person, permission).allowed

    def require(self, permission: Permission | None) -> None:
        """Raise NotAllowed, with the reason, unless this person holds the permission."""
        decision = self.services.access.decide(self.person, permission)
        if not decision.allowed:
            raise NotAllowed(decision.reason)

    def show(self, card: Card, *, in_place: bool) -> None:
        """Answer with a card. In the place of a pressed one, if there is one, no live button is left behind."""
        if self.pressed and in_place:
            self.replace(SentCard(self.pressed, self.room_id, self.parent_id, None), card)
        else:
            message_id = self.services.messaging.send(self.room_id, card.markdown, card, self.parent_id)
            self._remember(message_id, card)

    def replace(self, shown: SentCard, card: Card) -> None:
        """Put a card in the place of an earlier one, wherever that is."""
        message_id = self.services.messaging.replace(
            shown.message_id, shown.room_id, card.markdown, card, shown.parent_id
        )
        self.store.remember_card(replace(shown, message_id=message_id, plan_id=card.plan_id), self.now())

    def _remember(self, message_id: str, card: Card) -> None:
        self.store.remember_card(SentCard(message_id, self.room_id, self.parent_id, card.plan_id), self.now())
