"""Virtual extensions: list, show, add, change, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.access import Permission
from bot.calling.models import Extension
from bot.checks import (
    check_extension_is_free,
    check_phone_number,
    place_of_new,
    read_extension_changes,
    read_new_extension,
)
from bot.command import Arguments
from bot.errors import UserError
from bot.lookup import extensions_page, find_extension
from bot.plans import Change, Image, Thing, differences, image_of_extension
from bot.plans import Kind as ChangeKind
from bot.proposals import propose
from bot.registry import command
from bot.wording import (
    ADDING,
    CHANGING,
    DELETING,
    LEVEL,
    LISTING,
    LOCATION,
    NO_VERB,
    ORDER,
    SHOWING,
    STATED_LOCATION,
    Kind,
    Slot,
    Wording,
    renewed,
)
from cards.extensions import (
    extension_change_form,
    extension_details,
    extension_form,
    extension_list,
)
from cards.listing import PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.context import Context
    from cards.elements import Card

EXTENSION = phrases("""
    extension, virtual extension, ext, ext., ve, virtual ext, entry, contact, short number, short code,
    shortcut, speed dial, extension number, extension no, ext number
""")
NEW_EXTENSION = (*EXTENSION, *(f"{new} {noun}" for new in ("new", "another", "further") for noun in EXTENSION))
EXTENSIONS = phrases("""
    extensions, virtual extensions, exts, ves, virtual exts, entries, short numbers, contacts, extension list,
    extensions list, list of extensions, every extension, each extension, every ext, every virtual extension
""")
EXTENSION_LABELS = phrases("""
    extension, ext, ext no, extension number, ext number, virtual extension, extension no, short number, short
    code, extension id, extn, dial code
""")
PHONE_LABELS = phrases("""
    number, phone, phone number, phone no, telephone, telephone number, tel, tel no, mobile, mobile number,
    cell, cell phone, external number, e164, e.164, no, phonenumber, phone_number, nr, destination, external,
    cell number, landline, mobile phone, target number, destination number, outside number, phone#, number#,
    pstn number, pstn, e164 number, msisdn
""")
NAME_LABELS = phrases("""
    name, display name, display, displayname, display_name, full name, label, displayed name, caller id, caller
    name, shown as, displayed as
""")
FIRST_NAME = Slot("first_name", Kind.NAME, phrases("""
    first name, first, firstname, first_name, given name, forename
"""), bare=False)
LAST_NAME = Slot("last_name", Kind.NAME, phrases("""
    last name, last, lastname, last_name, surname, family name
"""),
                 bare=False)
POINTED = ("point to", "points to", "point at")
POINTING = phrases("""
    to, pointing to, pointing at, ->, that points to, which points to, points to, going to, forwarding to,
    reaching, that reaches, that dials, which dials, dialing, dialling, routed to, mapped to, at, on, into, as,
    using, with, behind, calling, that calls, linked to
""")

LIST_SLOTS = (
    Slot("name", Kind.NAME, (*NAME_LABELS, "first name", "last name", "surname", "name contains", "name like", "by name"),
         phrases("""
             named, called, matching, containing, like, by the name, by the name of, belonging to, for the name,
             with names like, whose name contains, that match, owned by
         """)),
    Slot("extension", Kind.EXTENSION, (*EXTENSION_LABELS, "extensions", "by extension"), phrases("""
        starting with, beginning with, that start with, like, matching, with, containing, numbered
    """)),
    Slot("phone_number", Kind.PHONE, (*PHONE_LABELS, "numbers", "by number", "by phone number"), (*POINTING, *POINTED, "for")),
    LEVEL,
    LOCATION,
    ORDER,
)
LIST_FILLERS = phrases("""
    sorted, sort, sort them, order them, ordered, in total, by name, that are, there are, page by page, of them,
    within the, on the, you know, you have, we have
""")

PLACED = (LEVEL, STATED_LOCATION)
TARGET = Slot("target", Kind.TARGET, introducers=("of", "for", "on", "from"))
NEW_VALUES = (
    Slot("extension", Kind.EXTENSION, renewed(EXTENSION_LABELS), phrases("to, into, ->, as, with, by"), bare=False),
    Slot("phone_number", Kind.PHONE, renewed(PHONE_LABELS), phrases("to, into, ->, as, at, with, by, on")),
    FIRST_NAME,
    LAST_NAME,
    Slot("display_name", Kind.NAME, renewed(NAME_LABELS), ("to", "into", "->", "as"), bare=False),
)


def _find(ctx: Context, wanted: Arguments) -> Extension:
    return find_extension(ctx.calling, ctx.services.locations, wanted)


def _draw_new(ctx: Context, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    return extension_form(wanted, ctx.services.locations.all(), mistakes)


def _draw_changed(ctx: Context, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    return extension_change_form(_find(ctx, wanted), wanted, mistakes)


def _change(kind: ChangeKind, found: Extension, before: Image, after: Image | None) -> Change:
    label = f"{found.extension} {found.label}"
    return Change(kind, Thing.EXTENSION, label, before, after, found.id, found.location_id, found.location_name)


def _names_left(before: Image, differing: Image) -> tuple[str, ...]:
    """A warning where only the display name changes: first and last name are what the directory sorts and finds by."""
    old = f"{before['firstName']} {before['lastName']}".strip()
    if "displayName" not in differing or not old or {"firstName", "lastName"} & set(differing):
        return ()
    return (f"Only the display name changes. First and last name stay “{old}”: use `edit` to change them too.",)


@command(
    "extensions.list",
    title="List extensions",
    help="Lists virtual extensions, all or those of a location, a name, a number.",
    examples=("extensions", "extensions at Lyon named smith", "list org", "extensions number +14085550123"),
    permission=Permission.READ,
    wordings=(
        Wording((NO_VERB, *LISTING), EXTENSIONS, LIST_SLOTS, noun_needed=True, before_noun="location", fronted=True,
                fillers=LIST_FILLERS),
        Wording(phrases("""
            list, list all, list everything, show all, show everything, display all, list everyone, show
            everyone, who is, who do we have, what do we have, what is, list everybody
        """),
                EXTENSIONS, LIST_SLOTS[3:], fillers=LIST_FILLERS),
        Wording(("list", "ls", "list all"), EXTENSION, LIST_SLOTS, fillers=LIST_FILLERS),
        Wording((NO_VERB, *LISTING), EXTENSION, (LEVEL, STATED_LOCATION, ORDER), noun_needed=True, needs=("location",),
                fillers=LIST_FILLERS),
        Wording((NO_VERB, *LISTING), EXTENSION, (LEVEL, STATED_LOCATION, ORDER), noun_needed=True, needs=("level",),
                fillers=LIST_FILLERS),
    ),
)
def list_extensions(ctx: Context, wanted: Arguments) -> Card:
    """Show a page of the virtual extensions that pass the filters."""
    locations = ctx.services.locations
    page = extensions_page(ctx.calling, locations, wanted, PAGE)
    return extension_list(
        page.items,
        wanted,
        start=page.start,
        more=page.more,
        locations=locations.all(),
        may_change=ctx.may(Permission.CHANGE),
    )


@command(
    "extensions.show",
    title="Show an extension",
    help="Shows one virtual extension, found by extension, phone number or name.",
    examples=("show 5012", "who is 5012", "show +14085550123", "show Jane Doe"),
    permission=Permission.READ,
    required=("target",),
    wordings=(
        Wording(SHOWING, EXTENSION, (
            Slot("target", Kind.TARGET, (*EXTENSION_LABELS, *PHONE_LABELS, *NAME_LABELS),
                 phrases("of, for, on, behind, named, called, has, to, pointing to, points to")),
            LEVEL, LOCATION), before_noun="target",
            fillers=phrases("""
                details, the details of, details of, information, entry, record, points to, exist, exists,
                taken, free, available, in use, used, number, phone number, the number, point to, have, ring,
                reach, go to, going to, called, name, assigned to, assigned, belong to, belongs to, belong,
                dial, dials, call, calls, is, phone, mobile, location, still there, up, extension number
            """)),
        Wording((NO_VERB,), EXTENSION, (
            Slot("target", Kind.TARGET, introducers=("of", "for", "named", "called")), LEVEL, LOCATION), noun_needed=True,
            fillers=("details", "info")),
        Wording((NO_VERB,), (), (
            Slot("target", Kind.NUMBER), LEVEL, STATED_LOCATION), needs=("target",), fillers=("details", "info")),
        Wording((NO_VERB,), ("number", "phone number"), (
            Slot("target", Kind.NUMBER), LEVEL, STATED_LOCATION), needs=("target",), noun_needed=True),
        Wording(phrases("check, check if, check whether, is, check on, verify"), EXTENSION, (
            Slot("target", Kind.TARGET, introducers=("of", "for")), LEVEL, STATED_LOCATION), noun_needed=True,
            needs=("target",), fillers=phrases("taken, free, available, in use, used, exists, still, there")),
        Wording(phrases("is, check if, check whether, see if, check, check on"), EXTENSION, (
            Slot("target", Kind.SHORT), LEVEL, STATED_LOCATION),
            needs=("target",), fillers=phrases("""
                taken, free, available, in use, used, exists, still, there, is, assigned, already, occupied, a
                virtual extension, an extension
            """)),
    ),
)
def show_extension(ctx: Context, wanted: Arguments) -> Card:
    """Show one virtual extension, or the choice where several fit."""
    return extension_details(_find(ctx, wanted), ctx.may(Permission.CHANGE))


@command(
    "extensions.add",
    title="Add an extension",
    help="Adds a virtual extension for an outside number.",
    examples=("add 5012 +14085550123 Jane Doe at Denver", "add extension 5012 number +14085550123 name Jane Doe"),
    permission=Permission.CHANGE,
    changes=True,
    required=("extension", "phone_number", "display_name"),
    form=_draw_new,
    wordings=(
        Wording(ADDING, NEW_EXTENSION, (
            Slot("extension", Kind.EXTENSION, EXTENSION_LABELS, phrases("as, under, on, to, ->, with, using")),
            Slot("phone_number", Kind.PHONE, PHONE_LABELS, POINTING),
            FIRST_NAME, LAST_NAME,
            Slot("display_name", Kind.NAME, NAME_LABELS, phrases("""
                for, named, called, is called, which is called, as, belonging to
            """)),
            LEVEL,
            Slot("location", Kind.NAME, ("location", "site", "office"), phrases("""
                at, in, @, for, from, to, on
            """)),
        ), fronted=True, before_noun="display_name", fillers=("number",)),
        Wording(("assign", "give", "map"), EXTENSION, (
            Slot("extension", Kind.EXTENSION, EXTENSION_LABELS, ("as", "with")),
            Slot("phone_number", Kind.PHONE, PHONE_LABELS, POINTING),
            Slot("display_name", Kind.NAME, introducers=("to", "for")),
            *PLACED,
        ), needs=("extension", "display_name"), fillers=("number",)),
        Wording(("map", "assign"), EXTENSION, (
            Slot("extension", Kind.EXTENSION, EXTENSION_LABELS),
            Slot("phone_number", Kind.PHONE, PHONE_LABELS, ("to", "->")),
            Slot("display_name", Kind.NAME, NAME_LABELS, ("for",), bare=False),
            *PLACED,
        ), needs=("extension", "phone_number")),
    ),
)
def add_extension(ctx: Context, wanted: Arguments) -> Card:
    """Plan a new virtual extension, or open the form for what is missing."""
    if not wanted.given() or (ctx.is_typed and add_extension.missing(wanted)):
        return _draw_new(ctx, wanted, {})
    image = read_new_extension(wanted)
    location = place_of_new(ctx.services.locations, wanted)
    location_id, location_name = (location.id, location.name) if location else (None, None)
    check_phone_number(ctx.calling, str(image["phoneNumber"]))
    warnings = check_extension_is_free(ctx.calling, str(image["extension"]), location_id)
    label = f"{image['extension']} {image['displayName']}"
    return propose(
        ctx,
        Permission.CHANGE,
        Change(ChangeKind.CREATE, Thing.EXTENSION, label, None, image, None, location_id, location_name),
        warnings,
    )


@command(
    "extensions.change",
    title="Change an extension",
    help="Changes the extension, the number or the names of a virtual extension.",
    examples=("change 5012 number +14085550123", "rename 5012 to Jane Roe", "move 5012 to 5013", "edit 5012"),
    permission=Permission.CHANGE,
    changes=True,
    required=("target",),
    form=_draw_changed,
    wordings=(
        Wording(CHANGING, EXTENSION, (TARGET, *NEW_VALUES, *PLACED), before_noun="target", fronted=True),
        Wording(("make", "let", "have"), EXTENSION,
                (TARGET, Slot("phone_number", Kind.PHONE, introducers=phrases("""
                    point to, point at, ring, dial, go to, call, reach
                """), bare=False), *PLACED),
                needs=("target", "phone_number")),
        Wording(("give", "assign"), EXTENSION,
                (Slot("target", Kind.NUMBER), Slot("phone_number", Kind.PHONE, renewed(PHONE_LABELS), bare=False),
                 Slot("display_name", Kind.NAME, renewed(NAME_LABELS), bare=False), *PLACED), needs=("target",)),
        Wording(("rename", "relabel", "retitle"), EXTENSION,
                (TARGET, *NEW_VALUES[2:4],
                 Slot("display_name", Kind.NAME, NAME_LABELS, ("to", "into", "->", "as")), *PLACED),
                before_noun="target", fronted=True),
        Wording(phrases("renumber, move, switch, reassign, swap"), EXTENSION,
                (TARGET, Slot("extension", Kind.EXTENSION, EXTENSION_LABELS, phrases("""
                    to, into, ->, as, with, onto
                """)),
                 Slot("phone_number", Kind.PHONE, PHONE_LABELS, ("to", "into", "->", "as"), bare=False), *PLACED),
                before_noun="target"),
        Wording(phrases("point, redirect, repoint, re-point, forward, route, reroute, direct, send, remap"),
                EXTENSION, (TARGET, Slot("phone_number", Kind.PHONE, PHONE_LABELS, phrases("""
                    to, at, ->, on, towards
                """)), *PLACED),
                before_noun="target", needs=("target", "phone_number")),
    ),
)
def change_extension(ctx: Context, wanted: Arguments) -> Card:
    """Plan new values of a virtual extension, or open its form."""
    found = _find(ctx, wanted)
    changes = read_extension_changes(wanted)
    if not changes:
        return extension_change_form(found, wanted)
    before = image_of_extension(found)
    after = {**before, **changes}
    differing = differences(before, after)
    if not differing:
        raise UserError("That is how it is already: nothing would change.", "Change at least one of the values.")
    if "phoneNumber" in differing:
        check_phone_number(ctx.calling, str(after["phoneNumber"]))
    warnings = _names_left(before, differing)
    if "extension" in differing:
        warnings += check_extension_is_free(ctx.calling, str(after["extension"]), found.location_id)
    return propose(ctx, Permission.CHANGE, _change(ChangeKind.CHANGE, found, before, after), warnings)


@command(
    "extensions.delete",
    title="Delete an extension",
    help="Deletes a virtual extension.",
    examples=("delete 5012", "delete Jane Doe at Lyon"),
    permission=Permission.CHANGE,
    changes=True,
    required=("target",),
    wordings=(
        Wording(DELETING, EXTENSION, (
            Slot("target", Kind.TARGET, ("extension number", "ext number", "number", "phone number"),
                 phrases("of, for, with, named, called")),
            LEVEL,
            Slot("location", Kind.NAME, introducers=phrases("""
                at, in, @, from, at location, in location, at site
            """), bare=False),
        ), before_noun="target", fillers=("the entry", "entry")),
    ),
)
def delete_extension(ctx: Context, wanted: Arguments) -> Card:
    """Plan the deletion of a virtual extension."""
    found = _find(ctx, wanted)
    return propose(ctx, Permission.CHANGE, _change(ChangeKind.DELETE, found, image_of_extension(found), None))
