"""What could not be looked for is looked for again, by the engine; no database is needed to see when."""

import asyncio
from datetime import UTC, datetime

from procrastinate import App
from procrastinate.testing import InMemoryConnector

from bot.engine import _declare_catching_up
from bot.event_queue import CATCH_UP


def pauses(could: list[bool]) -> list[float]:
    """After how many seconds each look is followed by another; 0 for not."""
    connector, results = InMemoryConnector(), iter(could)
    app = App(connector=connector)
    _declare_catching_up(app, lambda: next(results))

    async def look() -> float:
        await app.tasks[CATCH_UP].func()
        times = [job["scheduled_at"] for job in connector.jobs.values()]
        connector.reset()
        return sum(round((time - datetime.now(UTC)).total_seconds()) for time in times)

    return [asyncio.run(look()) for _ in could]


def test_the_next_look_comes_later_each_time_and_within_a_minute() -> None:
    """Webex may be away for an hour, or want a pause of a quarter of one, and each look writes to the log."""
    assert pauses([False] * 7) == [5, 10, 20, 40, 60, 60, 60]


def test_after_one_that_found_all_it_is_soon_again() -> None:
    assert pauses([False, False, True, False]) == [5, 10, 0, 5]
