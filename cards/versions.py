"""Three versions of what has changed since a plan: before it, after it, and now; and the question what to do."""

from collections.abc import Sequence

from bot.command import Arguments
from bot.plans import Image, Plan
from bot.undo import Versions
from cards.buttons import button
from cards.changes import EMPTY, image_facts
from cards.elements import Card, Element, finish
from cards.layout import LONGEST_VALUE, Cell, Tone, header, quiet, sentence, table, text
from cards.twin import bold, item, line_to_type, plain, twin
from cards.wording import SHORT_LIST, joined

ASK = "Undoing the plan takes back what has changed since, too. Do you want to undo it anyway?"
SAFE = "Nothing has changed yet: you see what would change before you confirm it."
NOT_THERE = "(not there)"
IN_FULL = 4
"""Things with all their versions on a card; the text has those of the others."""


def versions_card(undo: Plan, versions: Sequence[Versions]) -> Card:
    """What is not as the plan left it that `undo` is to undo, and two ways to go on."""
    title = f"It is not as plan {undo.undoes} left it"
    more = len(versions) - IN_FULL
    body = [
        *header(f"Undo plan {undo.undoes} · Changed since", title, tone=Tone.WARNING),
        *(element for one in versions[:IN_FULL] for element in _table(one)),
        *([quiet(f"And {more} more, which the text of this message lists.")] if more > 0 else []),
        sentence(ASK, "medium"),
        quiet(SAFE),
    ]
    actions = [
        button("Undo anyway", "plans.undo", Arguments(target=undo.undoes, acknowledged=True)),
        button("Leave it", "plans.cancel", Arguments(target=undo.id)),
    ]
    lines = [line for one in versions for line in _lines(one)]
    anyway = line_to_type("undo", undo.undoes or "", "anyway")
    go_on = f"{ASK} Type {anyway} to see the plan for it, or leave it as it is. {SAFE}"
    return finish(body, actions, twin(title, lines, go_on), undo.id)


def _table(one: Versions) -> list[Element]:
    cells = [
        (Cell(field), *(Cell(value, longest=LONGEST_VALUE) for value in values)) for field, *values in _rows(one)
    ]
    top = text(one.label, bold=True, spacing="medium")
    return [top, *table(("Field", "Before", "After", "Now"), ("3", "4", "4", "4"), cells)]


def _lines(one: Versions) -> list[str]:
    told = (
        f"{plain(field)}: before {plain(before)}, after {plain(after)}, now {bold(now)}"
        for field, before, after, now in _rows(one)
    )
    return [bold(one.label), *(item(row) for row in told)]


def _rows(one: Versions) -> list[tuple[str, ...]]:
    """Field, before, after and now, of the fields that are not alike in all three."""
    images = one.before, one.after, one.now
    named = [image_facts(image) for image in images]
    told = [
        (field, *(_shown(image, known[field]) for image, known in zip(images, named, strict=True)))
        for field in named[0]
    ]
    differing = [row for row in told if len({*row[1:]} - {NOT_THERE}) > 1 or _comes_or_goes(row)]
    return differing + _pattern_rows(images)


def _comes_or_goes(row: tuple[str, ...]) -> bool:
    return NOT_THERE in row and {*row[1:]} != {NOT_THERE, EMPTY}


def _shown(image: Image | None, value: str) -> str:
    return NOT_THERE if image is None else value or EMPTY


def _pattern_rows(images: Sequence[Image | None]) -> list[tuple[str, ...]]:
    """The patterns that are not in all three, where the lists are too long to be shown and compared."""
    lists = [list(image.get("patterns", ())) for image in images if image]
    if max(map(len, lists)) <= SHORT_LIST:
        return []
    common = set(lists[0]).intersection(*lists[1:])
    own = [joined([one for one in (image or {}).get("patterns", ()) if one not in common]) for image in images]
    told = [_shown(image, value) for image, value in zip(images, own, strict=True)]
    return [("Patterns that differ", *told)] if any(own) else []
