"""Plans that the stories about undo begin with, and what Webex has before and after."""

from collections.abc import Mapping

from bot_at_work import BotAtWork
from people import Person

from bot.calling.models import Extension, Range
from bot.calling.requests import ExtensionFilter, RangeFilter
from bot.plans import Change, Kind, Plan, PlannedChange, PlanState, Thing, image_of_extension

ADD = "add 5012 +14085550123 Jane Doe at Denver"


def extension(bot: BotAtWork, number: str) -> Extension | None:
    """What Webex has under an extension."""
    return next(iter(bot.services.calling.all_extensions(ExtensionFilter(extension=number))), None)


def present(bot: BotAtWork, number: str) -> Extension:
    """The same, where it has to be there."""
    found = extension(bot, number)
    assert found is not None
    return found


def values(found: Extension) -> Mapping[str, object]:
    """Everything of an extension but its id."""
    return found.model_dump(exclude={"id"})


def range_named(bot: BotAtWork, name: str) -> Range | None:
    """A range of that name with its place, and its patterns, whose order has no meaning."""
    listed = next(iter(bot.services.calling.all_ranges(RangeFilter(name=name))), None)
    if listed is None:
        return None
    patterns = bot.services.calling.get_range(listed.id).patterns or ()
    return listed.model_copy(update={"patterns": tuple(sorted(patterns))})


def does(person: Person, line: str) -> str:
    """Have something changed, and return the id of its plan."""
    person.says(line)
    plan_id = person.plan_id()
    person.says(f"confirm {plan_id}")
    person.sees("Done:")
    return plan_id


def changed(found: Extension, **values: str) -> Change:
    """The change of an extension to those values."""
    before = image_of_extension(found)
    label, after = f"{found.extension} {found.label}", {**before, **values}
    return Change(Kind.CHANGE, Thing.EXTENSION, label, before, after, found.id, found.location_id)


def has_done(bot: BotAtWork, person: Person, *changes: Change) -> str:
    """Confirm one plan of several changes, and return its id."""
    person.meets_the_bot()
    planned = tuple(map(PlannedChange, changes))
    draft = Plan("", PlanState.PROPOSED, "alice", "Alice", person.room_id, bot.clock(), planned)
    plan_id = bot.services.store.add_plan(draft).id
    person.says(f"confirm {plan_id}")
    person.sees("Done:")
    return plan_id


def does_in_space(person: Person) -> str:
    """An addition in a space that others see too; its plan."""
    person.says(ADD, in_space="Telephony")
    plan_id = person.plan_id()
    person.clicks("Confirm")
    return plan_id
