"""Message markdown as Webex renders it: the documented subset, all else escaped, mentions as their own tag."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape, unescape
from typing import cast

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from bot.sandbox.records import Person

# Headings, tables, images and HTML are not in the documented list (REST API Basics, "Formatting Messages").
_RULES = ["emphasis", "link", "list", "blockquote", "backticks", "fence", "newline", "escape", "entity"]
_MENTION = re.compile(r"<@(?:(?:personEmail|personId):(?P<who>[^|>\s]+)|(?P<all>all))(?:\|(?P<label>[^>]*))?>")
_LINE_ENDS = re.compile(r"(?:\s*<(?:br|/p|/li|/pre|[ou]l)>\s*)+")
_TAG = re.compile(r"<[^>]+>")

FindPerson = Callable[[str], Person | None]
"""Returns the person with this e-mail address or id, if they can be mentioned here."""


@dataclass(frozen=True)
class Rendered:
    """A rendered message: `html`, its plain `text`, and the people (ids) and groups it mentions, each once."""

    html: str
    text: str
    people: tuple[str, ...]
    groups: tuple[str, ...]


@dataclass
class _Mentions:
    """What the rendering of one message has found so far."""

    find: FindPerson
    people: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)


def render(markdown: str, find_person: FindPerson) -> Rendered:
    """Render message markdown. Who can't be found is not mentioned: only the label is written."""
    mentions = _Mentions(find_person)
    html = _renderer().render(markdown, {"mentions": mentions}).strip()
    return Rendered(html, _plain(html), _once(mentions.people), _once(mentions.groups))


@cache
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("zero").enable(_RULES)
    renderer.inline.ruler.before("escape", "mention", _read_mention)
    renderer.add_render_rule("mention", _write_mention)
    return renderer


def _read_mention(state: StateInline, silent: bool) -> bool:
    found = _MENTION.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.push("mention", "", 0).meta = found.groupdict()
    state.pos = found.end()
    return True


def _write_mention(
    _: RendererHTML, tokens: Sequence[Token], index: int, __: OptionsDict, environment: EnvType
) -> str:
    mention = tokens[index].meta
    mentions = cast(_Mentions, environment["mentions"])
    if mention["all"]:
        mentions.groups.append("all")
        return _tag('data-object-type="groupMention" data-group-type="all"', mention["label"] or "All")
    person = mentions.find(mention["who"])
    if person is None:
        return escape(mention["label"] or mention["who"])
    mentions.people.append(person.id)
    attributes = f'data-object-type="person" data-object-id="{person.id}"'
    return _tag(attributes, mention["label"] or person.display_name)


def _tag(attributes: str, label: str) -> str:
    return f"<spark-mention {attributes}>{escape(label)}</spark-mention>"


def _plain(html: str) -> str:
    return unescape(_TAG.sub("", _LINE_ENDS.sub("\n", html))).strip()


def _once(values: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))
