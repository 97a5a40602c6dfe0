"""Reading a list of unknown length: pages by offset, several at a time, and hardly one too many."""

from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextvars import copy_context
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from bot.errors import Invalid, NotFound

WIDTH = 8
"""The most pages asked for at the same time."""

PAGE_SIZE = 100
DEFAULT_PAGE_SIZE = 10
"""What the API gives where `max` is not sent, or not heeded."""

Query = Mapping[str, str]


class Listed(Protocol):
    """What lists are made of: things with an id."""

    @property
    def id(self) -> str:
        """The Webex id."""
        ...


T = TypeVar("T", bound=Listed)


@dataclass(frozen=True)
class Part(Generic[T]):
    """One answer of a list: its items, and the query of the next one as the Link header gives it."""

    items: tuple[T, ...]
    next: Query | None


@dataclass(frozen=True)
class Page(Generic[T]):
    """A part of a list, from the zero-based offset `start`; `more` says whether anything follows."""

    items: tuple[T, ...]
    start: int
    more: bool


def read_page(read: Callable[[Query], Part[T]], start: int, max_items: int) -> Page[T]:
    """One page, by one call that asks for one item more than is shown: a Link header may be sent or not."""
    part = read(_window(start, max_items + 1))
    return Page(part.items[:max_items], start, part.next is not None or len(part.items) > max_items)


def read_all(read: Callable[[Query], Part[T]], executor: Executor) -> list[T]:
    """Every item once, in the order of the list. Short lists take one call, long ones are read ahead."""
    first = read(_window(0, PAGE_SIZE))
    if first.next is not None and not _offset(first.next):
        parts = [first, *_follow(read, first.next)]
    elif stride := _stride(first):
        parts = [first, *_ReadAhead(_by_number(read, stride, linked=first.next is not None), executor).read()]
    else:
        parts = [first]
    # What is created or deleted meanwhile shifts the offsets, so that an item can be met twice.
    return list({item.id: item for part in parts for item in part.items}.values())


def _window(start: int, max_items: int) -> Query:
    return {"start": str(start), "max": str(max_items)}


def _offset(query: Query) -> int:
    """The offset that a Link asks for next; 0 where it names none, as with a cursor."""
    start = query.get("start", "")
    return int(start) if start.isascii() and start.isdigit() else 0


def _stride(first: Part[T]) -> int:
    """How many items apart pages begin; 0 if the first is the only one. The server may cap `max`."""
    if first.next is not None:
        return _offset(first.next)
    return len(first.items) if len(first.items) in {PAGE_SIZE, DEFAULT_PAGE_SIZE} else 0


def _follow(read: Callable[[Query], Part[T]], query: Query | None) -> list[Part[T]]:
    """Pages one after another, as their Links say; a Link that was followed before ends it.

    `max` is set again: Webex has sent Links with `max=null` (WebexPythonSDK mends them too).
    """
    parts: list[Part[T]] = []
    followed: list[Query] = []
    while query is not None and query not in followed:
        followed.append(query)
        parts.append(read({**query, "max": str(PAGE_SIZE)}))
        query = parts[-1].next
    return parts


def _by_number(read: Callable[[Query], Part[T]], stride: int, *, linked: bool) -> Callable[[int], Part[T]]:
    """Pages by number; without Links, a full page means that another follows."""

    def read_numbered(number: int) -> Part[T]:
        following = _window((number + 1) * stride, stride)
        part = read(_window(number * stride, stride))
        return part if linked else Part(part.items, following if len(part.items) >= stride else None)

    return read_numbered


class _ReadAhead(Generic[T]):
    """Reads all pages from the second on, by number, through `fetch`; page 0 was read and there is more.

    The API does not tell how long a list is. Pages known to exist are read in parallel; to know of more in
    time, one page further ahead is tried. A page that is there proves all before it; only one behind the end
    is a call too many, and of those there are at most one in ten pages (or one, in a shorter list).
    """

    def __init__(self, fetch: Callable[[int], Part[T]], executor: Executor) -> None:
        self._fetch = fetch
        self._executor = executor
        self._known = 2
        self._end: int | None = None
        self._overshoots = 0
        self._next = 1
        self._pages: dict[int, Part[T]] = {}
        self._pending: dict[Future[Part[T]], int] = {}

    def read(self) -> list[Part[T]]:
        """All pages in order. Raises what `fetch` raises, after cancelling what has not begun."""
        try:
            self._ask()
            while self._pending:
                done, _ = wait(self._pending, return_when=FIRST_COMPLETED)
                for future in done:
                    self._learn(self._pending.pop(future), future)
                self._ask()
        finally:
            for future in self._pending:
                future.cancel()
        return [self._pages[number] for number in sorted(self._pages)]

    def _ask(self) -> None:
        while len(self._pending) < WIDTH and (number := self._choose()) is not None:
            # With what is bound for the log, so that these calls too are seen to belong to their event.
            asked = self._executor.submit(copy_context().run, self._fetch, number)
            self._pending[asked] = number

    def _choose(self) -> int | None:
        """The page to ask for: one further ahead if the known ones run out, else the first not asked for."""
        while self._next in self._pages or self._next in self._pending.values():
            self._next += 1
        if self._known - self._next < WIDTH and self._may_try():
            return self._further_ahead()
        return self._next if self._next < self._known else None

    def _may_try(self) -> bool:
        """From the third page on, one at a time, unless the end is near or the allowance is used up."""
        trying = any(number >= self._known for number in self._pending.values())
        near = self._end is not None and self._end - self._known < 2
        return self._known > 2 and not trying and not near and self._overshoots < max(1, self._known // 10)

    def _further_ahead(self) -> int:
        if self._end is None:
            return self._known - 1 + min(WIDTH, self._known)
        return (self._known + self._end) // 2

    def _learn(self, number: int, future: Future[Part[T]]) -> None:
        page = self._page(number, future)
        more = page.next is not None
        if page.items or more:
            self._pages[number] = page
            self._known = max(self._known, number + 1 + more)
        else:
            self._overshoots += 1
        if not more:
            end = number + bool(page.items)
            self._end = end if self._end is None else min(end, self._end)
        if self._end is not None:
            self._known = min(self._known, self._end)

    def _page(self, number: int, future: Future[Part[T]]) -> Part[T]:
        """The page; one tried behind the end may have been refused instead of empty, that is not documented."""
        try:
            return future.result()
        except (Invalid, NotFound):
            if number < self._known:
                raise
            return Part((), None)
