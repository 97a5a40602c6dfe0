"""From every earlier version of the tables to the newest, and back, with something in them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, func, insert, select, text

import bot.schema
from bot.audit import Entry, Head, link
from bot.errors import UnusableDatabase
from bot.events import Arrival, Pace
from bot.outages import in_transactions
from bot.plans import ChangeState, PlanState
from bot.schema import find_differences, require_current, upgrade
from bot.store import SentCard, Store, connect

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EVENT = ("messages", "created", "message")
IMAGE = {"extension": "5012", "phoneNumber": "+14085550123"}
ROWS: dict[str, dict[str, Any]] = {
    "events": {"resource": "messages", "event": "created", "data_id": "message", "received_at": NOW,
               "answered_at": NOW},
    "plans": {"id": "7F3K", "state": "applied", "permission": "change", "requested_by": "alice",
              "requested_name": "Alice", "room_id": "room", "created_at": NOW, "warnings": ["Mind the gap."],
              "decided_by": "alice", "decided_name": "Alice", "decided_at": NOW, "decided_event": "action",
              "reason": ""},
    "changes": {"plan_id": "7F3K", "position": 0, "kind": "create", "thing": "extension", "label": "5012 Jané",
                "after": IMAGE, "state": "done", "result_id": "id", "tracking_id": "ROUTER_1", "detail": ""},
    "sent_cards": {"message_id": "card", "room_id": "room", "parent_id": "root", "plan_id": "7F3K",
                   "sent_at": NOW},
    "paces": {"person_id": "alice", "since": NOW, "count": 3},
}  # fmt: skip
"""By table; what a version does not have yet, or has no longer, is left out."""

ENTRY = Entry(
    at=NOW, person_id="alice", person_name="Alice", room_id="room", event_id="action",
    occasion="change", command="extensions.add", outcome="done", detail="", thing="extension", label="5012 Jané",
    after=IMAGE, plan_id="7F3K", position=0,
)  # fmt: skip


def config() -> Config:
    found = Config()
    found.set_main_option("script_location", str(Path(bot.schema.__file__).parent / "migrations"))
    return found


def revisions() -> list[str]:
    """Every version, the oldest first."""
    return [one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()][::-1]


def downgrade(engine: Engine, revision: str) -> None:
    """Take our tables back to that version."""
    with in_transactions(engine).begin() as connection:
        at = config()
        at.attributes["connection"] = connection
        command.downgrade(at, revision)


def fill(connection: Connection) -> None:
    """Put a row into every table that there is."""
    tables = MetaData()
    tables.reflect(connection)
    for name, row in ROWS.items():
        if name in tables.tables:
            table = tables.tables[name]
            known = {column: value for column, value in row.items() if column in table.columns}
            connection.execute(insert(table).values(known))
    if "history" in tables.tables:
        first = link(Head(0, "0" * 64), ENTRY)
        row = {column.name: getattr(first.entry, column.name, None) for column in tables.tables["history"].columns}
        row |= {"sequence": first.sequence, "previous": first.previous, "hash": first.hash}
        connection.execute(insert(tables.tables["history"]).values(row))
        head = tables.tables["history_head"]
        connection.execute(head.update().values(sequence=first.sequence, hash=first.hash))


def check_reading(engine: Engine, *, entries: int) -> None:
    """The store understands what an older version wrote."""
    store = Store(engine)
    plan = store.find_plan("7F3K")
    assert plan is not None
    assert (plan.state, plan.warnings, plan.decided_at) == (PlanState.APPLIED, ("Mind the gap.",), NOW)
    [planned] = plan.changes
    assert (planned.change.label, planned.change.after, planned.change.before) == ("5012 Jané", IMAGE, None)
    assert (planned.outcome.state, planned.outcome.target_id) == (ChangeState.DONE, "id")
    assert store.events.begin(EVENT, "alice", NOW) is Arrival.ANSWERED
    assert store.find_card("card") == SentCard("card", "room", "root", "7F3K")
    head, broken = store.history.check()
    assert (head.sequence, broken) == (entries, None)
    assert isinstance(store.events.begin(("messages", "created", "new"), "alice", NOW), Pace)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An empty database."""
    engine = connect(database_url)
    with in_transactions(engine).begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    yield engine
    engine.dispose()


@pytest.mark.parametrize("revision", revisions())
def test_what_an_earlier_version_wrote_is_read_after_the_upgrade(engine: Engine, revision: str) -> None:
    """Each of them has been somewhere."""
    upgrade(engine, revision)
    with in_transactions(engine).begin() as connection:
        fill(connection)
    upgrade(engine)
    require_current(engine)
    assert find_differences(engine) == []
    check_reading(engine, entries=0 if revision == "0001" else 1)


@pytest.mark.parametrize("revision", revisions()[1:])
def test_a_downgrade_keeps_what_the_older_version_knows(engine: Engine, revision: str) -> None:
    """After a failed upgrade one goes back, and may come again."""
    upgrade(engine)
    with in_transactions(engine).begin() as connection:
        fill(connection)
    downgrade(engine, revision)
    upgrade(engine)
    assert find_differences(engine) == []
    check_reading(engine, entries=1)


@pytest.mark.parametrize(
    ("lost", "missing"),
    [
        ("ALTER TABLE history DROP CONSTRAINT pk_history", "pk_history"),
        ("ALTER TABLE plans DROP CONSTRAINT fk_plans_undoes", "fk_plans_undoes"),
        ("DROP TRIGGER history_head_stays ON history_head", "history_head_stays"),
    ],
)
def test_tables_from_a_dump_that_was_cut_are_refused(engine: Engine, lost: str, missing: str) -> None:
    """Keys and triggers are at its end, behind the rows and behind the version of the tables."""
    upgrade(engine)
    with in_transactions(engine).begin() as connection:
        connection.execute(text(lost))
    for require in (upgrade, require_current):
        with pytest.raises(
            UnusableDatabase, match=f"^The tables are not complete: {missing} is missing, as after"
        ):
            require(engine)


def test_a_downgrade_never_forgets_the_history(engine: Engine) -> None:
    """The oldest version has none: where it holds anything, going back to that one is refused."""
    upgrade(engine)
    with in_transactions(engine).begin() as connection:
        fill(connection)
    with pytest.raises(CommandError, match="The history holds entries, which an older version would lose"):
        downgrade(engine, "0001")
    check_reading(engine, entries=1)


def test_a_downgrade_of_an_empty_installation_goes_all_the_way(engine: Engine) -> None:
    upgrade(engine)
    downgrade(engine, "base")
    with in_transactions(engine).begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        ours = {name for name in tables.tables if not name.startswith(("procrastinate_", "engine_"))}
        assert ours == {"alembic_version"}
        assert connection.scalar(select(func.count()).select_from(tables.tables["alembic_version"])) == 0
