"""`make bench`: run every benchmark and write BENCHMARKS.md; `run.py NAME` runs one and prints it.

With BENCH_QUICK=1 each is run with tiny numbers, only to see that it works, and BENCH_REPORT names another file.
"""

import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median

import acknowledgement
import psutil
import reading
import replies
import starting
import sustained
from ground import ROOT, Ground, prepared_ground
from measures import FULL, QUICK, Extent, Report, is_quick

BENCHES: dict[str, Callable[[Ground, Extent], Report]] = {
    "acknowledgement": acknowledgement.measure,
    "replies": replies.measure,
    "reading": reading.measure,
    "starting": starting.measure,
    "sustained": sustained.measure,
}
HEAD = """\
# Benchmarks

Written by `make bench`, which measures everything anew. Whatever is compared was measured in the same run on the
same machine, taking turns; figures are medians over the rounds, percentiles are by nearest rank. Webex is the
sandbox, over HTTP. Trust the ratios before the milliseconds: another machine, or another load, moves the latter.
"""


def main(names: list[str]) -> None:
    """Run the benchmarks of these names and print them; without names, run all and write them down."""
    extent = QUICK if is_quick() else FULL
    began, load = time.monotonic(), os.getloadavg()[0]
    with prepared_ground() as ground:
        sections = [HEAD + _machine(ground, load, extent.rounds)]
        for name in names or BENCHES:
            sections.append(_run(name, ground, extent).markdown())
            text = "\n\n".join(sections) + "\n"
            # After each, so that what took long is not lost where a later one fails.
            if not names:
                _where().write_text(text, encoding="utf-8")
    sys.stdout.write(f"\n{text}\n{time.monotonic() - began:.0f} s\n")


def _run(name: str, ground: Ground, extent: Extent) -> Report:
    sys.stderr.write(f"{name} …\n")
    return BENCHES[name](ground, extent)


def _where() -> Path:
    return Path(os.environ.get("BENCH_REPORT", ROOT / "BENCHMARKS.md"))


def _machine(ground: Ground, load: float, loops: int) -> str:
    gigabytes = psutil.virtual_memory().total / 1024**3
    speed = _seconds_of_additions(loops)
    packages = ", ".join(f"{name} {version(name)}" for name in ("flask", "gunicorn", "procrastinate", "wxc-sdk"))
    lines = (
        f"Machine: {_processor()}, {psutil.cpu_count()} cores, {gigabytes:.0f} GB of memory, {platform.system()}",
        f"Python {platform.python_version()}, PostgreSQL {ground.version} (embedded), {packages}",
        f"Its speed: a loop of five million additions takes {speed:.2f} s (median of {loops})",
        f"Measured on {time.strftime('%Y-%m-%d', time.gmtime())}; the load average before it was {load:.1f}",
    )
    return "\n" + "\n".join(f"- {line}" for line in lines)


def _seconds_of_additions(loops: int) -> float:
    """How fast the machine is just now: half as fast takes twice as many milliseconds in all that follows."""
    return median(_timed(_add) for _ in range(loops))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _add() -> int:
    total = 0
    for number in range(5_000_000):
        total += number
    return total


def _processor() -> str:
    """The model of the processor, which `platform` does not say on Linux."""
    return next(_models(), platform.processor() or platform.machine())


def _models() -> Iterator[str]:
    file = Path("/proc/cpuinfo")
    for line in file.read_text().splitlines() if file.exists() else ():
        if line.startswith("model name"):
            yield line.partition(":")[2].strip()


if __name__ == "__main__":
    main(sys.argv[1:])
