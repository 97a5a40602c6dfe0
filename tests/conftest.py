"""What all tests share. Its place puts the folder on the path, so that tests find card_schema and their like."""

from collections.abc import Iterator

import pytest
from directories import forget_template
from hypothesis import settings

from bot.sandbox.server import SandboxServer

# A busy machine is slow: that proves nothing.
settings.register_profile("whenever", deadline=None)
settings.load_profile("whenever")


def pytest_unconfigure() -> None:
    """At the end of each process."""
    forget_template()


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    """A local Webex with its people, as it is at the start."""
    with SandboxServer() as server:
        yield server
