"""Many people who each write to the bot in a direct space of their own, and what they were answered."""

import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.sandbox.announcements import announce_message
from bot.sandbox.ids import named_id, new_id
from bot.sandbox.records import Membership, Message, Space
from bot.sandbox.seed import ORG_ID
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import Event


@dataclass(frozen=True)
class Answers:
    """How many questions were answered never and more than once, and in how many spaces out of order."""

    lost: int
    twice: int
    out_of_order: int


class Crowd:
    """So many people, each with a space.

    Their messages are put into the sandbox without HTTP, so that its server is left to the bot.
    """

    def __init__(self, sandbox: SandboxServer, number: int) -> None:
        self._world = sandbox.world
        self._bot_id = next(one.id for one in self._world.people.values() if one.type == "bot")
        alice = next(one for one in self._world.people.values() if one.first_name == "Alice")
        self._lock = threading.Lock()
        self._asked: list[Message] = []
        self._answered: list[tuple[float, str | None]] = []
        self._people = [
            replace(alice, id=named_id("PEOPLE", f"crowd/{each}"), email=f"crowd-{each}@example.com")
            for each in range(number)
        ]
        self._spaces = [self._open(person.id) for person in self._people]
        self._world.people |= {person.id: person for person in self._people}
        self._world.listeners.append(self._note)

    @property
    def asked(self) -> int:
        """How many questions were asked."""
        return len(self._asked)

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        with self._lock:
            return len({parent for _, parent in self._answered})

    def ask(self, text: str) -> None:
        """Have the next one of the people ask something, in a thread of its own: the answer comes into it."""
        number = len(self._asked) % len(self._people)
        person, space = self._people[number], self._spaces[number]
        with self._world.lock:
            # By the bot: one of a person that no webhook tells of would be found by catching up, and be answered.
            root = Message(new_id("MESSAGE"), space.id, self._bot_id, self._world.stamp(), text="Ask below")
            asked = Message(new_id("MESSAGE"), space.id, person.id, self._world.stamp(), root.id, text)
            for message in (root, asked):
                self._world.add_message(message)
            self._asked.append(asked)
            announce_message(self._world, "created", asked, person.id)

    def rates(self) -> tuple[float, ...]:
        """Answers a second in each of nine tenths, from the first twentieth of all answers to the last.

        Of those before and behind, some only wait to be tried again.
        """
        with self._lock:
            times = sorted(at for at, _ in self._answered)
        ends = sorted({len(times) * twentieth // 20 for twentieth in range(1, 20, 2)})
        return tuple((last - first) / (times[last] - times[first]) for first, last in pairwise(ends))

    def answers(self) -> Answers:
        """What has become of the questions."""
        with self._lock:
            answered = [parent for _, parent in self._answered]
        counts = self._standing()
        position = {parent: index for index, parent in enumerate(answered)}
        met: dict[str, list[int]] = defaultdict(list)
        for one in self._asked:
            met[one.space_id].append(position.get(one.parent_id or "", len(answered)))
        return Answers(
            lost=sum(one.parent_id not in counts for one in self._asked),
            twice=sum(many > 1 for many in counts.values()),
            out_of_order=sum(places != sorted(places) for places in met.values()),
        )

    def _standing(self) -> Counter[str | None]:
        """How many messages of the bot stand in each thread: that it takes longer is deleted, or edited."""
        with self._world.lock:
            messages = list(self._world.messages.values())
        return Counter(one.parent_id for one in messages if one.person_id == self._bot_id and one.parent_id)

    def _note(self, event: Event) -> None:
        if event.resource == "messages" and event.name == "created" and event.actor_id == self._bot_id:
            parent = self._world.messages[event.data["id"]].parent_id
            with self._lock:
                self._answered.append((time.monotonic(), parent))

    def _open(self, person_id: str) -> Space:
        """A direct space that nobody is told of, so that the bot does not greet everybody first."""
        created = self._world.stamp()
        space = Space(new_id("ROOM"), "", "direct", person_id, ORG_ID, created, created)
        self._world.spaces[space.id] = space
        for member in (person_id, self._bot_id):
            self._world.add_membership(Membership(new_id("MEMBERSHIP"), space.id, member, created))
        return space
