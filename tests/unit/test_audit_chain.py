"""Whatever is done to the entries of a history, the first one that it touches is found."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.audit import FIRST_HASH, NO_HEAD, Entry, Head, Link, find_break, link

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
IMAGES = st.none() | st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS, max_size=3), max_size=3)
ENTRIES = st.builds(
    Entry,
    at=st.integers(0, 10**9).map(lambda microseconds: NOON + timedelta(microseconds=microseconds)),
    before=IMAGES,
    after=IMAGES,
    **dict.fromkeys(
        ("person_id", "person_name", "room_id", "event_id", "occasion", "command", "outcome", "detail", "plan_id"),
        TEXTS,
    ),
)  # fmt: skip
CHAINS = st.lists(ENTRIES, min_size=2, max_size=6)


def chained(entries: list[Entry]) -> tuple[list[Link], Head]:
    head, links = Head(0, FIRST_HASH), []
    for entry in entries:
        links.append(link(head, entry))
        head = Head(links[-1].sequence, links[-1].hash)
    return links, head


def first_found(links: list[Link], head: Head) -> int | None:
    found = find_break(links, head)
    return found.sequence if found else None


@given(st.lists(ENTRIES, max_size=6))
def test_what_was_recorded_is_unbroken(entries: list[Entry]) -> None:
    assert find_break(*chained(entries)) is None


@given(CHAINS, st.data())
def test_an_edit_of_any_field_is_found(entries: list[Entry], data: st.DataObject) -> None:
    links, head = chained(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    name = data.draw(st.sampled_from([field.name for field in fields(Entry)]))
    links[at] = replace(links[at], entry=replace(links[at].entry, **{name: _other(links[at].entry, name)}))
    assert first_found(links, head) == at + 1


def _other(entry: Entry, name: str) -> Any:
    """Another value of that field."""
    if name == "at":
        return entry.at + timedelta(microseconds=1)
    if name in ("before", "after"):
        return {**(getattr(entry, name) or {}), "edited": "yes"}
    return 7 if name == "position" else f"{getattr(entry, name)}."


@given(CHAINS, st.data())
def test_a_removal_is_found(entries: list[Entry], data: st.DataObject) -> None:
    """Also at the end, and of several."""
    links, head = chained(entries)
    first = data.draw(st.integers(0, len(links) - 1))
    last = data.draw(st.integers(first + 1, len(links)))
    assert first_found(links[:first] + links[last:], head) == first + 1


@given(CHAINS, st.data())
def test_an_exchange_of_two_is_found(entries: list[Entry], data: st.DataObject) -> None:
    """They keep the places, and exchange what is in them, with their hashes or without."""
    links, head = chained(entries)
    first = data.draw(st.integers(0, len(links) - 2))
    second = data.draw(st.integers(first + 1, len(links) - 1))
    one, other = links[first], links[second]
    links[first], links[second] = replace(other, sequence=one.sequence), replace(one, sequence=other.sequence)
    assert first_found(links, head) == first + 1


@given(CHAINS, ENTRIES, st.data())
def test_an_insertion_is_found(entries: list[Entry], entry: Entry, data: st.DataObject) -> None:
    """Rightly linked to the one before it: then the next one does not fit, or the head does not."""
    links, head = chained(entries)
    at = data.draw(st.integers(0, len(links)))
    before = Head(links[at - 1].sequence, links[at - 1].hash) if at else Head(0, FIRST_HASH)
    later = [replace(one, sequence=one.sequence + 1) for one in links[at:]]
    assert first_found([*links[:at], link(before, entry), *later], head) in (at + 1, at + 2)


@given(CHAINS, ENTRIES)
def test_an_entry_before_the_first_is_found(entries: list[Entry], entry: Entry) -> None:
    links, head = chained(entries)
    assert first_found([link(Head(-1, FIRST_HASH), entry), *links], head) == 0


@given(CHAINS)
def test_a_head_that_is_gone_is_found(entries: list[Entry]) -> None:
    assert first_found(chained(entries)[0], NO_HEAD) == 1
