"""The seed of the order in which the matrix is gone through: MATRIX_SEED, or any."""

import os
import secrets
from collections.abc import Iterator

import pytest
from bot_at_work import bot_at_work
from matrix_entrances import Entrances
from matrix_roles import MATRIX, WITH_TARA, settle
from matrix_space import MatrixSpace
from matrix_subjects import PLENTY, Supply

from bot.sandbox.server import SandboxServer

SEED = pytest.StashKey[str]()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if SEED in config.stash:
        terminalreporter.write_line(f"The matrix was gone through with MATRIX_SEED={config.stash[SEED]}")


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> str:
    chosen = os.environ.get("MATRIX_SEED") or secrets.token_hex(3)
    request.config.stash[SEED] = chosen
    return chosen


def without_flushes(database_url: str) -> str:
    """The address for connections that do not wait for the disk: nothing here is about what outlives a crash."""
    return f"{database_url}{'&' if '?' in database_url else '?'}options=-csynchronous_commit%3Doff"


@pytest.fixture
def entrances(database_url: str) -> Iterator[Entrances]:
    """A bot that is asked as fast as it answers, in a space with everybody."""
    with SandboxServer(extensions=PLENTY) as sandbox:
        settle(sandbox.world)
        with bot_at_work(sandbox, without_flushes(database_url), WITH_TARA, COMMANDS_PER_MINUTE="10000") as bot:
            yield Entrances(MatrixSpace(bot), Supply(sandbox.numbering))
            # What its thousands of cards look like is for the stories that are about them.
            sandbox.world.remove_space(MATRIX)
