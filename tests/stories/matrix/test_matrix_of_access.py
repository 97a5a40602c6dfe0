"""The table against the rules of access alone: pure, and for every way in which the same policy can be written."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby

from matrix_roles import known_person, policy_for
from matrix_subjects import PLENTY, Supply, parts_of, subject_of
from matrix_table import LETTERS, Cell, read_table
from matrix_ways import target_of_way, ways

from bot.access import Access, Target
from bot.commands import all_commands
from bot.person import Person
from bot.policy import Grant, Policy
from bot.policy_file import read_policy
from bot.sandbox.seed import LYON_ID, ORG_ID
from bot.sandbox.seed_numbers import seed_numbering
from bot.webex.ids import name_in

ALLOWED = frozenset("ys")
"""The letters of what the rules allow: with `s` it is the plan that is in the way, not a permission."""

TABLE = read_table()
NEEDS = {name: spec.permission for name, spec in all_commands().items()}
TOUCHES = {name: frozenset(spec.touches) for name, spec in all_commands().items()}
LYON = ("Lyon", "lyon", LYON_ID, name_in(LYON_ID))
"""How a policy may name the location."""

REVIEWS = ("plans.approve", "plans.reject")
"""What needs no permission for several changes at once: they were asked for by somebody who has it."""

Parts = Sequence[tuple[str, Target | None]]


def test_no_command_is_missing() -> None:
    """A command that is added is added to the table, too."""
    assert {cell.command for cell in TABLE} == set(all_commands())


def test_every_row_is_known_and_every_letter_explained() -> None:
    """And no row is there twice."""
    known = ways()
    assert [cell.row for cell in TABLE if cell.row not in known and subject_of(cell.row) is None] == []
    assert {cell.expected for cell in TABLE} == LETTERS
    assert len({(cell.row, cell.role) for cell in TABLE}) == len(TABLE)


def test_the_rules_give_what_the_table_says() -> None:
    """Whatever the order of the grants, and whether one gives several permissions or each gives one."""
    wrong = [
        f"{cell.row} · {cell.role}: {cell.expected}, not as {policy.grants} has it"
        for cell, parts in _asked()
        for policy in _written(cell.role)
        if _allows(policy, cell.role, parts) is not (cell.expected in ALLOWED)
    ]
    assert wrong == []


def test_the_rules_take_nobody_at_their_word() -> None:
    """The same people with an organization that Webex does not tell may do nothing at all."""
    allowed = [
        f"{cell.row} · {cell.role}"
        for cell, parts in _asked()
        if _decides(_policy(cell.role), replace(known_person(cell.role), org_id=""), parts)
    ]
    assert allowed == []


def _asked() -> Iterator[tuple[Cell, Parts]]:
    """Each cell, and what the rules are asked for it."""
    supply, known = Supply(seed_numbering(PLENTY)), ways()
    for row, cells in groupby(TABLE, lambda cell: cell.row):
        subject = subject_of(row)
        changes = supply.changes(subject) if subject else ()
        for cell in cells:
            if subject:
                yield cell, parts_of(subject, changes, cell.role)
            else:
                yield cell, [(cell.command, target_of_way(known[row]))]


@cache
def _policy(role: str) -> Policy:
    try:
        return read_policy(policy_for(role))
    except ValueError as error:
        return Policy(problem=str(error))


@cache
def _written(role: str) -> tuple[Policy, ...]:
    """The same policy, with its grants in other orders, split in parts, and with a location named otherwise."""
    return tuple(_variants(_policy(role)))


def _variants(policy: Policy) -> Iterator[Policy]:
    for grants in (policy.grants, tuple(_single(policy.grants))):
        for first in range(len(policy.grants) or 1):
            for lyon in LYON:
                turned = (*grants[first:], *grants[:first])
                yield replace(policy, grants=tuple(_naming(grant, lyon) for grant in turned))


def _single(grants: Sequence[Grant]) -> Iterator[Grant]:
    return (replace(grant, permissions=frozenset({one})) for grant in grants for one in sorted(grant.permissions))


def _naming(grant: Grant, lyon: str) -> Grant:
    locations = frozenset(lyon if name == "Lyon" else name for name in grant.reach.locations)
    return replace(grant, reach=replace(grant.reach, locations=locations))


def _allows(policy: Policy, role: str, parts: Parts) -> bool:
    return _decides(policy, known_person(role), parts)


def _decides(policy: Policy, person: Person, parts: Parts) -> bool:
    access = Access(lambda: policy, ORG_ID, NEEDS, TOUCHES)
    if parts[0][0] in REVIEWS:
        return all(access.decide(person, command, target).allowed for command, target in parts)
    return access.decide_all(person, parts).allowed
