"""The history is append-only, has no gaps, and tells where somebody with the database in hand has changed it."""

import json
import threading
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.exc import DBAPIError

from bot.audit import (
    CUT,
    DETACHED,
    EDITED,
    HEADLESS,
    MISSING,
    NOT_THE_LAST,
    UNCOUNTED,
    Break,
    Entry,
    Head,
    Occasion,
    as_line,
    digest,
    link,
)
from bot.history import Filter, Places
from bot.outages import in_transactions
from bot.plans import Change, ChangeState, Kind, Outcome, Plan, PlannedChange, PlanState, Thing
from bot.store import Store
from bot.tables import history

EVENTS = count()
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
JANE = {
    "extension": "5012",
    "phoneNumber": "+14085550123",
    "displayName": "Jané Doe",
    "firstName": "",
    "lastName": "",
}
ENTRY = Entry(
    at=NOW,
    person_id="alice",
    person_name="Alice Martin",
    room_id="room",
    event_id="event",
    occasion=Occasion.CHANGE,
    command="extensions.add",
    outcome="done",
    thing="extension",
    label="5012 Jané Doe",
    location_id="lyon",
    location_name="Lyon",
    after=JANE,
    tracking_id="ROUTER_1",
)
BERLIN = replace(
    ENTRY, thing="range", label="Berlin", before={"name": "Berlin", "prefix": "+4930555", "patterns": ["5XXX"]},
    after=None, location_id=None, location_name=None, person_id="bob", person_name="Bob Berg",
    at=NOW + timedelta(days=1), event_id="another event",
)  # fmt: skip


def add(store: Store, entry: Entry) -> None:
    """Write an entry that comes of an event of its own."""
    store.add_entry(replace(entry, event_id=f"event {next(EVENTS)}"))


def fill(store: Store, entries: int) -> None:
    for number in range(entries):
        add(store, replace(ENTRY, detail=f"entry {number}"))


def tamper(engine: Engine, *statements: str) -> None:
    """What somebody does who may switch off the triggers."""
    with in_transactions(engine).begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for statement in statements:
            connection.execute(text(statement))


def found(store: Store, **wanted: str | datetime) -> list[str | None]:
    """The labels of the entries that pass a filter."""
    return [one.entry.label for one in store.history.page(Filter(**wanted), 0, 10)]  # type: ignore[arg-type]


def test_an_entry_comes_back_as_it_was_written(store: Store) -> None:
    store.add_entry(ENTRY)
    store.add_entry(BERLIN)
    assert [one.entry for one in store.history.links()] == [ENTRY, BERLIN]
    assert [one.sequence for one in store.history.links()] == [1, 2]


def test_the_chain_of_nothing_and_of_many_is_unbroken(store: Store) -> None:
    assert store.history.check()[1] is None
    fill(store, 20)
    head, broken = store.history.check()
    assert (head.sequence, broken) == (20, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET person_name = 'Nobody'",
        "UPDATE history SET detail = ''",
        "DELETE FROM history",
        "TRUNCATE history",
        "DELETE FROM history_head",
        "TRUNCATE history_head",
        "UPDATE history_head SET sequence = 0",
    ],
)
def test_postgresql_refuses_to_rewrite(engine: Engine, store: Store, statement: str) -> None:
    """A mistake in the bot, or at its database's prompt, can't change what was."""
    fill(store, 2)
    with pytest.raises(DBAPIError, match="append-only"), in_transactions(engine).begin() as connection:
        connection.execute(text(statement))
    assert store.history.check()[1] is None


@pytest.mark.parametrize(
    "column",
    ["person_id = 'x'", "person_name = 'x'", "outcome = 'x'", "detail = 'x'", "command = 'x'", "occasion = 'x'",
     "room_id = 'x'", "label = NULL", "thing = 'range'", "location_name = 'x'", "location_id = 'x'",
     "after = NULL", "after = jsonb_set(after, '{extension}', '\"5013\"')", "before = '{}'",
     "tracking_id = NULL", "plan_id = 'ABCD'", "position = 1", "approved_by = 'x'", "hash = 'x'",
     "at = at + interval '1 microsecond'"],
)  # fmt: skip
def test_an_edit_is_found(engine: Engine, store: Store, column: str) -> None:
    fill(store, 4)
    tamper(engine, f"UPDATE history SET {column} WHERE sequence = 3")  # noqa: S608
    assert store.history.check()[1] == Break(3, EDITED)


def test_an_edit_with_a_new_hash_is_found_at_the_next_entry(engine: Engine, store: Store) -> None:
    """Whoever knows how the hash is made must make all those behind it anew, and the head."""
    fill(store, 4)
    second = list(store.history.links())[1]
    forged = digest(2, replace(second.entry, person_name="Nobody"), second.previous)
    tamper(engine, f"UPDATE history SET person_name = 'Nobody', hash = '{forged}' WHERE sequence = 2")  # noqa: S608
    assert store.history.check()[1] == Break(3, DETACHED)


def test_a_removal_in_the_middle_is_found(engine: Engine, store: Store) -> None:
    fill(store, 5)
    tamper(engine, "DELETE FROM history WHERE sequence = 3")
    assert store.history.check()[1] == Break(3, MISSING)


def test_a_removal_whose_gap_was_closed_is_found(engine: Engine, store: Store) -> None:
    fill(store, 5)
    tamper(
        engine,
        "DELETE FROM history WHERE sequence = 3",
        "UPDATE history SET sequence = 3 WHERE sequence = 4",
        "UPDATE history SET sequence = 4 WHERE sequence = 5",
    )
    assert store.history.check()[1] == Break(3, EDITED)


def test_a_removal_at_the_beginning_is_found(engine: Engine, store: Store) -> None:
    fill(store, 3)
    tamper(engine, "DELETE FROM history WHERE sequence = 1")
    assert store.history.check()[1] == Break(1, MISSING)


def test_a_removal_at_the_end_is_found(engine: Engine, store: Store) -> None:
    """By the head, which is kept beside the entries."""
    fill(store, 5)
    tamper(engine, "DELETE FROM history WHERE sequence > 3")
    assert store.history.check()[1] == Break(4, CUT.format(last=5))


def test_a_head_that_was_put_back_is_found(engine: Engine, store: Store) -> None:
    fill(store, 5)
    tamper(engine, "UPDATE history_head SET sequence = 4")
    assert store.history.check()[1] == Break(5, UNCOUNTED.format(last=4))
    tamper(engine, "UPDATE history_head SET sequence = 5, hash = 'x'")
    assert store.history.check()[1] == Break(5, NOT_THE_LAST)


def test_emptying_everything_is_found(engine: Engine, store: Store) -> None:
    fill(store, 2)
    tamper(engine, "DELETE FROM history", "DELETE FROM history_head")
    assert store.history.check()[1] == Break(1, HEADLESS)


def test_a_reorder_is_found(engine: Engine, store: Store) -> None:
    fill(store, 5)
    tamper(
        engine,
        "UPDATE history SET sequence = 99 WHERE sequence = 2",
        "UPDATE history SET sequence = 2 WHERE sequence = 4",
        "UPDATE history SET sequence = 4 WHERE sequence = 99",
    )
    assert store.history.check()[1] == Break(2, EDITED)


def test_many_that_write_at_once_leave_no_gap(store: Store) -> None:
    """A sequence of PostgreSQL would leave gaps where a transaction fails."""
    threads = [threading.Thread(target=fill, args=(store, 10)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.sequence for one in store.history.links()] == list(range(1, 81))
    assert store.history.check()[1] is None


def planned(store: Store) -> Plan:
    change = PlannedChange(Change(Kind.CREATE, Thing.EXTENSION, "5012 Jané", None, JANE))
    return store.add_plan(Plan("", PlanState.PROPOSED, "alice", "Alice", "room", NOW, (change, change)))


def test_an_outcome_and_its_entry_are_written_together_and_once(store: Store) -> None:
    """A worker that was killed behind the outcome says it again."""
    plan = planned(store)
    entry = replace(ENTRY, plan_id=plan.id, position=0)
    store.record_outcome(plan.id, 0, Outcome(ChangeState.SENT))
    for _ in range(3):
        store.record_outcome(plan.id, 0, Outcome(ChangeState.DONE, "id", "ROUTER_1"), entry)
    store.record_outcome(plan.id, 1, Outcome(ChangeState.FAILED), replace(entry, position=1, outcome="failed"))
    assert [one.entry.position for one in store.history.links()] == [0, 1]


def test_neither_is_written_where_one_of_them_can_not_be(engine: Engine, store: Store) -> None:
    plan = planned(store)
    store.record_outcome(plan.id, 0, Outcome(ChangeState.SENT))
    tamper(engine, "ALTER TABLE history RENAME TO away")
    with pytest.raises(DBAPIError):
        store.record_outcome(plan.id, 0, Outcome(ChangeState.DONE, "id"), ENTRY)
    tamper(engine, "ALTER TABLE away RENAME TO history")
    kept = store.find_plan(plan.id)
    assert kept is not None
    assert kept.changes[0].outcome.state is ChangeState.SENT
    assert list(store.history.links()) == []


def test_of_many_that_cancel_one_has_an_entry(store: Store) -> None:
    plan = replace(planned(store), state=PlanState.CANCELLED, decided_by="bob", decided_at=NOW)
    entries = [replace(ENTRY, plan_id=plan.id, position=position) for position in range(2)]
    assert [store.decide_plan(plan, PlanState.PROPOSED, entries) for _ in range(3)] == [True, False, False]
    assert len(list(store.history.links())) == 2


def test_pruning_leaves_the_history_alone(store: Store) -> None:
    fill(store, 3)
    store.prune(NOW + timedelta(days=9_999), NOW + timedelta(days=9_999))
    assert len(list(store.history.links())) == 3


def test_a_thing_is_found_by_what_it_was_and_is(store: Store) -> None:
    add(store, ENTRY)
    add(store, BERLIN)
    add(store, replace(ENTRY, label="moved", before=JANE, after={**JANE, "extension": "5013"}))
    assert found(store, target="5012") == ["moved", "5012 Jané Doe"]
    assert found(store, target="5013") == ["moved"]
    assert found(store, target="501") == []
    assert found(store, target="+14085550123") == ["moved", "5012 Jané Doe"]
    assert found(store, target="doe jané") == ["moved", "5012 Jané Doe"]
    assert found(store, target="berlin") == found(store, target="ranges") == found(store, target="+4930555")
    assert found(store, target="%") == found(store, target="_") == []


def test_the_history_is_filtered_by_person_place_and_time(store: Store) -> None:
    add(store, ENTRY)
    add(store, BERLIN)
    assert found(store, person="alice") == found(store, person_id="alice") == ["5012 Jané Doe"]
    assert found(store, location="ly") == found(store, location="lyon") == ["5012 Jané Doe"]
    assert found(store, since=NOW + timedelta(hours=1)) == ["Berlin"]
    assert found(store, until=NOW + timedelta(hours=1)) == ["5012 Jané Doe"]


def test_the_newest_comes_first_page_by_page(store: Store) -> None:
    fill(store, 5)
    pages = [[one.sequence for one in store.history.page(Filter(), start, 2)] for start in (0, 2, 4)]
    assert pages == [[5, 4], [3, 2], [1]]


def test_an_exported_line_is_json_with_everything_that_is_hashed(store: Store) -> None:
    add(store, ENTRY)
    (one,) = store.history.links()
    line = json.loads(as_line(one))
    assert line["at"] == "2026-11-24T12:00:00.000000+00:00"
    assert line["after"] == JANE
    assert (line["sequence"], line["hash"], line["previous"]) == (1, one.hash, "0" * 64)


def test_an_event_that_is_answered_again_gives_no_second_entry(store: Store) -> None:
    """A worker may be killed behind the entry of a refusal, or the reply may not be sent at once."""
    for _ in range(2):
        store.add_entry(ENTRY)
    store.add_entry(replace(ENTRY, command="ranges.add"))
    assert [one.entry.command for one in store.history.links()] == ["extensions.add", "ranges.add"]
    assert store.history.check()[1] is None


def test_the_database_itself_keeps_a_second_entry_out(engine: Engine, store: Store) -> None:
    """Whatever our own check sees."""
    store.add_entry(replace(ENTRY, plan_id="7F3K", position=0))
    store.add_entry(ENTRY)
    columns = ", ".join(column.name for column in history.columns if column.name != "sequence")
    for sequence in (1, 2):
        again = f"INSERT INTO history (sequence, {columns}) SELECT 3, {columns} FROM history WHERE sequence = :one"  # noqa: S608
        with pytest.raises(DBAPIError, match="uq_history_"), in_transactions(engine).begin() as connection:
            connection.execute(text(again), {"one": sequence})


def test_an_inserted_entry_is_found(engine: Engine, store: Store) -> None:
    """By somebody who may insert: the head does not know of it."""
    fill(store, 2)
    last = list(store.history.links())[-1]
    forged = link(Head(last.sequence, last.hash), replace(ENTRY, event_id="forged"))
    row = {**asdict(forged.entry), "sequence": 3, "previous": forged.previous, "hash": forged.hash}
    with in_transactions(engine).begin() as connection:
        connection.execute(insert(history).values(row))
    assert store.history.check()[1] == Break(3, UNCOUNTED.format(last=2))


def test_who_asked_and_who_approved_are_found_too(store: Store) -> None:
    """By the beginning of a word of the name, or by id."""
    add(
        store,
        replace(ENTRY, requested_by="bob", requested_name="Bob Berg", approved_by="eve", approved_name="Eve"),
    )
    everybody = ("ali", "Martin", "martin alice", "bob", "berg", "eve")
    assert [name for name in everybody if found(store, person=name) != ["5012 Jané Doe"]] == []
    assert [name for name in ("lice", "erg", "alice berg", "%") if found(store, person=name)] == []
    assert [name for name in ("alice", "bob", "eve") if not found(store, person_id=name)] == []
    assert found(store, person_id="carol") == []


def test_a_plan_is_found_by_its_id(store: Store) -> None:
    add(store, replace(ENTRY, plan_id="7F3K", position=0))
    add(store, BERLIN)
    assert found(store, plan_id="7F3K") == found(store, target="7f3k") == ["5012 Jané Doe"]


def test_who_may_look_at_some_places_sees_those_alone(store: Store) -> None:
    """Of entries that have no place, a person sees their own."""
    refusal = replace(ENTRY, thing=None, label=None, location_id=None, location_name=None, after=None)
    add(store, replace(ENTRY, label="lyon"))
    add(store, replace(ENTRY, label="namesake", location_id="other"))
    add(store, replace(ENTRY, label="by name", location_id=None))
    add(store, replace(BERLIN, label="organization"))
    add(store, replace(refusal, command="of alice"))
    add(store, replace(refusal, command="of bob", person_id="bob"))

    def seen(places: Places | None) -> list[str]:
        return [one.entry.label or one.entry.command for one in store.history.page(Filter(), 0, 10, places)]

    everything = ["of bob", "of alice", "organization", "by name", "namesake", "lyon"]
    assert seen(None) == everything
    assert seen(Places("bob")) == ["of bob"]
    assert seen(Places("bob", frozenset({"lyon"}))) == ["of bob", "lyon"]
    assert seen(Places("bob", location_names=frozenset({"Lyon"}))) == ["of bob", "by name"]
    assert seen(Places("carol", frozenset({"lyon"}), frozenset({"Lyon"}))) == ["by name", "lyon"]
    assert seen(Places("carol", organization=True)) == ["organization"]
