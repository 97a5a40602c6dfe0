"""What the bot can do, and what this person may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.command import Arguments
from bot.person import Person
from bot.plans import COMMANDS
from bot.policy import Grant, Permission
from bot.registry import Spec, command
from bot.wordings import help as wordings
from cards.help import HelpEntry, HelpGroup, help_card, topic_card, whoami_card
from cards.notice import notice_card

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.context import Context
    from cards.elements import Card


GROUPS = {
    "extensions": "Virtual extensions",
    "ranges": "Virtual extension ranges",
    "locations": "Locations",
    "numbers": "Phone numbers",
    "mode": "The organization's mode",
    "plans": "Plans",
    "history": "History",
}


SEVERAL_AT_ONCE = frozenset({wordings.SEVERAL, "several", "many", "multiple", "mass", "csv", "import"})
ONE_AT_A_TIME = (
    "Each virtual extension is added, changed or deleted by a line and a plan of its own. One range covers many "
    "numbers at once, as `5XXX` behind a prefix does."
)


def _groups(specs: Iterable[Spec]) -> list[HelpGroup]:
    named = [(GROUPS.get(spec.name.split(".")[0]), spec) for spec in specs]
    return [
        HelpGroup(title, [_entry(spec) for group, spec in named if group == title]) for title in GROUPS.values()
    ]


def _may_run(ctx: Context, spec: Spec) -> bool:
    """Whether the person may. A plan takes the permission of what it changes, whichever that is."""
    if spec.changes and spec.permission is None:
        return any(ctx.may(command) for command in COMMANDS.values())
    return ctx.may(spec.name)


def _entry(spec: Spec) -> HelpEntry:
    return HelpEntry(spec.title, spec.examples[0], spec.help)


def _topics(specs: Iterable[Spec], topic: str) -> list[Spec]:
    """The commands that a word of the topic names: `ranges`, `delete`, `add an extension`."""
    words = {word.rstrip("s") for word in topic.casefold().split()}
    scored = [
        (len(words & {w.rstrip("s") for w in f"{s.name} {s.title}".casefold().replace(".", " ").split()}), s)
        for s in specs
    ]
    best = max((score for score, _ in scored), default=0)
    return [spec for score, spec in scored if best and score == best]


def _why(person: Person, grants: Sequence[Grant]) -> list[str]:
    """Where the permissions come from: Webex roles, and being named in the policy."""
    roles = [f"you are {role} in Webex" for role in sorted(person.roles)]
    named = sorted(person.listed_as | {domain for grant in grants for domain in grant.to.domains_of(person)})
    spaces = ["you are in a space that the bot's access policy names"] if person.spaces else []
    return [*roles, *(f"{each} is named in the bot's access policy" for each in named), *spaces]


@command(
    "help",
    title="Help",
    help="Shows what the bot can do, or how one thing is done.",
    examples=("help", "help ranges"),
    wordings=wordings.HELP,
)
def show_help(ctx: Context, wanted: Arguments) -> Card:
    """Show the commands that this person may run, or those about one topic."""
    if wanted.topic == wordings.THANKS:
        return notice_card("You are welcome", "Write to me whenever there is more to do.")
    if SEVERAL_AT_ONCE & set((wanted.topic or "").casefold().split()):
        return notice_card("One at a time", ONE_AT_A_TIME, "Type `help add` or `help ranges` to see how.")
    allowed = [spec for spec in ctx.services.registry.values() if _may_run(ctx, spec)]
    topics = _topics(allowed, wanted.topic or "")
    if topics:
        entries = [HelpEntry(spec.title, example, spec.help) for spec in topics for example in spec.examples]
        return topic_card(
            topics[0].title if len(topics) == 1 else f"About {wanted.topic}", topics[0].help, entries
        )
    groups = [group for group in _groups(allowed) if group.entries]
    return help_card(groups) if groups else show_person.run(ctx, wanted)


@command(
    "whoami",
    title="Who am I",
    help="Shows who you are to the bot and what you may do.",
    examples=("whoami",),
    wordings=wordings.WHOAMI,
)
def show_person(ctx: Context, wanted: Arguments) -> Card:
    """Show who the person is and what they may do."""
    grants = ctx.services.access.grants(ctx.person)
    person, why = ctx.person, _why(ctx.person, grants)
    granted_by, permissions = ctx.services.access.policy().granted_by, _permissions(grants)
    return whoami_card(
        person.display_name, person.email, permissions, why, granted_by=granted_by, space_id=ctx.room_id
    )


def _permissions(grants: Sequence[Grant]) -> list[str]:
    """What the grants give, a line for each limit: `read, change at Lyon`."""
    limits = dict.fromkeys(grant.limits() for grant in grants)
    return [f"{_given(grants, limit)} {limit}".strip() for limit in limits]


def _given(grants: Sequence[Grant], limit: str) -> str:
    fitting = [grant for grant in grants if grant.limits() == limit]
    return ", ".join(one for one in Permission if any(grant.gives(one) for grant in fitting))
