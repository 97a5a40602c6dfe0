"""Who may do what: deny by default, decided anew for every line, click, confirmation, undo and approval.

`Access.decide` is the only place that answers. Help, forms and pickers ask it too, so that they never offer what
it would refuse.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from bot.person import Person
from bot.policy import EVERYWHERE, NOWHERE, ORGANIZATION, WHAT_FOR, Grant, Permission, Place, Policy, Reach
from bot.webex.ids import name_in

NOT_OTHER_BOTS = "This bot does not answer other bots."
NOT_OTHER_ORGANIZATIONS = "This bot answers only people of its own organization."


@dataclass(frozen=True)
class Target:
    """The one thing that a command is about: where it is, and the fields, by argument, that it would touch."""

    place: Place = ORGANIZATION
    fields: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Decision:
    """Whether a person may do something, and in a sentence why not. The sentence tells nothing of the target."""

    allowed: bool
    reason: str = ""


ALLOWED = Decision(allowed=True)


@dataclass(frozen=True)
class Access:
    """The rules: the policy as it is now, the bot's own organization, and the permission that each command needs.

    A command that needs none is for everybody of the organization. `touches` are the fields, by argument, that a
    command sets or takes away whatever it is given: who may not is not offered it.
    """

    policy: Callable[[], Policy]
    org_id: str
    needs: Mapping[str, Permission | None]
    touches: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def decide(self, person: Person, command: str, target: Target | None = None) -> Decision:
        """Whether the person may run the command on the target; without one, whether on anything at all."""
        return self._decide(person, self.needs[command], target, self._touched(command))

    def decide_all(self, person: Person, parts: Sequence[tuple[str, Target]]) -> Decision:
        """Whether the person may do all of that with one plan: each part of it, and that many at once."""
        decisions = [self.decide(person, command, target) for command, target in parts]
        if len(parts) > 1:
            decisions += [self._decide(person, Permission.BULK, target) for _, target in parts]
        return next((decision for decision in decisions if not decision.allowed), ALLOWED)

    def reach(self, person: Person, command: str) -> Reach:
        """The places where one grant alone lets the person run the command; `decide` knows of several together."""
        needed = self.needs[command]
        if needed is None:
            return EVERYWHERE
        giving = [grant for grant in self._giving(person, needed) if _cover([grant], self._touched(command))]
        return reduce(Reach.__or__, (grant.reach_for(person) for grant in giving), NOWHERE)

    def fields(self, person: Person, command: str, place: Place) -> frozenset[str] | None:
        """The fields, by argument, that the person may set with the command at that place; None for all."""
        needed = self.needs[command]
        return _fields(self._holding(person, needed, Target(place))) if needed else None

    def refusal(self, person: Person, command: str) -> str:
        """Which permission is missing for more than the person may do with the command, and who can grant it."""
        needed = self.needs[command]
        return self._refusal(person, needed) if needed else ""

    def needs_approval(self, commands: Sequence[str]) -> bool:
        """Whether a plan whose changes are those of these commands has to be approved by a second person."""
        return self.policy().approval.applies_to(commands)

    def grants(self, person: Person) -> list[Grant]:
        """Everything that the policy gives this person."""
        if self._why_not_served(person):
            return []
        return [grant for grant in self.policy().grants if grant.to.include(person)]

    def _decide(
        self,
        person: Person,
        needed: Permission | None,
        target: Target | None,
        touched: frozenset[str] = frozenset(),
    ) -> Decision:
        if reason := self._why_not_served(person):
            return Decision(allowed=False, reason=reason)
        if needed is None or self._holds(person, needed, target, touched):
            return ALLOWED
        return Decision(allowed=False, reason=self._refusal(person, needed))

    def _why_not_served(self, person: Person) -> str:
        if person.is_bot:
            return NOT_OTHER_BOTS
        # An unknown organization is never the same as another unknown one.
        is_member = bool(person.org_id) and name_in(person.org_id) == name_in(self.org_id)
        return "" if is_member else NOT_OTHER_ORGANIZATIONS

    def _holds(self, person: Person, needed: Permission, target: Target | None, touched: frozenset[str]) -> bool:
        holding = self._holding(person, needed, target)
        fields = target.fields | touched if target else touched
        return bool(holding) and (needed is Permission.READ or _cover(holding, fields))

    def _touched(self, command: str) -> frozenset[str]:
        return self.touches.get(command, frozenset())

    def _giving(self, person: Person, needed: Permission) -> list[Grant]:
        """A location administrator without a location has got nothing."""
        grants = self.grants(person)
        return [grant for grant in grants if grant.gives(needed) and grant.reach_for(person) != NOWHERE]

    def _holding(self, person: Person, needed: Permission, target: Target | None) -> list[Grant]:
        giving = self._giving(person, needed)
        return [grant for grant in giving if target is None or grant.reach_for(person).includes(target.place)]

    def _refusal(self, person: Person, needed: Permission) -> str:
        policy = self.policy()
        if policy.problem:
            return (
                f"The bot's access policy can't be read, so that nobody may {WHAT_FOR[needed]} now. "
                f"The people who run this bot can mend it: `extbot doctor` says what is wrong."
            )
        missing = f"You need the permission “{needed}”, to {WHAT_FOR[needed]}"
        held = [limits for grant in self._giving(person, needed) if (limits := grant.limits())]
        only = f", for more than you have it: {'; '.join(held)}" if held else ""
        return f"{missing}{only}. {policy.granted_by} can give it to you, in the bot's access policy."


def _cover(grants: Sequence[Grant], fields: frozenset[str]) -> bool:
    allowed = _fields(grants)
    return allowed is None or fields <= allowed


def _fields(grants: Sequence[Grant]) -> frozenset[str] | None:
    """The fields that the grants allow together; None where one of them allows all."""
    allowed = [grant.fields for grant in grants]
    return None if None in allowed else frozenset[str]().union(*(fields or () for fields in allowed))
