"""The history: entries with who, when, what before and after, where, approved by whom, and what came of it."""

from collections.abc import Mapping, Sequence

from bot.audit import Entry, Link
from bot.command import Arguments
from bot.plans import Change, Kind, Thing
from cards.buttons import button, clear, pages, submit, unfold
from cards.changes import EMPTY, happened, intended, rows, where
from cards.elements import Action, Card, Element, finish
from cards.escape import sentence_for_message, shorten
from cards.form import Form, values_of
from cards.layout import Tone, header, quiet, sentence, text
from cards.plans import when
from cards.twin import bold, item, plain, twin
from cards.wording import extent

COMMAND = "history.list"
PAGE = 6
"""Entries on a card: each takes up to 2,700 bytes of its 20 KB, where its names are long and full of marks."""

LONGEST_LINE = 200
TITLE = "History"
SHORTER = "Type `history 5012`, `history me` or `history last 7 days` to see less of it."
ALL = "Type `history` to see all of it."
BY_TYPING = "Fill in the card, or type it in one line: `history 5012 by Alice at Lyon since 2026-11-01`."
DRAWN = ("target", "person", "location", "plan", "period", "since", "until")
PERIODS = (
    "today", "yesterday", "this week", "last week", "last 7 days", "last 30 days", "this month", "last month",
)  # fmt: skip
A_DAY = "2026-11-01, 1 November or yesterday"

WORDS: Mapping[str, tuple[str, Tone]] = {
    "done": ("Done", Tone.GOOD),
    "failed": ("Not done", Tone.ATTENTION),
    "unknown": ("Not certain", Tone.WARNING),
    "refused": ("Refused", Tone.WARNING),
    "cancelled": ("Cancelled", Tone.ACCENT),
    "overtaken": ("Changed in between", Tone.WARNING),
    "expired": ("Expired", Tone.WARNING),
}


def history_list(found: Sequence[Link], wanted: Arguments, titles: Mapping[str, str], *, start: int = 0) -> Card:
    """One page of entries, the newest first; `found` holds one more where others follow.

    `start` is the zero-based offset, `titles` what commands are called.
    """
    shown, more = found[:PAGE], len(found) > PAGE
    filters = _filters(wanted)
    if not shown:
        return _nothing_found(wanted, filters, start)
    subtitle = " · ".join(part for part in (filters, extent(start, len(shown), more)) if part)
    body = header("Audit", TITLE, subtitle)
    lines = [plain(subtitle)]
    for one in shown:
        body += _elements(one, titles)
        lines.append(_line(one, titles))
    next_page = " Press Next on the card to see more." if more else ""
    actions = [*pages(COMMAND, wanted, start, PAGE, more), _filter_button(wanted)]
    return finish(body, actions, twin(TITLE, lines, f"{ALL if filters else SHORTER}{next_page}"))


def history_form(wanted: Arguments, errors: Mapping[str, str]) -> Card:
    """The filters as a form, holding what was typed, with what is wrong."""
    form = Form(values_of(wanted), errors)
    title = "Which part of the history?"
    body = [*header("Audit", title), *form.summary(DRAWN), *_filter_inputs(form)]
    return finish(body, [submit("Show", COMMAND)], twin(title, form.lines(DRAWN), BY_TYPING))


def _filter_button(wanted: Arguments) -> Action:
    inputs = _filter_inputs(Form(values_of(wanted)))
    return unfold("Filter", inputs, [submit("Apply", COMMAND), clear("Clear", COMMAND, DRAWN)])


def _filter_inputs(form: Form) -> list[Element]:
    """Locations are typed: those that are gone have a history too, and Webex need not be there to read it."""
    typed = form.values.get("period", "")
    periods = [*PERIODS, *([typed] if typed and typed not in PERIODS else [])]
    return [
        *form.text("target", placeholder="5012, Jane Doe, Berlin or mode"),
        *form.text("person", placeholder="Alice, alice@example.com or me"),
        *form.text("location", placeholder="Lyon"),
        *form.text("plan", placeholder="7F3K"),
        *form.choice("period", [("Any time", ""), *((period.capitalize(), period) for period in periods)]),
        *form.text("since", placeholder=A_DAY),
        *form.text("until", placeholder=A_DAY),
    ]


def _nothing_found(wanted: Arguments, filters: str, start: int) -> Card:
    why = f"No entry of the history fits: {filters}." if filters else "The history has no entries yet."
    why = "The history ends before this page." if start else why
    show_all: list[Action] = [button("Show all", COMMAND)] if filters or start else []
    actions = [*show_all, _filter_button(wanted)]
    body = [*header("Audit", "Nothing in the history"), sentence(why), quiet(ALL)]
    return finish(body, actions, twin("Nothing in the history", [plain(why)], ALL))


def _elements(one: Link, titles: Mapping[str, str]) -> list[Element]:
    entry = one.entry
    _, tone = _word(entry)
    lines: list[Element] = [
        text(_cut(_title(entry, titles)), bold=True, spacing="medium", tone=tone),
        text(_cut(_who_when_where(entry)), spacing="none"),
    ]
    told = [*_differences(entry), entry.detail]
    lines += [text(_cut(line), spacing="none") for line in told if line]
    return [*lines, quiet(_reference(one), "none")]


def _line(one: Link, titles: Mapping[str, str]) -> str:
    entry = one.entry
    told = [plain(line) for line in (_who_when_where(entry), *_differences(entry))]
    detail = sentence_for_message(_cut(entry.detail))
    return item(bold(_title(entry, titles)), *told, detail, plain(_reference(one)))


def _title(entry: Entry, titles: Mapping[str, str]) -> str:
    word, _ = _word(entry)
    change = _change(entry)
    if change is None:
        return f"{word}: {titles.get(entry.command, entry.command)}"
    return f"{word}: {happened(change) if entry.outcome == 'done' else intended(change)}"


def _word(entry: Entry) -> tuple[str, Tone]:
    return WORDS.get(entry.outcome, (entry.outcome.capitalize(), Tone.WARNING))


def _who_when_where(entry: Entry) -> str:
    change = _change(entry)
    asked = entry.requested_name if entry.requested_by not in (None, entry.person_id) else ""
    approved = entry.approved_name or entry.approved_by
    parts = (
        entry.person_name or "Somebody",
        when(entry.at),
        where(change) if change else "",
        f"asked for by {asked}" if asked else "",
        f"approved by {approved}" if approved else "",
    )
    return " · ".join(part for part in parts if part)


def _reference(one: Link) -> str:
    """What to quote: the entry's number, its plan, and Webex's tracking id."""
    plan = f"plan {one.entry.plan_id}" if one.entry.plan_id else ""
    tracking = f"Webex tracking id {one.entry.tracking_id}" if one.entry.tracking_id else ""
    return " · ".join(part for part in (f"No. {one.sequence}", plan, tracking) if part)


def _differences(entry: Entry) -> list[str]:
    """Of a change what differs, else what came or went, on one line."""
    change = _change(entry)
    if change is None:
        return []
    if change.kind is Kind.CHANGE:
        return ["; ".join(f"{name}: {old or EMPTY} → {new or EMPTY}" for name, old, new in rows(change))]
    return ["; ".join(f"{name}: {old or new}" for name, old, new in rows(change))]


def _change(entry: Entry) -> Change | None:
    """The change that an entry is about; a refusal is about none."""
    if entry.thing is None:
        return None
    kind = Kind.CREATE if entry.before is None else Kind.DELETE if entry.after is None else Kind.CHANGE
    return Change(
        kind=kind,
        thing=Thing(entry.thing),
        label=entry.label or "",
        before=entry.before,
        after=entry.after,
        location_id=entry.location_id,
        location_name=entry.location_name,
    )


def _cut(line: str) -> str:
    return shorten(line, LONGEST_LINE)


def _filters(wanted: Arguments) -> str:
    """The filters in words, such as `about 5012 · by Alice · last week`."""
    parts = [
        f"about {wanted.target}" if wanted.target else "",
        f"by {'you' if wanted.person == 'me' else wanted.person}" if wanted.person else "",
        f"at {wanted.location}" if wanted.location else "",
        f"plan {wanted.plan}" if wanted.plan else "",
        wanted.period or "",
        f"since {wanted.since}" if wanted.since else "",
        f"until {wanted.until}" if wanted.until else "",
    ]
    return " · ".join(part for part in parts if part)
