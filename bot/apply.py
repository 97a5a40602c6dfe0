"""Applying a plan: compare with the present, note, call, read back. Never blindly twice.

The state of each change is recorded before and after its call, so that a plan goes on where it stopped: a change
that was sent and never answered is settled by reading back whether it happened.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import chain

from bot.calling.client import CallingClient
from bot.calling.errors import explain
from bot.calling.models import Extension, Range
from bot.calling.requests import (
    Done,
    ExtensionFilter,
    ExtensionUpdate,
    NewExtension,
    NewRange,
    RangeFilter,
    RangeUpdate,
)
from bot.errors import NotFound, WebexError
from bot.plans import (
    Change,
    ChangeState,
    Image,
    Kind,
    Outcome,
    PlannedChange,
    Present,
    Thing,
    differences,
    image_of_extension,
    image_of_range,
)
from bot.telephony import Mode, PatternAction

Record = Callable[[int, Outcome], None]
"""Notes durably how far the change at that position has come."""

DID_NOT_HAPPEN = "Webex did not answer, and reading back shows that it did not happen. Nothing was changed."
NOT_SO_FAR = "Webex did not answer, and it has not happened so far. It still may: look it up before you try again."
CANNOT_TELL = "Webex did not answer and can't be read now. Look it up before you try again."
LOOKS_ELSE = "Webex did not answer, and reading back shows something else. Look it up before you try again."
LOOKS_DIFFERENT = "Webex accepted it, but reading back shows something else. Look it up to see what it is now."
NOT_STARTED = "It was interrupted, and whoever confirmed it may not do this any more. Nothing was changed."
NOT_READ_BACK = "Webex accepted it, but can't be read now to check it. Look it up to see what it is now."

INTERRUPTED: Mapping[str, str] = {
    DID_NOT_HAPPEN: "It was interrupted, and reading back shows that it did not happen. Nothing was changed.",
    LOOKS_ELSE: "It was interrupted, and reading back shows something else. Look it up before you try again.",
    CANNOT_TELL: "It was interrupted, and Webex can't be read now. Look it up before you try again.",
}
"""What reading back says of a change that may have been sent, by a worker that was killed."""

ACCEPTED: Mapping[str, str] = {
    DID_NOT_HAPPEN: LOOKS_DIFFERENT,
    LOOKS_ELSE: LOOKS_DIFFERENT,
    CANNOT_TELL: NOT_READ_BACK,
}
"""What reading back says of a change whose answer was lost, and of one that was accepted."""

MAY_GO_ON = (None, 502, 504)
"""The statuses that say that somebody has given up waiting, a gateway or we, while Webex may still be at it."""


def find_present(change: Change, calling: CallingClient, created_id: str | None = None) -> Present | None:
    """The thing of a change, by its id, else by what it is called. None where there is none. Raises WebexError."""
    try:
        return PRESENT[change.thing](change, calling, created_id or change.target_id)
    except NotFound:
        return None


def apply_changes(
    changes: tuple[PlannedChange, ...], calling: CallingClient, record: Record
) -> tuple[Outcome, ...]:
    """Apply what is not applied yet, in order, and return every outcome. One that fails does not stop the rest."""
    return tuple(_continue(position, planned, calling, record) for position, planned in enumerate(changes))


def settle_changes(
    changes: tuple[PlannedChange, ...], calling: CallingClient, record: Record
) -> tuple[Outcome, ...]:
    """Find out what has happened of a plan that must not go on, and return every outcome. Nothing is sent."""
    return tuple(_end(position, planned, calling, record) for position, planned in enumerate(changes))


def _end(position: int, planned: PlannedChange, calling: CallingClient, record: Record) -> Outcome:
    outcome = planned.outcome
    if outcome.state is ChangeState.SENT:
        outcome = _take_up(planned.change, calling, outcome)
    elif outcome.state is ChangeState.PLANNED:
        outcome = Outcome(ChangeState.FAILED, planned.change.target_id, detail=NOT_STARTED)
    else:
        return outcome
    record(position, outcome)
    return outcome


def _continue(position: int, planned: PlannedChange, calling: CallingClient, record: Record) -> Outcome:
    outcome, sent_before = planned.outcome, planned.outcome.state is ChangeState.SENT
    if outcome.is_final:
        return outcome
    if sent_before:
        outcome = _take_up(planned.change, calling, outcome)
    if not sent_before or outcome.state is ChangeState.FAILED:
        record(position, Outcome(ChangeState.SENT))
        outcome = _send(planned.change, calling, sent_before=sent_before)
    record(position, outcome)
    return outcome


def _send(change: Change, calling: CallingClient, *, sent_before: bool) -> Outcome:
    try:
        done = SEND[change.kind, change.thing](change, calling)
    except WebexError as error:
        return _explain_failure(change, calling, error, sent_before=sent_before)
    return _verify(change, calling, Outcome(ChangeState.DONE, done.id or change.target_id, done.tracking_id))


def _explain_failure(change: Change, calling: CallingClient, error: WebexError, *, sent_before: bool) -> Outcome:
    """What became of a change whose call failed.

    What a killed worker had sent may arrive late: then Webex refuses the second call because of the first.
    """
    problem, unknown = explain(error), error.call.outcome_unknown
    refused = Outcome(ChangeState.FAILED, change.target_id, error.call.tracking_id, str(problem), problem.field)
    if not unknown and not sent_before:
        return refused
    if unknown and error.call.status in MAY_GO_ON:
        return _await(change, calling, refused)
    settled = _settle(change, calling, refused)
    return settled if unknown or settled.state is not ChangeState.FAILED else refused


def _take_up(change: Change, calling: CallingClient, outcome: Outcome) -> Outcome:
    """Find out the same of what a killed worker may have sent. One failure to read does not make it uncertain."""
    settled = outcome
    for _ in chain((None,), calling.looks_again()):
        settled = _settle(change, calling, outcome)
        if settled.detail != CANNOT_TELL:
            break
    return replace(settled, detail=INTERRUPTED.get(settled.detail, settled.detail))


def _await(change: Change, calling: CallingClient, outcome: Outcome) -> Outcome:
    """Find out the same of what may happen yet. That it will not is never certain."""
    for _ in chain((None,), calling.looks_again()):
        settled = _settle(change, calling, outcome)
        if settled.detail != DID_NOT_HAPPEN:
            return settled
    return Outcome(ChangeState.UNKNOWN, outcome.target_id, outcome.tracking_id, NOT_SO_FAR)


def _verify(change: Change, calling: CallingClient, outcome: Outcome) -> Outcome:
    """Read back what was accepted. "Could not verify" must never look like "verified"."""
    settled = _settle(change, calling, outcome)
    return Outcome(ChangeState.DONE, settled.target_id, outcome.tracking_id, ACCEPTED.get(settled.detail, ""))


def _settle(change: Change, calling: CallingClient, outcome: Outcome) -> Outcome:
    """Find out by reading back whether a change happened, and the id of what it created."""
    try:
        found = find_present(change, calling, outcome.target_id)
    except WebexError:
        return Outcome(ChangeState.UNKNOWN, outcome.target_id, outcome.tracking_id, CANNOT_TELL)
    now = found.image if found else None
    if now == change.after:
        known = outcome.target_id or (found.id if found else change.target_id)
        return Outcome(ChangeState.DONE, known, outcome.tracking_id)
    if now == change.before:
        return Outcome(ChangeState.FAILED, outcome.target_id, outcome.tracking_id, DID_NOT_HAPPEN)
    return Outcome(ChangeState.UNKNOWN, outcome.target_id, outcome.tracking_id, LOOKS_ELSE)


def _present_extension(change: Change, calling: CallingClient, target_id: str | None) -> Present | None:
    if target_id:
        return Present(image_of_extension(calling.get_extension(target_id)), target_id)
    image = change.after or change.before or {}
    found = extension_at(calling, str(image["extension"]), change.location_id)
    return Present(image_of_extension(found), found.id) if found else None


def extension_at(calling: CallingClient, extension: str, location_id: str | None) -> Extension | None:
    """The extension with exactly that number at that location, or at organization level without one."""
    organization = None if location_id else True
    filters = ExtensionFilter(extension=extension, location_id=location_id, org_level_only=organization)
    same = (found for found in calling.all_extensions(filters) if found.extension == extension)
    return next(same, None)


def _present_range(change: Change, calling: CallingClient, target_id: str | None) -> Present | None:
    if target_id is None:
        named = range_named(calling, str((change.after or change.before or {})["name"]))
        target_id = named.id if named else None
    return Present(image_of_range(calling.get_range(target_id)), target_id) if target_id else None


def range_named(calling: CallingClient, name: str) -> Range | None:
    """The range with exactly that name; names are unique in the organization."""
    same = (found for found in calling.all_ranges(RangeFilter(name=name)) if found.name.lower() == name.lower())
    return next(same, None)


def _present_mode(_change: Change, calling: CallingClient, _target_id: str | None) -> Present:
    return Present({"mode": calling.get_mode()})


PRESENT: Mapping[Thing, Callable[[Change, CallingClient, str | None], Present | None]] = {
    Thing.EXTENSION: _present_extension,
    Thing.RANGE: _present_range,
    Thing.MODE: _present_mode,
}


def _create_extension(change: Change, calling: CallingClient) -> Done:
    given = {field: value for field, value in (change.after or {}).items() if value}
    return calling.create_extension(NewExtension.model_validate({**given, "locationId": change.location_id}))


def _change_extension(change: Change, calling: CallingClient) -> Done:
    fields = differences(change.before or {}, change.after or {})
    return calling.update_extension(change.target_id or "", ExtensionUpdate.model_validate(fields))


def _create_range(change: Change, calling: CallingClient) -> Done:
    new = NewRange.model_validate({**(change.after or {}), "locationId": change.location_id})
    return calling.create_range(new)


def _change_range(change: Change, calling: CallingClient) -> Done:
    before, after = change.before or {}, change.after or {}
    fields = {**differences(before, after), **pattern_update(before, after)}
    return calling.update_range(change.target_id or "", RangeUpdate.model_validate(fields))


def pattern_update(before: Image, after: Image) -> dict[str, str | list[str]]:
    """The patterns and the action that lead from one image to the other. Only what differs travels.

    REPLACE discards silently whatever it does not repeat, so it is used only where both sides differ.
    """
    had, wanted = set(before.get("patterns", ())), set(after.get("patterns", ()))
    if had == wanted:
        return {}
    if had < wanted:
        return {"action": PatternAction.ADD.value, "patterns": sorted(wanted - had)}
    if wanted < had:
        return {"action": PatternAction.REMOVE.value, "patterns": sorted(had - wanted)}
    return {"action": PatternAction.REPLACE.value, "patterns": sorted(wanted)}


SEND: Mapping[tuple[Kind, Thing], Callable[[Change, CallingClient], Done]] = {
    (Kind.CREATE, Thing.EXTENSION): _create_extension,
    (Kind.CHANGE, Thing.EXTENSION): _change_extension,
    (Kind.DELETE, Thing.EXTENSION): lambda change, calling: calling.delete_extension(change.target_id or ""),
    (Kind.CREATE, Thing.RANGE): _create_range,
    (Kind.CHANGE, Thing.RANGE): _change_range,
    (Kind.DELETE, Thing.RANGE): lambda change, calling: calling.delete_range(change.target_id or ""),
    (Kind.CHANGE, Thing.MODE): lambda change, calling: calling.set_mode(Mode(str((change.after or {})["mode"]))),
}
