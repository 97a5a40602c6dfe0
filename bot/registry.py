"""The commands by name. A command is one function in bot/commands, declared with @command."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import TYPE_CHECKING, TypeAlias

from bot.command import Arguments
from bot.policy import Permission
from bot.wording import Wording

if TYPE_CHECKING:
    # The context holds the registry, and the commands know their context: only the types go round.
    from bot.context import Context
    from cards.elements import Card

Run: TypeAlias = "Callable[[Context, Arguments], Card]"
Form: TypeAlias = "Callable[[Context, Arguments, Mapping[str, str]], Card]"


@dataclass(frozen=True)
class Spec:
    """A command: what it is called, who may run it, how it is said, what it does.

    `changes` says that it can change something, so that the language takes no chances with it. `required` are the
    arguments without which it asks for more, `touches` the fields that it sets or takes away in any case. `form`
    draws the command's form with an error at each named field.
    """

    name: str
    title: str
    help: str
    examples: tuple[str, ...]
    permission: Permission | None
    changes: bool
    wordings: tuple[Wording, ...]
    required: tuple[str, ...]
    touches: tuple[str, ...]
    form: Form | None
    run: Run

    def missing(self, given: Arguments) -> list[str]:
        """The required arguments that were not given."""
        values = given.given()
        return [argument for argument in self.required if argument not in values]


Registry: TypeAlias = Mapping[str, Spec]


def command(
    name: str,
    *,
    title: str,
    help: str,  # noqa: A002 - the word that the declarations read best with
    examples: tuple[str, ...],
    wordings: tuple[Wording, ...],
    permission: Permission | None = None,
    changes: bool = False,
    required: tuple[str, ...] = (),
    touches: tuple[str, ...] = (),
    form: Form | None = None,
) -> Callable[[Run], Spec]:
    """Declare a function to be the command of that name; the name in the module becomes the Spec."""

    def declare(run: Run) -> Spec:
        return Spec(name, title, help, examples, permission, changes, wordings, required, touches, form, run)

    return declare


def collect(*modules: ModuleType) -> Registry:
    """The commands that these modules declare, in their order. Raises ValueError for a name used twice."""
    specs = [spec for module in modules for spec in vars(module).values() if isinstance(spec, Spec)]
    found = {spec.name: spec for spec in specs}
    if len(found) != len(specs):
        raise ValueError("two commands have the same name")
    return MappingProxyType(found)
