"""The way back: from a plan that was applied to the changes that undo it, and to what has changed since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.plans import Change, ChangeState, Image, Kind, Plan, PlannedChange, Present, Thing


@dataclass(frozen=True)
class Versions:
    """A thing that is not as a plan left it: before the plan, after it, and now."""

    label: str
    before: Image | None
    after: Image | None
    now: Image | None


def inverse(plan: Plan) -> tuple[Change, ...]:
    """The changes that undo what was done of a plan, the last one first.

    What the plan deleted is made anew at once as it was before all changes of the plan: its new id is not known
    to further ones. The mode is put back at once too.
    """
    back: dict[tuple[str, ...], Change] = {}
    for position, planned in reversed(list(enumerate(plan.changes))):
        if planned.outcome.state is ChangeState.DONE:
            later = back.pop(_identity(planned), None)
            way = _way(planned, later.before if later else planned.change.after)
            at_once = way.kind is Kind.CREATE or way.thing is Thing.MODE
            back[_identity(planned) if at_once else (str(position),)] = way
    return tuple(change for change in back.values() if change.before != change.after)


def from_present(wanted: Sequence[Change], present: Sequence[Present | None]) -> tuple[Change, ...]:
    """The changes of an inverse as they have to be now; `present` is the thing of each as it is.

    What has changed since is led back at once; what is as it was before the plan is left out. Where something else
    has taken the place of what is to be made anew, the checks say so.
    """
    left_by_plan = {thing_of(change): change.before for change in reversed(wanted)}
    last = {thing_of(change): position for position, change in enumerate(wanted)}
    rebased: list[Change] = []
    for position, (change, found) in enumerate(zip(wanted, present, strict=True)):
        now = found.image if found else None
        if change.kind is Kind.CREATE:
            # It may be there only until an earlier change takes it away.
            is_taken = any(earlier.before == change.after for earlier in rebased)
            rebased += [change] if is_taken or now != change.after else []
        elif now == left_by_plan[thing_of(change)]:
            rebased.append(replace(change, target_id=found.id if found else None))
        elif position == last[thing_of(change)] and now != change.after:
            rebased.append(_between(change, now, change.after, found.id if found else None))
    return tuple(rebased)


def versions_of(undo: Plan, undone: Plan) -> tuple[Versions, ...]:
    """What was changed between a plan and the plan that is to undo it."""
    then = inverse(undone)
    found: list[Versions] = []
    for change in (planned.change for planned in undo.changes):
        end = next((was for was in then if _lead_alike(change, was)), None)
        if end and end.before != change.before:
            start = next(was for was in then if thing_of(was) == thing_of(end))
            found.append(Versions(change.label, end.after, start.before, change.before))
    return tuple(found)


def thing_of(change: Change) -> tuple[str, ...]:
    """Which thing a change of an inverse is about: by its id, or what is to be made anew by name and place."""
    return change.thing, change.target_id or change.label, change.location_id or ""


def label_of(thing: Thing, before: Image | None, after: Image | None) -> str:
    """What people call the thing of a change: by what it is before it, or after it for something new."""
    image = before or after or {}
    if thing is Thing.MODE:
        return str((after or {}).get("mode", ""))
    if thing is Thing.RANGE:
        return str(image.get("name", ""))
    full = f"{image.get('firstName', '')} {image.get('lastName', '')}".strip()
    return f"{image.get('extension', '')} {image.get('displayName') or full or image.get('extension', '')}"


def _identity(planned: PlannedChange) -> tuple[str, ...]:
    thing, known = planned.change.thing, _known_id(planned)
    return (thing,) if thing is Thing.MODE else (thing, known or planned.change.label)


def _known_id(planned: PlannedChange) -> str | None:
    return planned.outcome.target_id or planned.change.target_id


def _way(planned: PlannedChange, before: Image | None) -> Change:
    """From an image back to what was before a change."""
    return _between(planned.change, before, planned.change.before, _known_id(planned))


def _between(change: Change, before: Image | None, after: Image | None, target_id: str | None) -> Change:
    """The change of the same thing that leads from one image to another."""
    kind = Kind.CREATE if before is None else Kind.DELETE if after is None else Kind.CHANGE
    return replace(
        change,
        kind=kind,
        label=label_of(change.thing, before, after),
        before=before,
        after=after,
        target_id=None if kind is Kind.CREATE else target_id,
    )


def _lead_alike(one: Change, other: Change) -> bool:
    """Whether two changes lead one thing to the same end. What was deleted since is made anew, without its id."""
    same_id = one.target_id == other.target_id or None in (one.target_id, other.target_id)
    return same_id and (one.thing, one.after, one.location_id) == (other.thing, other.after, other.location_id)
