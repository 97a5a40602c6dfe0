"""A sandbox on a port of its own, and the people who call it."""

from collections.abc import Callable, Iterator

import pytest
from calling_caller import Caller
from openapi import Specification, load_specification

from bot.sandbox.server import SandboxServer

CallerOf = Callable[[str], Caller]


@pytest.fixture(scope="session")
def specification() -> Specification:
    return load_specification()


@pytest.fixture
def base_url() -> Iterator[str]:
    with SandboxServer() as server:
        yield server.api_url


@pytest.fixture
def caller_of(base_url: str, specification: Specification) -> Iterator[CallerOf]:
    callers: list[Caller] = []

    def open_caller(token: str) -> Caller:
        callers.append(Caller(base_url, token, specification.check))
        return callers[-1]

    yield open_caller
    for caller in callers:
        caller.close()


@pytest.fixture
def admin(caller_of: CallerOf) -> Caller:
    return caller_of("sandbox-calling")
