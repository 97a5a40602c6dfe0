"""What a story leaves behind is gone when the next begins, whichever that is."""

import pytest
from bot_at_work import BotAtWork
from people import Person


@pytest.mark.parametrize("_time", ["once", "again"])
def test_nothing_waits_at_the_start_and_nothing_was_done(bot: BotAtWork, alice: Person, _time: str) -> None:
    """Each sandbox has the same people, to whom the plans of another one would belong too."""
    alice.says("plans")
    alice.sees("There are no plans that wait")
    assert list(bot.services.store.history.links()) == []
    alice.says("delete 5003")
    alice.clicks("Confirm")
    alice.says("delete 5004")
