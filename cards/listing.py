"""What the lists of extensions and of ranges share: a page of rows, no rows, and the choice of one row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from bot.calling.models import Extension, Location, Range
from bot.command import Arguments, Command
from cards.buttons import button, clear, pages, submit, unfold
from cards.elements import Action, Card, Element, finish
from cards.form import Choices, Form
from cards.layout import header, quiet, sentence
from cards.twin import plain, twin
from cards.wording import extent, filters_in_words

FILTERS = ("name", "extension", "phone_number", "prefix", "location", "level", "order")
"""The inputs of the filter forms."""

PAGE = 10
"""Rows on a card: each takes about 700 bytes of its 20 KB."""

Row: TypeAlias = Extension | Range


@dataclass(frozen=True)
class Listing:
    """The words and commands of one list. `commands` is the first half of their names, `line` what lists all."""

    title: str
    one: str
    commands: str
    line: str
    narrow: str
    add_line: str


@dataclass(frozen=True)
class Rows:
    """Things as rows of a table, as choices, and as lines of text. `show` is the line that shows the first one."""

    table: Sequence[Element]
    choices: Choices
    lines: Sequence[str]
    show: str


@dataclass(frozen=True)
class Page:
    """Where in a list a page is, and what was asked for."""

    wanted: Arguments
    start: int
    more: bool
    locations: Sequence[Location]
    may_add: bool
    limits: str = ""

    @property
    def filters(self) -> str:
        """The filters in words."""
        return filters_in_words(self.wanted, self.locations)


def list_card(listing: Listing, page: Page, rows: Rows, filter_inputs: Sequence[Element]) -> Card:
    """One page: the table, a choice of row, and buttons to show it, to turn pages, to filter and to add."""
    extent_words = extent(page.start, len(rows.choices), page.more)
    subtitle = " · ".join(part for part in (page.limits, page.filters, extent_words) if part)
    body = [
        *header("Webex Calling", listing.title, subtitle),
        *rows.table,
        *Form().choice("target", rows.choices, label="Details of"),
    ]
    actions = [
        submit("Show", f"{listing.commands}.show"),
        *pages(f"{listing.commands}.list", page.wanted, page.start, PAGE, page.more),
        *_filter_and_add(listing, page, filter_inputs),
    ]
    next_page = " Press Next on the card to see more." if page.more else ""
    go_on = f"Type {rows.show} for details, or `{listing.narrow}` to filter.{next_page}"
    return finish(body, actions, twin(listing.title, [plain(subtitle), *rows.lines], go_on))


def nothing_found(listing: Listing, page: Page, filter_inputs: Sequence[Element]) -> Card:
    """No rows: why, and how to see more."""
    title = f"No {listing.one} found"
    why = f"Nothing fits these filters: {page.filters}." if page.filters else "There are none yet."
    if page.start:
        why = "The list ends before this page."
    narrowed = bool(page.filters or page.start)
    hint = f"Type `{listing.line}` to see all of them."
    if page.may_add and not narrowed:
        hint = f"Type `{listing.add_line}` to add the first one."
    elif page.filters:
        hint = f"Take away a filter, or type `{listing.line}` to see all of them."
    actions: list[Action] = [button("Show all", f"{listing.commands}.list")] if narrowed else []
    actions += _filter_and_add(listing, page, filter_inputs)
    body = [*header("Webex Calling", title, page.limits), sentence(why), quiet(hint)]
    return finish(body, actions, twin(title, [*([plain(page.limits)] if page.limits else []), plain(why)], hint))


def row_choice(listing: Listing, title: str, rows: Rows, pending: Command, how_to_type: str) -> Card:
    """Which row is meant? The choice continues the pending command with all that it was given."""
    kind, subtitle = listing.one.capitalize(), f"More than one {listing.one} fits."
    body = [
        *header(kind, title, subtitle),
        *rows.table,
        *Form().choice("target", rows.choices),
    ]
    # The chosen row has an id, which says where it is.
    kept = replace(pending.arguments, target=None, location=None, level=None)
    verb = "Show" if pending.name.endswith(".show") else "Continue"
    markdown = twin(title, [plain(subtitle), *rows.lines], how_to_type)
    return finish(body, [submit(verb, pending.name, kept)], markdown)


def too_many(rows: Sequence[Row]) -> str:
    """What is left out of a choice, if anything is."""
    return f" Only the first {PAGE} of {len(rows)} are shown." if len(rows) > PAGE else ""


def _filter_and_add(listing: Listing, page: Page, inputs: Sequence[Element]) -> list[Action]:
    command = f"{listing.commands}.list"
    filters = unfold("Filter", inputs, [submit("Apply", command), clear("Clear", command, FILTERS)])
    return [filters, button("Add", f"{listing.commands}.add")] if page.may_add else [filters]
