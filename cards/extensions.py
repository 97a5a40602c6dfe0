"""Cards about virtual extensions: the list, one of them, which one, and the forms."""

from collections.abc import Collection, Mapping, Sequence

from bot.calling.models import Extension, Location
from bot.command import Arguments, Command
from bot.telephony import Level
from cards.buttons import button, permitted, submit
from cards.elements import Card, Element, finish
from cards.form import Choices, Form, filter_choices, values_of
from cards.layout import Cell, beside, facts, header, quiet, side_by_side, table
from cards.listing import PAGE as PAGE
from cards.listing import Listing, Page, Rows, list_card, nothing_found, row_choice, too_many
from cards.twin import bold, fact_lines, item, line_to_type, plain, twin
from cards.wording import EVERYBODY, dialled_elsewhere, place, who_dials

WIDTHS = ("70px", "5", "4")
KIND = "Virtual extension"
EXTENSIONS = Listing(
    title="Virtual extensions",
    one="virtual extension",
    commands="extensions",
    line="extensions",
    narrow="extensions at Lyon named smith",
    add_line="add 5012 +14085550123 Jane Doe at Denver",
)
NAMES = ("display_name", "first_name", "last_name")
DRAWN = ("extension", "phone_number", *NAMES, "location")
NOTHING_YET = "Nothing changes before you have seen and confirmed it."


def extension_list(
    extensions: Sequence[Extension],
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
    page = Page(wanted, start, more or len(extensions) > PAGE, locations, may_add, limits)
    filters = _filter_inputs(wanted, locations)
    if not extensions:
        return nothing_found(EXTENSIONS, page, filters)
    return list_card(EXTENSIONS, page, _rows(extensions[:PAGE]), filters)


def extension_details(extension: Extension, allowed: Collection[str]) -> Card:
    """All that is known of one extension. `allowed` are the commands that the person may run on it."""
    title = f"{extension.extension} · {extension.label}"
    known = _facts(extension)
    body = [*header(KIND, title, who_dials(extension)), facts(known)]
    target = Arguments(target=extension.id)
    actions = [
        button("Edit", "extensions.change", target),
        button("Delete", "extensions.delete", target, style="destructive"),
    ]
    named = extension.extension
    how = {
        "extensions.change": f"{line_to_type('edit', named)} to change it",
        "extensions.delete": f"{line_to_type('delete', named)} to delete it",
    }
    go_on = (
        ", ".join(line for command, line in how.items() if command in allowed) or "`extensions` to see all of them"
    )
    lines = [plain(who_dials(extension)), *fact_lines(known.items())]
    return finish(body, permitted(actions, allowed), twin(f"{KIND} {title}", lines, f"Type {go_on}."))


def extension_choice(extensions: Sequence[Extension], pending: Command) -> Card:
    """Several extensions fit: which one? The choice continues the pending command with all that it was given."""
    title = f"Which {pending.arguments.target or 'one'} do you mean?"
    rows = _rows(extensions[:PAGE])
    how = (
        f"Type your line again with the phone number, such as {line_to_type('show', extensions[0].phone_number)}."
    )
    return row_choice(EXTENSIONS, title, rows, pending, how + too_many(extensions))


def extension_form(
    arguments: Arguments,
    locations: Sequence[Location],
    errors: Mapping[str, str] | None = None,
    *,
    everybody: bool = True,
) -> Card:
    """The form for a new extension, holding what was typed; with `everybody` it may be at organization level."""
    form = Form(values_of(arguments), errors or {})
    title = "Add a virtual extension"
    body = [
        *header(KIND, title, "A short extension for an external phone number."),
        *form.summary(DRAWN),
        *_number_inputs(form),
        *_name_inputs(form),
        *form.location(locations, EVERYBODY if everybody else None),
        quiet(NOTHING_YET),
    ]
    go_on = f"Fill in the card, or type it in one line: `{EXTENSIONS.add_line}`. {NOTHING_YET}"
    return finish(body, [submit("Continue", "extensions.add")], twin(title, form.lines(DRAWN), go_on))


def extension_change_form(
    extension: Extension,
    arguments: Arguments,
    errors: Mapping[str, str] | None = None,
    *,
    fields: Collection[str] | None = None,
) -> Card:
    """The form for an existing extension: as it is now, overlaid by what was typed; with just those `fields`."""
    drawn = [name for name in DRAWN[:-1] if fields is None or name in fields]
    form = Form(_present(extension) | values_of(arguments), errors or {})
    title = f"Edit {extension.extension} · {extension.label}"
    body = [
        *header(KIND, title, f"At {_where(extension)}. Webex can't move it to another location."),
        *form.summary(drawn),
        *_number_inputs(form, drawn),
        *_name_inputs(form, drawn),
        quiet(NOTHING_YET),
    ]
    change = line_to_type("change", extension.extension, "number", "+14085550123")
    rename = line_to_type("rename", extension.extension, "to Jane Roe")
    known = [line for name, line in (("phone_number", change), ("display_name", rename)) if name in drawn]
    go_on = f"Fill in the card{', or type ' if known else ''}{' or '.join(known)}. {NOTHING_YET}"
    action = submit("Continue", "extensions.change", Arguments(target=extension.id))
    return finish(body, [action], twin(title, form.lines(drawn), go_on))


def _filter_inputs(wanted: Arguments, locations: Sequence[Location]) -> list[Element]:
    form = Form(values_of(wanted))
    location, level, order = filter_choices(form, locations)
    return [
        beside(form.text("extension"), form.text("phone_number")),
        beside(form.text("name", placeholder="First or last name"), location),
        beside(level, order),
    ]


def _number_inputs(form: Form, drawn: Collection[str] = DRAWN) -> list[Element]:
    extension = form.text("extension", required="Write the extension, such as 5012.", placeholder="5012")
    number = form.text("phone_number", required="Write a number such as +14085550123.", placeholder="+14085550123")
    return side_by_side({"extension": extension, "phone_number": number}, drawn)


def _name_inputs(form: Form, drawn: Collection[str] = DRAWN) -> list[Element]:
    display_name = form.text("display_name", required="Write the name that is shown to the person who is called.")
    first_and_last = {"first_name": form.text("first_name"), "last_name": form.text("last_name")}
    return [*(display_name if "display_name" in drawn else []), *side_by_side(first_and_last, drawn)]


def _rows(extensions: Sequence[Extension]) -> Rows:
    show = line_to_type("show", extensions[0].extension)
    return Rows(_table(extensions), _choices(extensions), [_row_line(one) for one in extensions], show)


def _table(extensions: Sequence[Extension]) -> list[Element]:
    rows = [
        (
            Cell(one.extension, bold=True),
            Cell(one.label, below=one.phone_number),
            Cell(_where(one), below=_elsewhere(one)),
        )
        for one in extensions
    ]
    return table(("Extension", "Name and number", "Where"), WIDTHS, rows)


def _choices(extensions: Sequence[Extension]) -> Choices:
    return [(" · ".join((one.extension, one.label, _where(one))), one.id) for one in extensions]


def _row_line(extension: Extension) -> str:
    parts = (extension.label, extension.phone_number, _where(extension), _elsewhere(extension))
    return item(bold(extension.extension), *(plain(part) for part in parts))


def _where(extension: Extension) -> str:
    return place(extension.level, extension.location_name)


def _elsewhere(extension: Extension) -> str:
    number = dialled_elsewhere(extension)
    return f"ESN {number}" if number else ""


def _facts(extension: Extension) -> dict[str, str]:
    return {
        "Extension": extension.extension,
        "Phone number": extension.phone_number,
        "Display name": extension.display_name or "",
        "First name": extension.first_name or "",
        "Last name": extension.last_name or "",
        "Level": extension.level.capitalize(),
        "Location": place(extension.level, extension.location_name) if extension.level == Level.LOCATION else "",
        "Routing prefix": extension.routing_prefix or "",
        "ESN": extension.esn,
    }


def _present(extension: Extension) -> dict[str, str]:
    return {
        "extension": extension.extension,
        "phone_number": extension.phone_number,
        "display_name": extension.display_name or "",
        "first_name": extension.first_name or "",
        "last_name": extension.last_name or "",
    }
