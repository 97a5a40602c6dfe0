"""The history: who changed what, when, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.command import Arguments
from bot.errors import UserError
from bot.history import Filter, Places
from bot.period import read_period
from bot.policy import Permission
from bot.registry import command
from bot.wordings import history as wordings
from cards.escape import one_line
from cards.history import DRAWN, PAGE, history_form, history_list

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.context import Context
    from cards.elements import Card

ME = "me"


def _filter(ctx: Context, wanted: Arguments) -> Filter:
    """What to look for. Raises UserError for a day or an e-mail that is none.

    But for an e-mail Webex is not asked for anything: the history can be read while it is away, and of what it has
    no more.
    """
    since, until = read_period(wanted.period, wanted.since, wanted.until, ctx.now())
    person_id = _person_id(ctx, wanted.person or "")
    return Filter(
        target=wanted.target,
        person=None if person_id else wanted.person,
        person_id=person_id,
        location=wanted.location,
        plan_id=wanted.plan.upper() if wanted.plan else None,
        since=since,
        until=until,
    )


def _person_id(ctx: Context, person: str) -> str | None:
    """Who is meant by `me` or by an e-mail; None for a name. Raises UserError."""
    if person.casefold() == ME:
        return ctx.person.id
    if "@" not in person:
        return None
    person_id = ctx.services.people.resolve(person.casefold())
    if person_id is None:
        raise UserError(
            f"Webex knows nobody with the e-mail “{person}”.",
            "Look for the name instead, as in `history by Alice`.",
            "person",
        )
    return person_id


def _places(ctx: Context) -> Places | None:
    """Where the person may look; None for everywhere, for which Webex is not asked."""
    view = ctx.view
    if view.reach.everywhere:
        return None
    visible = view.locations()
    ids, names = frozenset(one.id for one in visible), frozenset(one.name for one in visible)
    return Places(ctx.person.id, ids, names, view.reach.organization)


def _readable(wanted: Arguments) -> Arguments:
    """The filters, on one line each: a card that somebody made by hand may hold what no database takes."""
    texts: dict[str, Any] = {name: one_line(getattr(wanted, name) or "") or None for name in DRAWN}
    return Arguments(**texts, start=wanted.start)


def _draw(_ctx: Context, wanted: Arguments, mistakes: Mapping[str, str]) -> Card:
    return history_form(wanted, mistakes)


@command(
    "history.list",
    title="Show the history",
    help="Shows who changed what and when, also what was refused, failed or cancelled.",
    examples=(
        "history",
        "history 5012",
        "history range Berlin",
        "history me",
        "history at Lyon last 7 days",
        "history by Alice since 2026-11-01",
    ),
    permission=Permission.READ,
    wordings=wordings.LIST,
    form=_draw,
)
def list_history(ctx: Context, wanted: Arguments) -> Card:
    """Show a page of the entries that pass the filters, the newest first."""
    wanted = _readable(wanted)
    start = wanted.start or 0
    found = ctx.store.history.page(_filter(ctx, wanted), start, PAGE + 1, _places(ctx))
    titles = {spec.name: spec.title.lower() for spec in ctx.services.registry.values()}
    return history_list(found, wanted, titles, start=start)
