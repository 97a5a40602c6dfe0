"""Days and periods as people write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.errors import UserError
from bot.period import is_day, read_period

NOW = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)
"""A Tuesday."""

PERIODS = {
    "today": ("2026-11-24", "2026-11-24"),
    "Yesterday": ("2026-11-23", "2026-11-23"),
    "monday": ("2026-11-23", "2026-11-23"),
    "tuesday": ("2026-11-24", "2026-11-24"),
    "wednesday": ("2026-11-18", "2026-11-18"),
    "this week": ("2026-11-23", "2026-11-29"),
    "last week": ("2026-11-16", "2026-11-22"),
    "this month": ("2026-11-01", "2026-11-24"),
    "last month": ("2026-10-01", "2026-10-31"),
    "last 1 day": ("2026-11-24", "2026-11-24"),
    "last 7 days": ("2026-11-18", "2026-11-24"),
    "last 2 weeks": ("2026-11-11", "2026-11-24"),
    "2026-11-01": ("2026-11-01", "2026-11-01"),
    "1.11.2026": ("2026-11-01", "2026-11-01"),
    "1 November": ("2026-11-01", "2026-11-01"),
    "1st Nov": ("2026-11-01", "2026-11-01"),
    "November 1, 2025": ("2025-11-01", "2025-11-01"),
    "29 February 2024": ("2024-02-29", "2024-02-29"),
    "24 December": ("2025-12-24", "2025-12-24"),
}


@pytest.mark.parametrize(("typed", "days"), PERIODS.items(), ids=PERIODS)
def test_a_period_is_read(typed: str, days: tuple[str, str]) -> None:
    """Whole days, in UTC; a day without a year is the latest one."""
    begin, end = read_period(typed, None, None, NOW)
    assert begin is not None
    assert end is not None
    assert (begin.tzinfo, begin.hour, end.hour) == (UTC, 0, 0)
    assert (begin.date().isoformat(), (end.date() - timedelta(days=1)).isoformat()) == days


def test_the_tightest_of_what_is_given_counts() -> None:
    begin, end = read_period("this month", "2026-10-01", "10 November", NOW)
    assert begin == datetime(2026, 11, 1, tzinfo=UTC)
    assert end == datetime(2026, 11, 11, tzinfo=UTC)
    assert read_period(None, None, None, NOW) == (None, None)
    assert read_period(None, "last week", None, NOW) == (datetime(2026, 11, 16, tzinfo=UTC), None)


def test_the_day_is_that_of_utc() -> None:
    west = datetime(2026, 11, 23, 22, 0, tzinfo=timezone(timedelta(hours=-8)))
    begin, _ = read_period("today", None, None, west)
    assert begin is not None
    assert begin.date() == date(2026, 11, 24)


@pytest.mark.parametrize("argument", ["period", "since", "until"])
@pytest.mark.parametrize(
    "typed",
    ["2026-13-45", "30 February", "soon", "0000-01-01", "9999-12-31", "1 ma 2026", "٣ May"],
)
def test_what_is_no_day_is_explained_at_its_argument(argument: str, typed: str) -> None:
    given = {"period": None, "since": None, "until": None, argument: typed}
    with pytest.raises(UserError, match="is not a day that I can read") as raised:
        read_period(given["period"], given["since"], given["until"], NOW)
    assert raised.value.field == argument


def test_days_are_told_from_other_words() -> None:
    """Also those that no calendar has: they are meant as days, and refused as such."""
    days = ("2026-11-01", "1 November", "november 1st", "Nov. 3 2026", "yesterday", "sunday", "2026-13-45")
    others = ("5012", "1 Smith", "May", "May Smith", "2026", "1 to", "12 mar 20")
    assert [text for text in days if not is_day(text)] == []
    assert [text for text in others if is_day(text)] == []
