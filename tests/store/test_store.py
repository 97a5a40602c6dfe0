"""The store and its schema, on a real PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from bot.events import Arrival, Pace
from bot.plans import Change, ChangeState, Kind, Outcome, Plan, PlannedChange, PlanState, Thing
from bot.schema import find_differences, require_current, upgrade
from bot.store import SentCard, Store

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
IMAGE = {
    "extension": "5012",
    "phoneNumber": "+14085550123",
    "displayName": "Jané",
    "firstName": "",
    "lastName": "",
}
DRAFT = Plan(
    id="",
    state=PlanState.PROPOSED,
    requested_by="alice",
    requested_name="Alice",
    room_id="room",
    created_at=NOW,
    changes=(PlannedChange(Change(Kind.CREATE, Thing.EXTENSION, "5012 Jané", None, IMAGE)),),
    warnings=("Mind the gap.",),
)


def test_the_migrations_make_the_tables_that_the_store_expects(engine: Engine) -> None:
    require_current(engine)
    assert find_differences(engine) == []


def test_migrating_again_and_at_once_changes_nothing(engine: Engine) -> None:
    """Every process migrates at its start, and several start together."""
    failures: list[BaseException] = []
    threads = [threading.Thread(target=upgrade, args=(engine,)) for _ in range(4)]
    threading.excepthook, before = (lambda args: failures.append(args.exc_value)), threading.excepthook
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    threading.excepthook = before
    assert failures == []
    require_current(engine)


def test_a_plan_comes_back_as_it_was_stored(store: Store) -> None:
    plan = store.add_plan(DRAFT)
    assert len(plan.id) == 4
    assert store.find_plan(plan.id) == plan == replace(DRAFT, id=plan.id)


def test_a_plan_that_is_not_there(store: Store) -> None:
    assert store.find_plan("7F3K") is None
    assert store.find_plan("'; DROP TABLE plans; --") is None


def test_a_plan_is_decided_once(store: Store) -> None:
    """Of many that press at the same time, one is first."""
    plan = store.add_plan(DRAFT)
    decided = replace(plan, state=PlanState.APPLYING, decided_by="bob", decided_at=NOW, decided_event="e")
    first: list[bool] = []
    threads = [
        threading.Thread(target=lambda: first.append(store.decide_plan(decided, PlanState.PROPOSED)))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(first) == [False] * 7 + [True]
    begun = replace(plan.changes[0], outcome=Outcome(ChangeState.SENT))
    assert store.find_plan(plan.id) == replace(decided, changes=(begun, *plan.changes[1:]))


def test_two_workers_that_take_up_a_plan_at_once_hold_different_claims(store: Store) -> None:
    """The one with the older claim has lost it: else both would go on."""
    plan = store.add_plan(DRAFT)
    with ThreadPoolExecutor(2) as workers:
        for _ in range(50):
            first, second = workers.map(store.claim_plan, [plan.id, plan.id])
            assert first.claim != second.claim


def test_the_outcome_of_a_change_is_kept(store: Store) -> None:
    plan = store.add_plan(DRAFT)
    outcome = Outcome(ChangeState.FAILED, "id", "ROUTER_1", "It is taken.")
    store.record_outcome(plan.id, 0, outcome)
    found = store.find_plan(plan.id)
    assert found is not None
    assert found.changes[0].outcome == outcome


def test_an_event_is_new_until_it_is_answered(store: Store) -> None:
    """One that was begun and not answered belongs to a worker that was killed: it is begun again."""
    key = ("messages", "created", "1")
    assert store.events.begin(key, "alice", NOW) == Pace(NOW, 1)
    assert store.events.begin(key, "alice", NOW) is Arrival.UNANSWERED
    store.events.finish(key, NOW)
    assert store.events.begin(key, "alice", NOW) is Arrival.ANSWERED
    assert store.events.begin(("messages", "created", "2"), "alice", NOW) == Pace(NOW, 2)


def test_the_events_of_a_person_are_counted_for_a_minute(store: Store) -> None:
    assert [count(store, "a").count for _ in range(3)] == [1, 2, 3]
    assert count(store, "b").count == 1
    assert count(store, "a", NOW + timedelta(seconds=60)) == Pace(NOW, 4)
    later = NOW + timedelta(seconds=61)
    assert count(store, "a", later) == Pace(later, 1)


def test_the_clocks_of_two_workers_may_differ(store: Store) -> None:
    """One that is behind must not begin a minute of its own; a count from far ahead does not last."""
    count(store, "a")
    assert count(store, "a", NOW - timedelta(seconds=1)) == Pace(NOW, 2)
    assert count(store, "a", NOW - timedelta(hours=1)).count == 1


def test_events_that_come_together_are_all_counted(store: Store) -> None:
    """One statement counts: no two of them get the same number."""
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(count(store, "a").count)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == list(range(1, 9))


def test_one_event_that_two_workers_begin_together_is_counted_once(store: Store) -> None:
    """Whoever is second is told that it came before, and counts nothing."""
    key = ("messages", "created", "same")
    found: list[Pace | Arrival] = []
    threads = [threading.Thread(target=lambda: found.append(store.events.begin(key, "a", NOW))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found.count(Pace(NOW, 1)) == 1
    assert found.count(Arrival.UNANSWERED) == 7
    assert count(store, "a") == Pace(NOW, 2)


def count(store: Store, person_id: str, now: datetime = NOW) -> Pace:
    """The pace of a person with one more event."""
    pace = store.events.begin(("messages", "created", uuid4().hex), person_id, now)
    assert isinstance(pace, Pace)
    return pace


def test_a_notice_is_known_until_it_has_become_the_answer(store: Store) -> None:
    """A worker that was killed leaves none behind: whoever finishes the event is told of it."""
    key = ("messages", "created", "1")
    store.events.begin(key, "alice", NOW)
    assert store.events.find_notice(key) is None
    assert store.events.add_notice(key, "message") == "message"
    assert store.events.add_notice(key, "of another worker") == "message"
    assert store.events.find_notice(key) == store.events.finish(key, NOW) == "message"
    store.events.replace_notice(key, None)
    assert store.events.finish(key, NOW) is None
    assert store.events.add_notice(key, "too late") is None


def test_the_card_that_waits_for_a_decision_is_found_until_it_is_replaced(store: Store) -> None:
    store.remember_card(SentCard("message", "room", "root", "7F3K"), NOW)
    assert (
        store.find_plan_cards("7F3K")
        == [store.find_card("message")]
        == [SentCard("message", "room", "root", "7F3K")]
    )
    store.remember_card(SentCard("message", "room", "root", None), NOW)
    assert store.find_plan_cards("7F3K") == []


def test_pruning_keeps_what_was_decided(store: Store) -> None:
    """Decided plans are the record of what was changed."""
    open_plan, decided = store.add_plan(DRAFT), store.add_plan(DRAFT)
    store.decide_plan(
        replace(decided, state=PlanState.CANCELLED, decided_by="bob", decided_at=NOW), PlanState.PROPOSED
    )
    store.events.begin(("messages", "created", "old"), "alice", NOW)
    store.remember_card(SentCard("old", "room", None, None), NOW)
    store.prune(NOW + timedelta(seconds=1), NOW)
    assert count(store, "alice").count == 1
    assert store.find_plan(open_plan.id) is None
    assert store.find_plan(decided.id) is not None
    assert store.find_card("old") is None


def test_only_one_is_alone(store: Store) -> None:
    with store.alone("chore") as first, store.alone("chore") as second, store.alone("other") as third:
        assert (first, second, third) == (True, False, True)
    with store.alone("chore") as again:
        assert again


def confirmed(store: Store, undoes: str | None = None, state: ChangeState = ChangeState.DONE) -> Plan:
    """A plan that Bob confirmed in the room, a second after the one before."""
    plan = store.add_plan(replace(DRAFT, undoes=undoes))
    before = store.find_latest_plan("bob", "room")
    at = (before.decided_at if before and before.decided_at else NOW) + timedelta(seconds=1)
    store.decide_plan(replace(plan, state=PlanState.APPLYING, decided_by="bob", decided_at=at), PlanState.PROPOSED)
    store.record_outcome(plan.id, 0, Outcome(state, "id"))
    store.close_plan(replace(plan, state=PlanState.APPLIED))
    found = store.find_plan(plan.id)
    assert found is not None
    return found


def test_a_plan_has_one_undo_that_stands(store: Store) -> None:
    """Of many that press at the same time, all get the same one; after it has expired there may be another."""
    plan = confirmed(store)
    draft = replace(DRAFT, undoes=plan.id)
    made: list[Plan] = []
    threads = [threading.Thread(target=lambda: made.append(store.add_undo(draft))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({undo.id for undo in made}) == 1
    assert store.find_undo(plan.id, NOW) == made[0]
    later = NOW + timedelta(minutes=16)
    assert store.find_undo(plan.id, later) is None
    assert store.add_undo(replace(draft, created_at=later)).id != made[0].id


@pytest.mark.parametrize(("state", "stands"), [(ChangeState.DONE, True), (ChangeState.FAILED, False)])
def test_a_plan_is_undone_by_what_was_done(store: Store, state: ChangeState, stands: bool) -> None:
    plan = confirmed(store)
    undo = confirmed(store, plan.id, state)
    assert (store.find_undo(plan.id, NOW) is not None) == stands
    assert store.find_latest_plan("bob", "room") == (undo if stands else plan)


def test_the_latest_plan_is_ones_own_in_that_space_and_not_undone(store: Store) -> None:
    first, second = confirmed(store), confirmed(store)
    assert store.find_latest_plan("bob", "room") == second
    assert store.find_latest_plan("bob", "other room") is None
    assert store.find_latest_plan("alice", "room") is None
    undo = store.add_undo(replace(DRAFT, undoes=second.id, room_id="other room"))
    store.decide_plan(
        replace(undo, state=PlanState.APPLYING, decided_by="alice", decided_at=NOW), PlanState.PROPOSED
    )
    store.record_outcome(undo.id, 0, Outcome(ChangeState.DONE))
    assert store.find_latest_plan("bob", "room") == second
    store.close_plan(replace(undo, state=PlanState.APPLIED))
    assert store.find_latest_plan("bob", "room") == first
