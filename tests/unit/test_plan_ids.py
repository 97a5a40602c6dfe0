"""The ids of plans are typed by people."""

from bot.command import Arguments, Command
from bot.commands import all_commands
from bot.language import read
from bot.plans import new_plan_id


def test_every_id_is_understood_also_in_small_letters() -> None:
    """An id that reads like a word would be taken for one."""
    registry = all_commands()
    for plan_id in {new_plan_id() for _ in range(500)}:
        for typed in (plan_id, plan_id.lower()):
            assert read(f"confirm {typed}", registry) == Command("plans.confirm", Arguments(target=plan_id))
            assert read(f"cancel {typed}", registry) == Command("plans.cancel", Arguments(target=plan_id))
            assert read(f"undo {typed}", registry) == Command("plans.undo", Arguments(target=plan_id))


def test_ids_are_not_repeated_soon() -> None:
    assert len({new_plan_id() for _ in range(100)}) > 95
