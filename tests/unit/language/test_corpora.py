"""The tables of lines beside this file, and what holds for every command's own examples."""

import re
from collections.abc import Callable
from functools import cache

import pytest
from language_corpus import never_a_change, understood

from bot.language import NotUnderstood, explain, read
from bot.registry import Registry

LINES = understood()

PARTS = 3
"""Each way to say a line otherwise is tried on every third line, so that each line is said in several ways."""

OTHERWISE = (str.lower, str.upper, str.title, lambda text: f"  {text}  ", lambda text: text + "!", str.swapcase)
POLITE = ("please {}", "{} please", "hi bot, {}", "Hello! {}, thanks", "could you {}", "Can you please {}?")


def test_the_tables_are_large() -> None:
    assert len(LINES) >= 400
    assert len(never_a_change()) >= 200
    assert len({line.text for line in LINES}) == len(LINES)


@pytest.mark.parametrize("command", sorted({line.command for line in LINES}))
def test_lines_are_understood(command: str, registry: Registry) -> None:
    lines = [line for line in LINES if line.command == command]
    assert {line.text: explain(line.text, registry) for line in lines} == {
        line.text: {
            "command": command,
            "arguments": line.arguments,
            "missing": [name for name in registry[command].required if name not in line.arguments],
        }
        for line in lines
    }


def test_no_change_is_read_into_other_lines(registry: Registry) -> None:
    found = {text: read(text, registry) for text in never_a_change()}
    understood_as = {text: one.name for text, one in found.items() if not isinstance(one, NotUnderstood)}
    assert [text for text, name in understood_as.items() if registry[name].changes] == []


def test_every_command_has_lines(registry: Registry) -> None:
    assert {line.command for line in LINES} == set(registry)


def test_every_example_in_help_is_understood_as_its_command(registry: Registry) -> None:
    for spec in registry.values():
        assert spec.examples
        assert [explain(example, registry)["command"] for example in spec.examples] == [spec.name] * len(
            spec.examples
        )


@pytest.mark.parametrize(
    ("part", "change"),
    list(enumerate(OTHERWISE)),
)
def test_case_and_blanks_and_exclamation_do_not_matter(part: int, change: object, registry: Registry) -> None:
    """Compared by command alone: the case of a name is kept."""
    assert callable(change)
    for line in LINES[part % PARTS :: PARTS]:
        if line.text == line.text.lower():
            changed = change(line.text)
            assert explain(changed, registry)["command"] == line.command, changed


@pytest.fixture(scope="module")
def as_it_is(registry: Registry) -> Callable[[str], dict[str, object]]:
    """What is understood by a line as it is, found out once for all ways to be polite."""
    return cache(lambda text: explain(text, registry))


@pytest.mark.parametrize(
    ("part", "polite"),
    list(enumerate(POLITE)),
)
def test_politeness_does_not_matter(
    part: int, polite: str, registry: Registry, as_it_is: Callable[[str], dict[str, object]]
) -> None:
    imperative = re.compile("(show|list|add|create|change|rename|delete|remove|check|confirm|cancel) .")
    for line in LINES[part % PARTS :: PARTS]:
        if imperative.match(line.text) and line.arguments and not line.text.endswith("?"):
            found = explain(polite.format(line.text), registry)
            assert found == as_it_is(line.text), polite.format(line.text)
