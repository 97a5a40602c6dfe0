"""How cards look: one header, one kind of table, one kind of notice. Text is escaped here, and only here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cards.elements import Column, ColumnSet, Container, Element, Fact, FactSet, TextBlock
from cards.escape import for_card, sentence_for_card, shorten

NOTHING = "–"
"""What stands for an empty text, which some clients leave no line for."""

LONGEST_TITLE = 80
LONGEST_CELL = 40
LONGEST_BELOW = 160
LONGEST_VALUE = 300
LONGEST_TEXT = 1_200


class Tone(StrEnum):
    """The colour of a header or a word. It never stands alone: the words say the same."""

    ACCENT = "accent"
    GOOD = "good"
    WARNING = "warning"
    ATTENTION = "attention"


@dataclass(frozen=True)
class Cell:
    """One cell of a table, with a quieter second line below where there is something to say."""

    text: str
    below: str = ""
    bold: bool = False
    tone: Tone | None = None
    longest: int = LONGEST_CELL


def text(
    content: str,
    *,
    size: str | None = None,
    spacing: str | None = None,
    bold: bool = False,
    tone: Tone | None = None,
) -> TextBlock:
    """A paragraph of plain text: whatever is in it, it is drawn as it was written."""
    return TextBlock(
        text=for_card(shorten(content, LONGEST_TEXT)) or NOTHING,
        wrap=True,
        size=size,
        spacing=spacing,
        weight="bolder" if bold else None,
        color=tone.value if tone else None,
    )


def quiet(content: str, spacing: str | None = None) -> TextBlock:
    """A sentence of the bot's own that stays in the background."""
    return TextBlock(text=sentence_for_card(content), wrap=True, isSubtle=True, size="small", spacing=spacing)


def sentence(content: str, spacing: str | None = None) -> TextBlock:
    """A sentence of the bot's own; `a line to type` in it is put in quotation marks."""
    return TextBlock(text=sentence_for_card(content), wrap=True, spacing=spacing)


def line_of_code(content: str) -> TextBlock:
    """A line to type, in the letters of a typewriter."""
    line = text(content, spacing="small")
    line.font_type = "monospace"
    return line


def header(kind: str, title: str, subtitle: str = "", tone: Tone = Tone.ACCENT) -> list[Element]:
    """What the card is about: a small coloured line, the title, and a quiet line below."""
    lines: list[Element] = [
        text(kind, size="small", bold=True, tone=tone),
        text(shorten(title, LONGEST_TITLE), size="large", bold=True, spacing="none"),
    ]
    return [*lines, quiet(subtitle, "small")] if subtitle else lines


def banner(content: str, tone: Tone, title: str = "") -> Container:
    """A sentence on a coloured ground, after a word that says what the colour says."""
    heading = [text(title, bold=True, tone=tone)] if title else []
    return Container(style=tone.value, spacing="medium", items=[*heading, sentence(content, "small")])


def facts(pairs: Mapping[str, str]) -> FactSet:
    """Names and values in two columns; a fact without a value is left out."""
    return FactSet(
        spacing="medium",
        facts=[
            Fact(title=for_card(name), value=for_card(shorten(value, LONGEST_VALUE)))
            for name, value in pairs.items()
            if value
        ],
    )


def table(headings: Sequence[str], widths: Sequence[str], rows: Sequence[Sequence[Cell]]) -> list[Element]:
    """Rows that line up: every row repeats the same widths, else each would choose its own."""
    top = [[quiet(heading)] for heading in headings]
    body = [[_cell(cell) for cell in row] for row in rows]
    return [
        _row(top, widths, spacing="medium", separator=None),
        *(_row(cells, widths, spacing="small", separator=True) for cells in body),
    ]


def beside(*groups: Sequence[Element]) -> ColumnSet:
    """Groups of elements side by side, in equal widths."""
    return _row(groups, ["1"] * len(groups), spacing="medium", separator=None)


def side_by_side(groups: Mapping[str, Sequence[Element]], drawn: Collection[str]) -> list[Element]:
    """Those of the named groups that are drawn, side by side."""
    shown = [group for name, group in groups.items() if name in drawn]
    return [beside(*shown)] if shown else []


def _row(
    cells: Sequence[Sequence[Element]], widths: Sequence[str], spacing: str, separator: bool | None
) -> ColumnSet:
    columns = [Column(width=width, items=list(items)) for items, width in zip(cells, widths, strict=True)]
    return ColumnSet(spacing=spacing, separator=separator, columns=columns)


def _cell(cell: Cell) -> list[Element]:
    first = text(shorten(cell.text, cell.longest), bold=cell.bold, tone=cell.tone)
    below = for_card(shorten(cell.below, LONGEST_BELOW))
    if not below:
        return [first]
    return [first, TextBlock(text=below, wrap=True, isSubtle=True, size="small", spacing="none")]
