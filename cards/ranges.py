"""Cards about virtual extension ranges: the list, one of them, which one, and the forms."""

from collections.abc import Collection, Mapping, Sequence

from bot.calling.models import Location, Range
from bot.command import Arguments, Command
from bot.telephony import PatternAction
from cards.buttons import button, permitted, submit
from cards.elements import Card, Element, finish
from cards.form import Choices, Form, filter_choices, values_of
from cards.layout import Cell, beside, facts, header, quiet, side_by_side, table, text
from cards.listing import PAGE as PAGE
from cards.listing import Listing, Page, Rows, list_card, nothing_found, row_choice, too_many
from cards.twin import bold, fact_lines, item, line_to_type, plain, twin
from cards.wording import EVERYBODY, MOST_PATTERNS, joined, place

EXAMPLES = 8
"""Patterns with the number that each calls; further ones are listed without it."""

KIND = "Virtual extension range"
ABOUT = "Dialling a number that fits a pattern calls the prefix followed by that number."
PATTERN_HINT = "Digits, then X for any digit, such as 5XXX. Separate several by spaces or lines."
RANGES = Listing(
    title="Virtual extension ranges",
    one="range",
    commands="ranges",
    line="ranges",
    narrow="ranges at Munich",
    add_line="add range Berlin +4930555 5XXX 6XXX at Munich",
)
NOTHING_YET = "Nothing changes before you have seen and confirmed it."
DRAWN = ("name", "prefix", "patterns", "location")
CHANGE_DRAWN = ("name", "prefix", "action", "patterns")

PATTERN_ACTIONS: Choices = (
    ("Leave them as they are", ""),
    ("Add the patterns below", PatternAction.ADD.value),
    ("Remove the patterns below", PatternAction.REMOVE.value),
    ("Replace all by the patterns below", PatternAction.REPLACE.value),
)


def range_list(
    ranges: Sequence[Range],
    wanted: Arguments,
    *,
    start: int = 0,
    more: bool = False,
    locations: Sequence[Location] = (),
    may_add: bool = False,
    limits: str = "",
) -> Card:
    """One page of a list. `start` is its zero-based offset, `more` whether others follow.

    `limits` says where the person may look, such as `only at Lyon`; empty for everywhere.
    """
    page = Page(wanted, start, more or len(ranges) > PAGE, locations, may_add, limits)
    filters = _filter_inputs(wanted, locations)
    if not ranges:
        return nothing_found(RANGES, page, filters)
    return list_card(RANGES, page, _rows(ranges[:PAGE]), filters)


def range_details(found: Range, allowed: Collection[str]) -> Card:
    """All that is known of one range, with the numbers that its patterns call.

    `allowed` are the commands that the person may run on it.
    """
    known = {"Prefix": found.prefix, "Where": place(found.level, found.location_name)}
    patterns = (found.patterns or ())[:MOST_PATTERNS]
    body = [*header(KIND, found.name, ABOUT), facts(known), *_pattern_rows(found.prefix, patterns)]
    target = Arguments(target=found.id)
    actions = [
        button("Edit", "ranges.change", target),
        button("Delete", "ranges.delete", target, style="destructive"),
    ]
    examples = [item(bold(pattern), plain(f"calls {found.prefix}{pattern}")) for pattern in patterns]
    lines = [plain(ABOUT), *fact_lines(known.items()), plain(_how_many(patterns)), *examples]
    how = {
        "ranges.change": f"{line_to_type('range', found.name, 'add 7XXX')} to add a pattern",
        "ranges.delete": f"{line_to_type('delete range', found.name)} to delete the range",
    }
    go_on = ", ".join(line for command, line in how.items() if command in allowed) or "`ranges` to see all of them"
    return finish(body, permitted(actions, allowed), twin(f"{KIND} {found.name}", lines, f"Type {go_on}."))


def range_choice(ranges: Sequence[Range], pending: Command) -> Card:
    """Several ranges fit: which one? The choice continues the pending command with all that it was given."""
    title = f"Which {pending.arguments.target or 'range'} do you mean?"
    how = f"Type your line again with the full name, such as {line_to_type('range', ranges[0].name)}."
    return row_choice(RANGES, title, _rows(ranges[:PAGE]), pending, how + too_many(ranges))


def range_form(
    arguments: Arguments,
    locations: Sequence[Location],
    errors: Mapping[str, str] | None = None,
    *,
    everybody: bool = True,
) -> Card:
    """The form for a new range, holding what was typed; with `everybody` it may be at organization level."""
    form = Form(values_of(arguments), errors or {})
    title = "Add a range"
    body = [
        *header(KIND, title, ABOUT),
        *form.summary(DRAWN),
        *range_inputs(form),
        *form.location(locations, EVERYBODY if everybody else None),
        quiet(NOTHING_YET),
    ]
    go_on = f"Fill in the card, or type it in one line: `{RANGES.add_line}`. {NOTHING_YET}"
    return finish(body, [submit("Continue", "ranges.add")], twin(title, form.lines(DRAWN), go_on))


def range_change_form(
    found: Range,
    arguments: Arguments,
    errors: Mapping[str, str] | None = None,
    *,
    fields: Collection[str] | None = None,
) -> Card:
    """The form for an existing range: name, prefix, and what to do with its patterns; just those `fields`."""
    drawn = [
        name for name in CHANGE_DRAWN if fields is None or ("patterns" if name == "action" else name) in fields
    ]
    form = Form({"name": found.name, "prefix": found.prefix} | values_of(arguments), errors or {})
    title = f"Edit range {found.name}"
    patterns = f"{_how_many(found.patterns or ())}: {joined(found.patterns or ())}" if found.patterns else ""
    body = [
        *header(KIND, title, f"At {place(found.level, found.location_name)}. Webex can't move it elsewhere."),
        *form.summary(drawn),
        *_name_and_prefix(form, drawn),
        *([text(patterns, spacing="medium")] if patterns else []),
        *(_pattern_inputs(form) if "patterns" in drawn else []),
        quiet(NOTHING_YET),
    ]
    add = line_to_type("range", found.name, "add 7XXX")
    rename = line_to_type("rename range", found.name, "to Spree")
    known = [line for name, line in (("patterns", add), ("name", rename)) if name in drawn]
    go_on = f"Fill in the card{', or type ' if known else ''}{' or '.join(known)}. {NOTHING_YET}"
    action = submit("Continue", "ranges.change", Arguments(target=found.id))
    return finish(body, [action], twin(title, [plain(patterns), *form.lines(drawn)], go_on))


def range_inputs(form: Form) -> list[Element]:
    """Name, prefix and patterns of a range."""
    patterns = form.text("patterns", multiline=True, placeholder="5XXX 6XXX")
    return [*_name_and_prefix(form), *patterns, quiet(PATTERN_HINT, "small")]


def _name_and_prefix(form: Form, drawn: Collection[str] = DRAWN) -> list[Element]:
    name = form.text("name", required="Write a name for the range.", placeholder="Berlin")
    prefix = form.text("prefix", required="Write a prefix such as +4930555.", placeholder="+4930555")
    return side_by_side({"name": name, "prefix": prefix}, drawn)


def _pattern_inputs(form: Form) -> list[Element]:
    """What to do with the patterns, and with which."""
    patterns = form.text("patterns", multiline=True, placeholder="7XXX")
    return [*form.choice("action", PATTERN_ACTIONS), *patterns, quiet(PATTERN_HINT, "small")]


def _filter_inputs(wanted: Arguments, locations: Sequence[Location]) -> list[Element]:
    form = Form(values_of(wanted))
    location, level, order = filter_choices(form, locations)
    return [beside(form.text("name"), form.text("prefix")), beside(location, level), *order]


def _rows(ranges: Sequence[Range]) -> Rows:
    show = line_to_type("range", ranges[0].name)
    return Rows(_table(ranges), _choices(ranges), [_row_line(one) for one in ranges], show)


def _table(ranges: Sequence[Range]) -> list[Element]:
    rows = [
        (
            Cell(one.name, bold=True),
            Cell(one.prefix, below=joined(one.patterns or (), 4)),
            Cell(place(one.level, one.location_name)),
        )
        for one in ranges
    ]
    return table(("Name", "Prefix", "Where"), ("4", "4", "3"), rows)


def _choices(ranges: Sequence[Range]) -> Choices:
    return [(" · ".join((one.name, one.prefix, place(one.level, one.location_name))), one.id) for one in ranges]


def _row_line(found: Range) -> str:
    parts = (found.prefix, joined(found.patterns or (), 4), place(found.level, found.location_name))
    return item(bold(found.name), *(plain(part) for part in parts))


def _pattern_rows(prefix: str, patterns: Sequence[str]) -> list[Element]:
    if not patterns:
        return [text(_how_many(patterns), spacing="medium")]
    rows = [(Cell(one, bold=True), Cell(f"{prefix}{one}")) for one in patterns[:EXAMPLES]]
    others = patterns[EXAMPLES:]
    return [
        text(_how_many(patterns), spacing="medium", bold=True),
        *table(("Dialled", "Calls"), ("2", "3"), rows),
        *([text(f"Also {joined(others, MOST_PATTERNS)}", spacing="medium")] if others else []),
    ]


def _how_many(patterns: Sequence[str]) -> str:
    if not patterns:
        return "No patterns yet: the range calls nothing."
    return "1 pattern" if len(patterns) == 1 else f"{len(patterns)} patterns"
