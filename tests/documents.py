"""The parts of README.md that are made from the code. `make docs` writes them, test_documents.py compares them."""

import re
from pathlib import Path

from bot.commands import all_commands
from bot.policy import WHAT_FOR, Permission
from bot.registry import Spec
from bot.settings import describe

README = Path(__file__).parent.parent / "README.md"


def written(readme: str) -> str:
    """The README with its generated parts as they should be."""
    for name, table in (("commands", commands()), ("permissions", permissions()), ("settings", settings())):
        pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        readme = re.sub(pattern, lambda found, table=table: f"{found[1]}{table}\n{found[2]}", readme, flags=re.S)
    return readme


def commands() -> str:
    """Every command: what to type, what it does, who may."""
    rows = [
        f"| {'<br>'.join(f'`{line}`' for line in spec.examples)} | {spec.help} | {_needs(spec)} |"
        for spec in all_commands().values()
    ]
    return "\n".join(["| type | it | permission |", "| --- | --- | --- |", *rows])


def _needs(spec: Spec) -> str:
    """Deciding on a plan needs what the plan needs."""
    return spec.permission or ("as the plan" if spec.changes else "none")


def permissions() -> str:
    """Every permission: what it is for."""
    rows = [f"| `{permission}` | {WHAT_FOR[permission]} |" for permission in Permission]
    return "\n".join(["| permission | to |", "| --- | --- |", *rows])


def settings() -> str:
    """Every setting: its variable, its default, its meaning."""
    rows = [
        f"| `{row.variable}` | {'(required)' if row.required else row.default} | {row.meaning} |"
        for row in describe()
    ]
    return "\n".join(["| variable | default | what to set it to |", "| --- | --- | --- |", *rows])


if __name__ == "__main__":
    README.write_text(written(README.read_text("utf-8")), "utf-8")
