"""What holds for every policy, every person and every target."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.access import Access, Target
from bot.commands import all_commands
from bot.person import Person
from bot.plans import COMMANDS, FIELDS
from bot.policy import ORGANIZATION, Grant, Permission, Place, Policy, Principals, Reach

ORG = "Y2lzY29zcGFyazovL3VzL09SR0FOSVpBVElPTi9vbmU"
NEEDS = {name: spec.permission for name, spec in all_commands().items()}
TOUCHES = {name: frozenset(spec.touches) for name, spec in all_commands().items()}
READING = sorted(name for name, needed in NEEDS.items() if needed is Permission.READ)
NAMES = ("Lyon", "Denver", "Munich")
PLACES = (ORGANIZATION, *(Place(f"uuid-{name}", name) for name in NAMES))
EMAILS, DOMAINS = ("jane@example.com", "joe@example.org"), ("example.com", "example.org")
SPACES, ROLES = ("space-1", "space-2"), ("Full Administrator", "Location Administrator")


def some(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values))


locations = some((*NAMES, *(f"uuid-{name}" for name in NAMES)))
people = st.builds(
    Person,
    st.just("P1"),
    st.sampled_from((ORG, ORG, ORG, "")),
    st.sampled_from(EMAILS),
    roles=some(ROLES),
    listed_as=some(EMAILS),
    spaces=some(SPACES),
    own_locations=some(tuple(f"uuid-{name}" for name in NAMES)),
)
grants = st.builds(
    Grant,
    st.builds(Principals, some(EMAILS), some(DOMAINS), some(SPACES), some(ROLES)),
    st.frozensets(st.sampled_from(Permission), min_size=1),
    st.builds(Reach, st.booleans(), locations, st.booleans()),
    st.booleans(),
    st.none() | some(tuple(FIELDS.values())),
)
policies = st.lists(grants, max_size=5).map(tuple)
commands = st.sampled_from(sorted(NEEDS))
targets = st.builds(Target, st.sampled_from(PLACES), some(tuple(FIELDS.values())))
parts = st.lists(st.tuples(st.sampled_from(sorted(COMMANDS.values())), targets), min_size=1, max_size=4)


def access(*granted: Grant) -> Access:
    policy = Policy(granted)
    return Access(lambda: policy, ORG, NEEDS, TOUCHES)


@given(policies, grants, people, commands, st.none() | targets)
def test_another_grant_never_takes_anything_away(
    granted: tuple[Grant, ...], more: Grant, person: Person, command: str, target: Target | None
) -> None:
    if access(*granted).decide(person, command, target).allowed:
        assert access(*granted, more).decide(person, command, target).allowed


@given(policies, people, commands, st.none() | targets)
def test_a_person_in_no_grant_may_do_nothing(
    granted: tuple[Grant, ...], person: Person, command: str, target: Target | None
) -> None:
    stranger = replace(
        person, roles=frozenset(), listed_as=frozenset(), spaces=frozenset(), email="jane@elsewhere.net"
    )
    allowed = access(*granted).decide(stranger, command, target).allowed
    assert allowed == (NEEDS[command] is None and stranger.org_id == ORG)


@given(policies, people, commands, targets)
def test_what_is_allowed_on_something_is_allowed_in_general(
    granted: tuple[Grant, ...], person: Person, command: str, target: Target
) -> None:
    rules = access(*granted)
    if rules.decide(person, command, target).allowed:
        assert rules.decide(person, command).allowed


@given(policies, people, st.sampled_from(READING), targets)
def test_reach_and_decision_agree_on_looking(
    granted: tuple[Grant, ...], person: Person, command: str, target: Target
) -> None:
    rules = access(*granted)
    assert rules.reach(person, command).includes(target.place) == rules.decide(person, command, target).allowed


@given(policies, people, st.sampled_from(sorted(COMMANDS.values())), st.sampled_from(PLACES))
def test_nothing_within_reach_is_refused_for_its_place(
    granted: tuple[Grant, ...], person: Person, command: str, place: Place
) -> None:
    rules = access(*granted)
    if rules.reach(person, command).includes(place):
        assert rules.decide(person, command, Target(place)).allowed


@given(policies, people, st.sampled_from(sorted(COMMANDS.values())), targets)
def test_the_fields_of_a_form_are_those_that_may_be_changed(
    granted: tuple[Grant, ...], person: Person, command: str, target: Target
) -> None:
    rules = access(*granted)
    drawn = rules.fields(person, command, target.place)
    if rules.decide(person, command, target).allowed:
        assert drawn is None or target.fields <= drawn


@given(policies, people, parts)
def test_all_at_once_is_allowed_only_where_each_part_is(
    granted: tuple[Grant, ...], person: Person, wanted: list[tuple[str, Target]]
) -> None:
    rules = access(*granted)
    if rules.decide_all(person, wanted).allowed:
        assert all(rules.decide(person, command, target).allowed for command, target in wanted)


@given(policies, people, commands, st.none() | targets)
def test_every_refusal_says_why(
    granted: tuple[Grant, ...], person: Person, command: str, target: Target | None
) -> None:
    decision = access(*granted).decide(person, command, target)
    assert decision.allowed == (decision.reason == "")
