import pytest

from bot.commands import all_commands
from bot.registry import Registry


@pytest.fixture(scope="session")
def registry() -> Registry:
    return all_commands()
