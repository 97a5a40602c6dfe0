"""Without a collector, nothing of OpenTelemetry is loaded: start-up time and memory are as before."""

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parent.parent

UNTRACED = """
import sys
import bot.web, bot.worker
from bot_at_work import bot_at_work
from people import Person
from bot.sandbox.server import SandboxServer
from bot.tracing import open_tracer

with SandboxServer() as sandbox, bot_at_work(sandbox, sys.argv[1]) as bot:
    with open_tracer(bot.settings, "extbot-worker") as tracer:
        assert tracer is None
        alice = Person(bot, "alice")
        alice.says("show 5008")
        alice.sees("5008")
print([name for name in sys.modules if name.partition(".")[0] == "opentelemetry"])
"""


def test_without_a_collector_nothing_is_loaded(database_url: str) -> None:
    """Asked in a process of its own: tests that run before this one may have loaded it."""
    path = os.pathsep.join([str(TESTS.parent), str(TESTS), str(TESTS / "stories")])
    done = subprocess.run(
        [sys.executable, "-c", UNTRACED, database_url],
        env={**os.environ, "PYTHONPATH": path, "OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1] == "[]"
