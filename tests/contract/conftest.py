"""A sandbox on a port of its own, and the people who call it."""

from collections.abc import Callable, Iterator

import pytest
from account import Account
from calling_caller import Caller
from openapi import Specification, load_specification
from receiver import Receiver

from bot.sandbox.server import SandboxServer

CallerOf = Callable[[str], Caller]


@pytest.fixture(scope="session")
def specification() -> Specification:
    return load_specification()


@pytest.fixture
def caller_of(sandbox: SandboxServer, specification: Specification) -> Iterator[CallerOf]:
    callers: list[Caller] = []

    def open_caller(token: str) -> Caller:
        callers.append(Caller(sandbox.api_url, token, specification.check))
        return callers[-1]

    yield open_caller
    for caller in callers:
        caller.close()


@pytest.fixture
def admin(caller_of: CallerOf) -> Caller:
    return caller_of("sandbox-calling")


@pytest.fixture
def alice(sandbox: SandboxServer) -> Iterator[Account]:
    with Account(sandbox.api_url, "sandbox-alice") as account:
        yield account


@pytest.fixture
def nina(sandbox: SandboxServer) -> Iterator[Account]:
    with Account(sandbox.api_url, "sandbox-nina") as account:
        yield account


@pytest.fixture
def oscar(sandbox: SandboxServer) -> Iterator[Account]:
    with Account(sandbox.api_url, "sandbox-oscar") as account:
        yield account


@pytest.fixture
def bot(sandbox: SandboxServer) -> Iterator[Account]:
    with Account(sandbox.api_url, "sandbox-bot") as account:
        yield account


@pytest.fixture
def app(sandbox: SandboxServer) -> Iterator[Account]:
    """The service app, with the administrator's scopes."""
    with Account(sandbox.api_url, "sandbox-calling") as account:
        yield account


@pytest.fixture
def control(sandbox: SandboxServer) -> Iterator[Account]:
    """What the sandbox has beside Webex: faults, calls, tokens."""
    with Account(f"{sandbox.url}/sandbox", "") as account:
        yield account


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as found:
        yield found
