"""What a command needs of its surroundings: who asked, where, and how to answer there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.access import Access, Decision, Target
from bot.calling.client import CallingClient
from bot.errors import NotAllowed
from bot.people import People
from bot.person import Person
from bot.places import Locations, View
from bot.policy import Place
from bot.showing import replace_card, send_card
from bot.store import SentCard, Store
from bot.token_watch import TokenWatch
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
    token_watch: TokenWatch
    own_id: str
    commands_per_minute: int
    now: Callable[[], datetime]


@dataclass(frozen=True)
class Context:
    """One request of one person: a line of text, or a submitted card.

    `pressed` is the message with that card, None for a line of text and for a card that the bot does not remember.
    `command` is the name of the command that is being run. `is_late` says that it was asked for during an outage.
    """

    services: Services
    person: Person
    room_id: str
    event_id: str
    command: str = "help"
    is_typed: bool = True
    parent_id: str | None = None
    pressed: str | None = None
    is_late: bool = False

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

    @property
    def view(self) -> View:
        """What the person may see, and do, with the command that is being run."""
        access = self.services.access
        refusal = access.refusal(self.person, self.command)
        reach, admits = access.reach(self.person, self.command), partial(self.may_at, self.command)
        return View(self.services.locations, reach, admits, refusal)

    def may(self, command: str, target: Target | None = None) -> bool:
        """Whether this person may run the command on the target; without one, on anything at all."""
        return self.services.access.decide(self.person, command, target).allowed

    def may_at(self, command: str, place: Place) -> bool:
        """Whether this person may run the command on something that is at that place."""
        return self.may(command, Target(place))

    def require(self, command: str, target: Target | None = None) -> None:
        """Raise NotAllowed, with the reason, unless this person may run the command on the target."""
        _allow(self.services.access.decide(self.person, command, target))

    def require_all(self, parts: Sequence[tuple[str, Target]]) -> None:
        """Raise NotAllowed, with the reason, unless this person may do all of that with one plan."""
        _allow(self.services.access.decide_all(self.person, parts))

    def show(self, card: Card, *, in_place: bool) -> None:
        """Answer with a card. In the place of a pressed one, if there is one, no live button is left behind."""
        if self.pressed and in_place:
            replace_card(self.services, SentCard(self.pressed, self.room_id, self.parent_id, None), card)
        else:
            send_card(self.services, self.room_id, self.parent_id, card)


def _allow(decision: Decision) -> None:
    if not decision.allowed:
        raise NotAllowed(decision.reason)
