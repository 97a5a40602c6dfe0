"""Help: what a person may do, who they are to the bot, and the first words in a space."""

from collections.abc import Sequence
from dataclasses import dataclass

from cards.buttons import button
from cards.elements import Card, Element, finish
from cards.layout import facts, header, line_of_code, quiet, sentence, text
from cards.twin import bold, fact_lines, item, line_to_type, plain, twin

KIND = "Virtual extensions"
TRY = ("show 5012", "extensions at Denver", "add 5012 +14085550123 Jane Doe at Denver")
ABOUT = "I look after the virtual extensions and ranges of Webex Calling: short numbers for phones elsewhere."
SAFE = "A change is shown to you first, and nothing happens before you confirm it."


@dataclass(frozen=True)
class HelpEntry:
    """One command: what it is called, one line to type, one sentence."""

    title: str
    example: str
    sentence: str


@dataclass(frozen=True)
class HelpGroup:
    """Commands that belong together, such as those for ranges."""

    title: str
    entries: Sequence[HelpEntry]


def help_card(groups: Sequence[HelpGroup]) -> Card:
    """All that the person may run, one line to type for each."""
    title = "What you can type"
    hint = "Type `help ranges` for more about a subject. In a group space, mention me first."
    body: list[Element] = header(KIND, title, SAFE)
    for group in groups:
        body.append(text(group.title, bold=True, spacing="medium"))
        body += [line for entry in group.entries for line in _entry(entry)]
    lines = [plain(SAFE)]
    for group in groups:
        lines += [bold(group.title), *(_entry_line(entry) for entry in group.entries)]
    return finish([*body, quiet(hint, "medium")], [], twin(title, lines, hint))


def topic_card(title: str, about: str, entries: Sequence[HelpEntry]) -> Card:
    """More about one subject: what it is, and every line with its sentence."""
    hint = "Type `help` for everything else."
    body: list[Element] = [*header(f"{KIND} · Help", title), sentence(about)]
    for entry in entries:
        body += [text(entry.title, bold=True, spacing="medium"), *_entry(entry)]
    lines = [plain(about), *(_entry_line(entry) for entry in entries)]
    return finish([*body, quiet(hint, "medium")], [], twin(title, lines, hint))


def whoami_card(
    name: str, email: str, permissions: Sequence[str], why: Sequence[str], *, granted_by: str, space_id: str = ""
) -> Card:
    """Who the person is to the bot, what they may do and why, who can give more, and in which space they ask."""
    allowed = ", ".join(permissions) or "nothing but help"
    known = {"E-mail": email, "You may": allowed, "Because": "; ".join(why), "This space": space_id}
    hint = "Type `help` to see the commands that you may run."
    if not permissions:
        hint = f"{granted_by} can give you the permission to read or to change, in the bot's access policy."
    body = [*header("You", name), facts(known), quiet(hint, "medium")]
    return finish(body, [button("Help", "help")], twin(f"You are {name}", fact_lines(known.items()), hint))


def greeting_card() -> Card:
    """The first words in a space."""
    title = "Hello, I am the virtual extension bot"
    body = [
        *header(KIND, title),
        sentence(ABOUT),
        sentence(SAFE, "small"),
        sentence("Try one of these. In a group space, mention me first.", "medium"),
        *(line_of_code(line) for line in TRY),
    ]
    actions = [button("Help", "help"), button("Extensions", "extensions.list"), button("Ranges", "ranges.list")]
    lines = [plain(ABOUT), plain(SAFE), *(item(line_to_type(line)) for line in TRY)]
    go_on = "Type one of these lines, or `help`. In a group space, mention me first."
    return finish(body, actions, twin(title, lines, go_on))


def _entry(entry: HelpEntry) -> list[Element]:
    return [line_of_code(entry.example), quiet(entry.sentence, "none")]


def _entry_line(entry: HelpEntry) -> str:
    return item(line_to_type(entry.example), plain(entry.sentence))
