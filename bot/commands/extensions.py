"""Virtual extensions: list, show, add, change, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.calling.models import Extension
from bot.checks import (
    check_values,
    differing,
    place_of_new,
    read_extension_changes,
    read_new_extension,
)
from bot.command import Arguments
from bot.lookup import EXTENSION_FILTERS, extensions_page, find_extension, only
from bot.places import place_of
from bot.plans import Change, Image, Kind, Thing, image_of_extension
from bot.policy import ORGANIZATION, Permission
from bot.proposals import propose
from bot.registry import command
from bot.wordings import extensions as wordings
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


def _find(ctx: Context, wanted: Arguments) -> Extension:
    return find_extension(ctx.calling, ctx.view, wanted)


def _draw_new(ctx: Context, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    view = ctx.view
    return extension_form(wanted, view.locations(), mistakes, everybody=view.admits(ORGANIZATION))


def _draw_changed(ctx: Context, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    return _change_form(ctx, _find(ctx, wanted), wanted, mistakes)


def _change_form(ctx: Context, found: Extension, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    fields = ctx.services.access.fields(ctx.person, ctx.command, place_of(found))
    return extension_change_form(found, wanted, mistakes, fields=fields)


def _allowed(ctx: Context, found: Extension) -> list[str]:
    """What the person may do with it."""
    place = place_of(found)
    return [command for command in ("extensions.change", "extensions.delete") if ctx.may_at(command, place)]


def _change(kind: Kind, found: Extension, before: Image, after: Image | None) -> Change:
    label = f"{found.extension} {found.label}"
    place = place_of(found)
    return Change(kind, Thing.EXTENSION, label, before, after, found.id, place.location_id, place.location_name)


def _names_left(before: Image, changed: Image) -> tuple[str, ...]:
    """A warning where only the display name changes: the directory sorts and finds by first and last name."""
    old = f"{before['firstName']} {before['lastName']}".strip()
    if "displayName" not in changed or not old or {"firstName", "lastName"} & set(changed):
        return ()
    return (f"Only the display name changes. First and last name stay “{old}”: use `edit` to change them too.",)


@command(
    "extensions.list",
    title="List extensions",
    help="Lists virtual extensions, all or those of a location, a name, a number.",
    examples=("extensions", "extensions at Lyon named smith", "list org", "extensions number +14085550123"),
    permission=Permission.READ,
    wordings=wordings.LIST,
)
def list_extensions(ctx: Context, wanted: Arguments) -> Card:
    """Show a page of the virtual extensions that pass the filters."""
    view, wanted = ctx.view, only(wanted, EXTENSION_FILTERS)
    page = extensions_page(ctx.calling, view, wanted, PAGE)
    return extension_list(
        page.items,
        wanted,
        start=page.start,
        more=page.more,
        locations=view.locations(),
        may_add=ctx.may("extensions.add"),
        limits=view.limits(),
    )


@command(
    "extensions.show",
    title="Show an extension",
    help="Shows one virtual extension, found by extension, phone number or name.",
    examples=("show 5012", "who is 5012", "show +14085550123", "show Jane Doe"),
    permission=Permission.READ,
    required=("target",),
    wordings=wordings.SHOW,
)
def show_extension(ctx: Context, wanted: Arguments) -> Card:
    """Show one virtual extension, or the choice where several fit."""
    found = _find(ctx, wanted)
    return extension_details(found, _allowed(ctx, found))


@command(
    "extensions.add",
    title="Add an extension",
    help="Adds a virtual extension for an outside number.",
    examples=("add 5012 +14085550123 Jane Doe at Denver", "add extension 5012 number +14085550123 name Jane Doe"),
    permission=Permission.CHANGE,
    changes=True,
    required=("extension", "phone_number", "display_name"),
    touches=("extension", "phone_number", "display_name"),
    form=_draw_new,
    wordings=wordings.ADD,
)
def add_extension(ctx: Context, wanted: Arguments) -> Card:
    """Plan a new virtual extension, or open the form for what is missing."""
    # A button that opens the form sends no input of it; the form sends all, be they empty.
    pressed = not ctx.is_typed and wanted.extension is None
    if pressed or add_extension.missing(wanted) == list(add_extension.required):
        return _draw_new(ctx, wanted, {})
    image = read_new_extension(wanted)
    location = place_of_new(ctx.view, wanted)
    location_id, location_name = (location.id, location.name) if location else (None, None)
    label = f"{image['extension']} {image['displayName']}"
    change = Change(Kind.CREATE, Thing.EXTENSION, label, None, image, None, location_id, location_name)
    return propose(ctx, change, lambda: check_values(ctx.calling, ctx.view, image, location_id))


@command(
    "extensions.change",
    title="Change an extension",
    help="Changes the extension, the number or the names of a virtual extension.",
    examples=("change 5012 number +14085550123", "rename 5012 to Jane Roe", "move 5012 to 5013", "edit 5012"),
    permission=Permission.CHANGE,
    changes=True,
    required=("target",),
    form=_draw_changed,
    wordings=wordings.CHANGE,
)
def change_extension(ctx: Context, wanted: Arguments) -> Card:
    """Plan new values of a virtual extension, or open its form."""
    found = _find(ctx, wanted)
    changes = read_extension_changes(wanted)
    if not changes:
        return _change_form(ctx, found, wanted, {})
    before = image_of_extension(found)
    after = {**before, **changes}
    changed = differing(before, after)

    def check() -> tuple[str, ...]:
        return _names_left(before, changed) + check_values(ctx.calling, ctx.view, changed, found.location_id)

    return propose(ctx, _change(Kind.CHANGE, found, before, after), check)


@command(
    "extensions.delete",
    title="Delete an extension",
    help="Deletes a virtual extension.",
    examples=("delete 5012", "delete Jane Doe at Lyon"),
    permission=Permission.DELETE,
    changes=True,
    required=("target",),
    touches=("extension", "phone_number"),
    wordings=wordings.DELETE,
)
def delete_extension(ctx: Context, wanted: Arguments) -> Card:
    """Plan the deletion of a virtual extension."""
    found = _find(ctx, wanted)
    return propose(ctx, _change(Kind.DELETE, found, image_of_extension(found), None))
