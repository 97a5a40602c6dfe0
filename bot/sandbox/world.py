"""The state of the sandbox, behind one lock. Times come from the clock that is passed in."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import RLock
from typing import Any

from bot.sandbox.faults import Faults
from bot.sandbox.records import (
    Call,
    Content,
    Grant,
    Lifetimes,
    Membership,
    Message,
    Person,
    Space,
    Submission,
    Token,
    Webhook,
)

Clock = Callable[[], datetime]
MOST_CALLS = 10_000
"""So many calls are remembered: the chat page asks every second."""


@dataclass(frozen=True)
class Event:
    """Something that happened, before it is known which webhooks hear of it.

    `data` is what a delivery says of it, `witnesses` are the ids of the people whose webhooks may hear of it, and
    `facts` are the values that a filter of that name may have.
    """

    resource: str
    name: str
    actor_id: str
    data: dict[str, Any]
    witnesses: frozenset[str]
    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)


class World:
    """All that the sandbox remembers. Whoever changes something, or reads more than one thing, holds `lock`."""

    def __init__(self, clock: Clock, faults: Faults | None = None) -> None:
        self.lock = RLock()
        self.faults = faults or Faults()
        self.listeners: list[Callable[[Event], None]] = []
        self.calls: deque[Call] = deque(maxlen=MOST_CALLS)
        self.people: dict[str, Person] = {}
        self.tokens: dict[str, Token] = {}
        self.grants: dict[str, Grant] = {}
        """By refresh token or authorization code."""
        self.lifetimes = Lifetimes()
        self.spaces: dict[str, Space] = {}
        self.memberships: dict[str, Membership] = {}
        self.messages: dict[str, Message] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.submissions: dict[str, Submission] = {}
        self.contents: dict[str, Content] = {}
        self._clock = clock
        self._latest: datetime | None = None
        self._members: dict[str, dict[str, Membership]] = defaultdict(dict)
        self._timelines: dict[str, list[str]] = defaultdict(list)

    def now(self) -> datetime:
        """Return the time of the clock."""
        return self._clock()

    def stamp(self) -> datetime:
        """Return the time in whole milliseconds, never twice the same: messages are ordered by it."""
        with self.lock:
            time = self._clock()
            time = time.replace(microsecond=time.microsecond // 1000 * 1000)
            if self._latest is not None and time <= self._latest:
                time = self._latest + timedelta(milliseconds=1)
            self._latest = time
            return time

    def valid_token(self, value: str) -> Token | None:
        """Return the token of this value, unless it is unknown or has expired."""
        token = self.tokens.get(value)
        expired = token is not None and token.expires is not None and token.expires <= self._clock()
        return None if expired else token

    def person_by_email(self, email: str) -> Person | None:
        """Return the person with this e-mail address, in any case."""
        return next((found for found in self.people.values() if found.email == email.lower()), None)

    def members(self, space_id: str) -> list[Membership]:
        """Return who is in the space, in the order of joining."""
        return list(self._members.get(space_id, {}).values())

    def membership_of(self, person_id: str, space_id: str) -> Membership | None:
        """Return the person's membership of the space."""
        return self._members.get(space_id, {}).get(person_id)

    def spaces_of(self, person_id: str) -> list[Space]:
        """Return the spaces that the person is in."""
        return [space for space in self.spaces.values() if self.membership_of(person_id, space.id)]

    def direct_space(self, one_id: str, other_id: str) -> Space | None:
        """Return the 1:1 space of the two people."""
        pair = {one_id, other_id}
        return next(
            (
                found
                for found in self.spaces_of(one_id)
                if found.type == "direct" and set(self._members[found.id]) == pair
            ),
            None,
        )

    def add_membership(self, membership: Membership) -> None:
        """Let a person into a space."""
        self.memberships[membership.id] = membership
        self._members[membership.space_id][membership.person_id] = membership

    def remove_membership(self, membership: Membership) -> None:
        """Take a person out of a space."""
        del self.memberships[membership.id]
        del self._members[membership.space_id][membership.person_id]

    def remove_space(self, space_id: str) -> None:
        """Forget a space with all that is in it."""
        for membership in self.members(space_id):
            self.remove_membership(membership)
        for message_id in list(self._timelines[space_id]):
            self.remove_message(self.messages[message_id])
        del self.spaces[space_id]

    def messages_in(self, space_id: str) -> list[Message]:
        """Return the messages of the space, newest first."""
        return [self.messages[message_id] for message_id in reversed(self._timelines.get(space_id, []))]

    def add_message(self, message: Message) -> None:
        """Put a new message at the end of its space."""
        self.messages[message.id] = message
        self._timelines[message.space_id].append(message.id)
        space = self.spaces[message.space_id]
        self.spaces[space.id] = replace(space, last_activity=message.created)

    def remove_message(self, message: Message) -> None:
        """Forget a message."""
        del self.messages[message.id]
        self._timelines[message.space_id].remove(message.id)

    def sees(self, person_id: str, message: Message) -> bool:
        """Say whether the person can see the message: in a group, a bot sees its own and those that mention it."""
        if not self.membership_of(person_id, message.space_id):
            return False
        open_to_all = self.people[person_id].type != "bot" or self.spaces[message.space_id].type == "direct"
        return open_to_all or person_id in (message.person_id, *message.mentioned_people)

    def publish(self, event: Event) -> None:
        """Tell the listeners (the delivery of webhooks) what happened, in the order in which it happened."""
        for listener in self.listeners:
            listener(event)
