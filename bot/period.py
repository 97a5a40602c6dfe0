"""Days and periods as people name them -> moments, in UTC."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from bot.errors import UserError

Days = tuple[date, date]
"""The first day and the last one."""

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
SHORTEST_MONTH = 3
"""Letters that name a month: `1 Nov`."""

LAST = re.compile(r"last (?P<count>[0-9]{1,4}) (?P<unit>day|week)s?")
ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
DOTTED = re.compile(r"(?P<day>[0-9]{1,2})\.(?P<month>[0-9]{1,2})\.(?P<year>[0-9]{4})")
DAY_MONTH = re.compile(r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)? (?P<name>[a-z]{3,9})\.?(?:,? (?P<year>[0-9]{4}))?")
MONTH_DAY = re.compile(r"(?P<name>[a-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?(?:,? (?P<year>[0-9]{4}))?")
WRITTEN = (ISO, DOTTED, DAY_MONTH, MONTH_DAY)


def _day(today: date, back: int) -> Days:
    return today - back * DAY, today - back * DAY


def _weekday(number: int) -> Callable[[date], Days]:
    """The latest day of that name, which may be today."""
    return lambda today: _day(today, (today.weekday() - number) % 7)


def _week(today: date, back: int) -> Days:
    monday = today - today.weekday() * DAY - back * WEEK
    return monday, monday + 6 * DAY


def _this_month(today: date) -> Days:
    return today.replace(day=1), today


def _last_month(today: date) -> Days:
    last = today.replace(day=1) - DAY
    return last.replace(day=1), last


PERIODS: Mapping[str, Callable[[date], Days]] = {
    "today": lambda today: _day(today, 0),
    "yesterday": lambda today: _day(today, 1),
    "this week": lambda today: _week(today, 0),
    "last week": lambda today: _week(today, 1),
    "this month": _this_month,
    "last month": _last_month,
    **{name: _weekday(number) for number, name in enumerate(WEEKDAYS)},
}
"""The words for days and for several days, and what they mean on a day."""


def is_day(typed: str) -> bool:
    """Whether this is written like one day: `2026-11-01`, `1 November`, `Nov 1st, 2026`, `yesterday`, `monday`."""
    text = typed.casefold()
    return text in ("today", "yesterday", *WEEKDAYS) or _parts(text) is not None


def read_period(
    period: str | None, since: str | None, until: str | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """From when on, and before when: the tightest of what is given. Raises UserError, naming the argument."""
    today = now.astimezone(UTC).date()
    within = _days("period", period, today)
    first, last = _days("since", since, today), _days("until", until, today)
    begins = [days[0] for days in (within, first) if days]
    ends = [days[1] for days in (within, last) if days]
    return (_midnight(max(begins)) if begins else None), (_midnight(min(ends) + DAY) if ends else None)


def _days(argument: str, typed: str | None, today: date) -> Days | None:
    if not typed:
        return None
    text = " ".join(typed.casefold().split())
    try:
        days = PERIODS[text](today) if text in PERIODS else _last_days(text, today) or _written_day(text, today)
    except (ValueError, OverflowError):
        days = None
    if days is None or days[1] == date.max:
        raise UserError(
            f"“{typed}” is not a day that I can read.",
            "Write it as in `history since 2026-11-01`, or use words such as `history last 7 days`.",
            argument,
        )
    return days


def _last_days(text: str, today: date) -> Days | None:
    """The last so many days, of which today is one."""
    found = LAST.fullmatch(text)
    if found is None:
        return None
    days = int(found["count"]) * (7 if found["unit"] == "week" else 1)
    return today - max(days - 1, 0) * DAY, today


def _written_day(text: str, today: date) -> Days | None:
    """A date; without a year the latest such day. Raises ValueError for a day that no calendar has."""
    parts = _parts(text)
    if parts is None:
        return None
    year, month, number = parts
    day = date(today.year if year is None else year, month, number)
    if year is None and day > today:
        day = date(today.year - 1, month, number)
    return day, day


def _parts(text: str) -> tuple[int | None, int, int] | None:
    """Year (where one is given), month and day as they are written, whether or not there is such a day."""
    found = next(filter(None, (form.fullmatch(text) for form in WRITTEN)), None)
    if found is None:
        return None
    told = found.groupdict()
    month = int(told["month"]) if "month" in told else _month(told["name"])
    year = int(told["year"]) if told["year"] else None
    return (year, month, int(told["day"])) if month else None


def _month(name: str) -> int:
    """The number of a month by its name or its first letters, 0 for other words."""
    fitting = [number for number, month in enumerate(MONTHS, 1) if month.startswith(name)]
    return fitting[0] if len(fitting) == 1 and len(name) >= SHORTEST_MONTH else 0


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
