"""The pure half of undo: the inverse of a plan, and what is left of it in the present."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plans import Change, ChangeState, Image, Kind, Outcome, Plan, PlannedChange, PlanState, Present, Thing
from bot.undo import from_present, inverse, label_of, versions_of

JANE: Image = {
    "extension": "5012",
    "phoneNumber": "+14085550123",
    "displayName": "Jane Doe",
    "firstName": "",
    "lastName": "",
}
ROE: Image = {**JANE, "displayName": "Jane Roe"}
OTHER: Image = {**JANE, "displayName": "Other"}
SINCE: Image = {**JANE, "displayName": "Since"}
RENAME = Change(Kind.CHANGE, Thing.EXTENSION, "5012 Jane Doe", JANE, ROE, "id", "denver", "Denver")
CREATE = Change(Kind.CREATE, Thing.EXTENSION, "5012 Jane Doe", None, JANE, None, "denver", "Denver")
DELETE = replace(CREATE, kind=Kind.DELETE, before=JANE, after=None, target_id="id")

WORDS = st.text("abcXYZ é*", min_size=1, max_size=8)
EXTENSIONS = st.fixed_dictionaries(
    {
        "extension": st.text("0123456789", min_size=2, max_size=10),
        "phoneNumber": WORDS,
        "displayName": WORDS,
        "firstName": WORDS,
        "lastName": WORDS,
    }
)
RANGES = st.fixed_dictionaries(
    {"name": WORDS, "prefix": WORDS, "patterns": st.lists(st.text("123X", min_size=1, max_size=4), unique=True)}
)
IMAGES = {Thing.EXTENSION: EXTENSIONS, Thing.RANGE: RANGES}


class World:
    """Things by id, changed as Webex would: what is created gets an id that was never there before."""

    def __init__(self, thing: Thing, images: Iterable[Image]) -> None:
        self._ids: Iterator[str] = (f"id {number}" for number in count())
        self.thing = thing
        self.things = {next(self._ids): image for image in images}

    def apply(self, *changes: Change) -> tuple[PlannedChange, ...]:
        """What has become of the changes; each has to find what it expects."""
        return tuple(self._apply(change) for change in changes)

    def _apply(self, change: Change) -> PlannedChange:
        target_id = change.target_id or next(self._ids)
        assert self.things.pop(target_id, None) == change.before
        if change.after is not None:
            self.things[target_id] = change.after
        return done(change, target_id)


def done(change: Change, target_id: str | None = None) -> PlannedChange:
    """The change after it was made."""
    return PlannedChange(change, Outcome(ChangeState.DONE, target_id or change.target_id))


TWICE = (done(RENAME), done(replace(RENAME, label="5012 Jane Roe", before=ROE, after=OTHER)))


def plan_of(*planned: PlannedChange) -> Plan:
    """A plan that was applied."""
    now = datetime(2026, 11, 24, tzinfo=UTC)
    return Plan("7F3K", PlanState.APPLIED, "alice", "Alice", "room", now, planned)


@st.composite
def changes_of(draw: st.DrawFn, world: World) -> Change:
    """A change that is possible in the world as it is."""
    target_id = draw(st.sampled_from([None, *world.things]))
    image = IMAGES[world.thing]
    before = world.things[target_id] if target_id else None
    after = draw(st.none() | image) if target_id else draw(image)
    kind = Kind.CREATE if before is None else Kind.DELETE if after is None else Kind.CHANGE
    return Change(kind, world.thing, label_of(world.thing, before, after), before, after, target_id)


@given(st.data(), st.sampled_from([Thing.EXTENSION, Thing.RANGE]))
def test_an_inverse_leads_back_whatever_was_done(data: st.DataObject, thing: Thing) -> None:
    """Also where one plan changes a thing several times, creates it and deletes it."""
    world = World(thing, data.draw(st.lists(IMAGES[thing], max_size=3)))
    before = sorted(map(repr, world.things.values()))
    planned: list[PlannedChange] = []
    for _ in range(data.draw(st.integers(0, 6))):
        planned += world.apply(data.draw(changes_of(world)))
    after = sorted(map(repr, world.things.values()))
    undone = world.apply(*inverse(plan_of(*planned)))
    assert sorted(map(repr, world.things.values())) == before
    world.apply(*inverse(plan_of(*undone)))
    assert sorted(map(repr, world.things.values())) == after


@given(st.lists(st.sampled_from(["STANDARD", "ENHANCED"]), min_size=1, max_size=5))
def test_the_mode_is_put_back_to_what_it_was_at_first(modes: list[str]) -> None:
    steps = [
        Change(Kind.CHANGE, Thing.MODE, after, {"mode": before}, {"mode": after})
        for before, after in pairwise(modes)
    ]
    found = inverse(plan_of(*map(done, steps)))
    assert [change.after for change in found] == ([{"mode": modes[0]}] if modes[0] != modes[-1] else [])


def test_what_was_created_is_deleted_by_the_id_that_it_got() -> None:
    assert inverse(plan_of(done(CREATE, "new"))) == (replace(DELETE, target_id="new"),)


def test_what_was_deleted_is_created_at_the_same_place() -> None:
    assert inverse(plan_of(done(DELETE))) == (CREATE,)


def test_a_rename_is_undone_under_the_new_name() -> None:
    assert inverse(plan_of(done(RENAME))) == (replace(RENAME, label="5012 Jane Roe", before=ROE, after=JANE),)


def test_what_was_changed_and_deleted_is_created_as_it_was_at_first() -> None:
    assert inverse(plan_of(done(RENAME), done(replace(DELETE, before=ROE)))) == (CREATE,)


def test_what_was_created_and_deleted_needs_no_way_back() -> None:
    assert inverse(plan_of(done(CREATE, "id"), done(DELETE))) == ()


@pytest.mark.parametrize("state", [state for state in ChangeState if state is not ChangeState.DONE])
def test_only_what_was_done_is_undone_and_the_last_first(state: ChangeState) -> None:
    first, last = done(replace(RENAME, target_id="1")), done(replace(RENAME, target_id="3"))
    found = inverse(plan_of(first, PlannedChange(RENAME, Outcome(state)), last))
    assert [change.target_id for change in found] == ["3", "1"]


def test_nothing_is_left_where_the_present_is_what_was_before() -> None:
    assert from_present(inverse(plan_of(done(RENAME))), [Present(JANE, "id")]) == ()
    assert from_present(inverse(plan_of(done(CREATE, "id"))), [None]) == ()
    assert from_present([CREATE], [Present(JANE, "id")]) == ()


def test_what_is_as_the_plan_left_it_is_led_back_step_by_step() -> None:
    back = inverse(plan_of(*TWICE))
    assert [(change.before, change.after) for change in back] == [(OTHER, ROE), (ROE, JANE)]
    assert from_present(back, [Present(OTHER, "id")] * 2) == back


def test_what_was_made_anew_since_is_led_back_under_its_new_id() -> None:
    found = from_present(inverse(plan_of(*TWICE)), [Present(OTHER, "new")] * 2)
    assert [change.target_id for change in found] == ["new", "new"]


def test_what_has_changed_since_is_led_back_at_once() -> None:
    found = from_present(inverse(plan_of(*TWICE)), [Present(SINCE, "id")] * 2)
    assert found == (replace(RENAME, label="5012 Since", before=SINCE, after=JANE),)


def test_what_was_deleted_since_is_created_as_it_was_before() -> None:
    assert from_present(inverse(plan_of(*TWICE)), [None, None]) == (CREATE,)


def test_what_was_deleted_and_made_anew_in_one_plan_is_there_after_the_way_back() -> None:
    """It is there now only until the way back takes it away."""
    back = inverse(plan_of(done(DELETE), done(CREATE, "new")))
    assert [change.kind for change in back] == [Kind.DELETE, Kind.CREATE]
    assert from_present(back, [Present(JANE, "new")] * 2) == back


def test_what_is_in_the_way_of_a_creation_is_left_to_the_checks() -> None:
    assert from_present([CREATE], [Present(OTHER, "other")]) == (CREATE,)


@pytest.mark.parametrize("present", [Present(SINCE, "id"), None])
def test_three_versions_are_told_of_what_has_changed_since(present: Present | None) -> None:
    changed = plan_of(*TWICE)
    since = from_present(inverse(changed), [present] * 2)
    (versions,) = versions_of(plan_of(*map(done, since)), changed)
    assert (versions.before, versions.after, versions.now) == (JANE, OTHER, present and present.image)


@pytest.mark.parametrize("target_id", ["id", "new"])
def test_no_versions_are_told_of_what_is_as_the_plan_left_it(target_id: str) -> None:
    changed = plan_of(*TWICE)
    back = from_present(inverse(changed), [Present(OTHER, target_id)] * 2)
    assert versions_of(plan_of(*map(done, back)), changed) == ()
