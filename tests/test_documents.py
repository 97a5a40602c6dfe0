"""The documents say what the code does."""

from pathlib import Path

from documents import README, written

from bot.commands import all_commands

ROOT = Path(__file__).parent.parent


def test_the_tables_of_the_readme_are_up_to_date() -> None:
    """`make docs` writes them."""
    assert written(README.read_text("utf-8")) == README.read_text("utf-8")


def test_every_command_has_help_and_an_example() -> None:
    """What help shows is declared with the command."""
    for spec in all_commands().values():
        assert spec.help.endswith(".")
        assert spec.examples


def test_the_architecture_names_every_module() -> None:
    """The map of the house has all its rooms."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for folder in ("bot", "cards"):
        for path in (ROOT / folder).glob("*.py"):
            assert path.stem == "__init__" or path.name in text, path.name
