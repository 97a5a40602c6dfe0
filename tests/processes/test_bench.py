"""The benchmarks work. What they find is for BENCHMARKS.md, and is not judged here."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
TITLES = (
    "Acknowledgement",
    "From webhook to reply",
    "Reading 300 extensions",
    "Starting",
    "12 events from 4 spaces",
)


def test_every_benchmark_runs_and_reports(tmp_path: Path) -> None:
    """With tiny numbers, and without the packages that are fetched to be compared with."""
    report = tmp_path / "BENCHMARKS.md"
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "BENCH_QUICK": "1", "BENCH_REPORT": str(report)}
    ended = subprocess.run([sys.executable, str(ROOT / "tests" / "bench" / "run.py")], env=environ, cwd=ROOT)
    assert ended.returncode == 0
    head, *sections = report.read_text("utf-8").split("\n## ")
    assert "- Machine: " in head
    assert tuple(section.splitlines()[0] for section in sections) == TITLES
    for section in sections:
        table = [line for line in section.splitlines() if line.startswith("|")]
        assert len(table) > 2
        assert len({line.count(" | ") for line in table}) == 1
    assert "0 lost, 0 twice" in sections[4]
    assert "webexteamsbot was not measured" in sections[0]
