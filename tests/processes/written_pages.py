"""The pages of docs/: their headings, and the blocks in them that are to be run as they are written."""

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = ("going-live", "deploy", "operations")


def text_of(page: str) -> str:
    return (ROOT / "docs" / f"{page}.md").read_text("utf-8")


def blocks(text: str, kind: str) -> list[str]:
    """What stands in the fenced blocks whose info string is `kind`."""
    return re.findall(rf"^```{re.escape(kind)}\n(.*?)^```$", text, re.M | re.S)


def sections(text: str) -> dict[str, str]:
    """The text below each heading, up to the next one."""
    parts = re.split(r"^#+ (.+)$", re.sub(r"^```.*?^```$", _without_comments, text, flags=re.M | re.S), flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _without_comments(block: re.Match[str]) -> str:
    """A comment of the shell is no heading."""
    return re.sub(r"^#.*\n", "", block[0], flags=re.M)


def table_below(heading: str, page: str) -> list[str]:
    """The first column of the first table there, without backticks."""
    rows = re.findall(r"^\| (.+?) \|", sections(text_of(page))[heading], re.M)
    return [row.strip("`") for row in rows[2:]]


@dataclass
class Reader:
    """Who goes through a page, block by block, and leaves none out."""

    page: str
    left: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        found = {heading: blocks(text, "sh run") for heading, text in sections(text_of(self.page)).items()}
        self.left = {heading: scripts for heading, scripts in found.items() if scripts}

    def next_block(self, heading: str) -> str:
        """The next block below that heading."""
        script = self.left[heading].pop(0)
        self.left = {heading: scripts for heading, scripts in self.left.items() if scripts}
        return script
