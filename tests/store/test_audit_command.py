"""`extbot audit`, as it is run: whether the history is whole, and the history as lines of JSON."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from directories import started_directory
from refused import ENTRY
from sqlalchemy import text
from test_history_chain import tamper

from bot.database import embedded_database
from bot.store import Store, connect

SETTINGS = {
    "WEBEX_BOT_TOKEN": "a-bot-token-that-is-secret",
    "WEBEX_CALLING_TOKEN": "a-calling-token-that-is-secret",
    "WEBEX_WEBHOOK_SECRET": "a-secret-of-the-audit-tests",
    "PUBLIC_URL": "http://127.0.0.1:1",
    "ACCESS_READ": "role:Full Administrator",
    "LOG_LEVEL": "WARNING",
}


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A history of three days."""
    with started_directory() as directory, embedded_database(directory) as address:
        engine = connect(address)
        for day in range(3):
            Store(engine).add_entry(replace(ENTRY, at=ENTRY.at + timedelta(days=day), event_id=f"event {day}"))
        engine.dispose()
        yield address


def audit(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **SETTINGS, "DATABASE_URL": database_url}
    command = [sys.executable, "-m", "bot.cli", "audit", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, encoding="utf-8", timeout=60)


def test_an_unbroken_history_is_said_to_be(database_url: str) -> None:
    """With the last hash, which can be kept elsewhere."""
    done = audit(database_url, "verify")
    assert done.stdout.startswith("3 entries, unbroken. The last hash is ")
    assert done.returncode == 0


def test_the_export_is_one_line_of_json_an_entry(database_url: str) -> None:
    lines = [json.loads(line) for line in audit(database_url, "export").stdout.splitlines()]
    assert [line["sequence"] for line in lines] == [1, 2, 3]
    assert lines[0]["person_name"] == "Alice Märtin"
    assert lines[1]["previous"] == lines[0]["hash"]


def test_the_export_can_begin_later(database_url: str) -> None:
    lines = audit(database_url, "export", "--since", "2026-11-25").stdout.splitlines()
    assert [json.loads(line)["sequence"] for line in lines] == [2, 3]


def test_a_database_without_the_tables_is_no_unbroken_history(database_url: str) -> None:
    engine = connect(database_url)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("CREATE DATABASE nothing"))
    engine.dispose()
    done = audit(database_url.replace("/postgres?", "/nothing?"), "verify")
    assert done.stderr == "Error: The tables are missing or of an older version. Run `extbot setup`.\n"
    assert done.returncode == 1


def test_the_first_bad_entry_is_named_and_the_exit_code_says_so(database_url: str) -> None:
    engine = connect(database_url)
    tamper(engine, "UPDATE history SET person_name = 'Nobody' WHERE sequence = 2")
    done = audit(database_url, "verify")
    tamper(engine, "UPDATE history SET person_name = 'Alice Märtin' WHERE sequence = 2")
    engine.dispose()
    assert done.stdout == "Entry 2: Its content or its place is not what was recorded.\n"
    assert done.returncode == 1
