"""What all tests share. Its place puts the folder on the path, so that tests find card_schema and their like."""

import gc
import os
from collections.abc import Iterator
from itertools import groupby

import pytest
from directories import forget_template
from hypothesis import settings

from bot.sandbox.server import SandboxServer

# A busy machine is slow: that proves nothing.
settings.register_profile("whenever", deadline=None)
settings.load_profile("whenever")

LONG = ("tests/processes/", "tests/browser/", "tests/stories/matrix/test_matrix.py")
"""Where the tests are that take long, most of it waiting for processes."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Nothing becomes garbage meanwhile, and to look for it takes half of the time, in each process."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let each process begin with long tests: what is left for the end are short ones, shared out evenly.

    At first each gets its part of the list, as it stands. The tests of a module stay together.
    """
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    modules = [list(found) for _, found in groupby(items, lambda one: one.nodeid.partition("::")[0])]
    long = [found for found in modules if found[0].nodeid.startswith(LONG)]
    short = [one for found in modules if found not in long for one in found]
    parts = [[one for found in long[number::processes] for one in found] for number in range(processes)]
    size = -(-len(items) // processes)
    for part in parts:
        more = size - len(part)
        part.extend(short[:more])
        del short[:more]
    items[:] = [*(one for part in parts for one in part), *short]


def pytest_unconfigure() -> None:
    """At the end of each process."""
    forget_template()


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """A local Webex with its people, as it is at the start."""
    with SandboxServer() as server:
        yield server
