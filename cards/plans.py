"""Cards about plans: what would change, what has changed, and why a plan is not open any more."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.command import Arguments
from bot.plans import LIFETIME, ChangeState, Image, Kind, Outcome, Plan, PlannedChange, Thing
from cards.buttons import button, submit
from cards.changes import EMPTY, change_elements, change_lines, happened, image_facts, intended, where
from cards.elements import Action, Card, Element, finish
from cards.escape import sentence_for_message
from cards.form import Form
from cards.layout import Tone, banner, facts, header, quiet, sentence, text
from cards.twin import bold, fact_lines, item, line_to_type, plain, twin

IN_FULL = 4
"""Changes with all their rows on a card; further ones have a line each."""

AT_MOST = 20
"""Changes on a card; the text has the others."""

ACKNOWLEDGE = "I know that this affects the whole organization"
UNACKNOWLEDGED = "Tick the box to confirm it for the whole organization."
MODE_WARNING = (
    "This affects every virtual extension and range of the organization at once. If your PSTN provider does not "
    "support the new mode, calls to them fail."
)
VERIFIED = "Read back from Webex: it is as planned."

WORDS: Mapping[ChangeState, tuple[str, Tone]] = {
    ChangeState.PLANNED: ("Not started", Tone.WARNING),
    ChangeState.SENT: ("Not certain", Tone.WARNING),
    ChangeState.DONE: ("Done", Tone.GOOD),
    ChangeState.FAILED: ("Not done", Tone.ATTENTION),
    ChangeState.UNKNOWN: ("Not certain", Tone.WARNING),
}


def plan_card(plan: Plan, errors: Mapping[str, str] | None = None) -> Card:
    """What would change, with the buttons that decide on it. `errors` may have one for `acknowledged`."""
    minutes = int(LIFETIME.total_seconds() // 60)
    title, organization_wide = _title(plan), _organization_wide(plan)
    about = f"Asked for by {plan.requested_name}. Nothing has changed yet: confirm within {minutes} minutes."
    about = f"Undoes plan {plan.undoes}. {about}" if plan.undoes else about
    warnings = [*([MODE_WARNING] if organization_wide else []), *plan.warnings]
    form = Form({}, errors or {})
    body = [
        *header(f"Plan {plan.id}", title, about),
        *_changes(plan),
        *(banner(warning, Tone.WARNING, "Please note") for warning in warnings),
        *(form.tick("acknowledged", ACKNOWLEDGE, UNACKNOWLEDGED) if organization_wide else []),
    ]
    lines = [
        plain(about),
        *_lines(plan),
        *(item(f"{bold('Please note')}: {sentence_for_message(warning)}") for warning in warnings),
        *form.lines([]),
    ]
    return finish(body, _decisions(plan, organization_wide), twin(title, lines, _how_to_decide(plan)), plan.id)


def plan_confirmed(plan: Plan) -> Card:
    """What came of the plan, change by change: what, where, by whom, when, and Webex's tracking ids."""
    states = {planned.outcome.state for planned in plan.changes}
    verdict, tone = _verdict(states)
    what = _what(plan.changes[0]) if len(plan.changes) == 1 else f"{len(plan.changes)} changes"
    title = f"{verdict}: {what}"
    known = {"By": plan.decided_name or "", "When": when(plan.decided_at), "Plan": _named(plan)}
    in_full = len(plan.changes) <= IN_FULL
    body: list[Element] = header("Confirmation", title, tone=tone)
    for planned in plan.changes[:AT_MOST]:
        body += [*_outcome_top(plan, planned), *_outcome_elements(planned, in_full)]
    lines = [line for planned in plan.changes for line in _outcome_lines(planned)]
    decided = f"Confirmed by {known['By']}, {known['When']}, as plan {known['Plan']}."
    body += [facts(known), *_left_out(plan)]
    undo = [button("Undo", "plans.undo", Arguments(target=plan.id))] if plan.has_effect else []
    how = f"{_look_line(plan)} Type {line_to_type('undo', plan.id)} to undo it." if undo else _look_line(plan)
    return finish(body, [*_look(plan), *undo], twin(title, [plain(decided), *lines], how))


def plan_cancelled(plan: Plan) -> Card:
    """Somebody decided against it."""
    why = f"Cancelled by {plan.decided_name or plan.requested_name}, {when(plan.decided_at)}. Nothing was changed."
    return _closed(plan, "Cancelled", why, "Send the command again if you want it after all.")


def plan_expired(plan: Plan) -> Card:
    """Nobody decided in time."""
    minutes = int(LIFETIME.total_seconds() // 60)
    why = f"A plan is kept for {minutes} minutes, as what was checked may not hold any more. Nothing was changed."
    return _closed(plan, "Expired", why, "Send the command again to get a new plan.")


def plan_already_decided(plan: Plan) -> Card:
    """Applied, or being applied: a second press does nothing."""
    who, at = plan.decided_name or "somebody", when(plan.decided_at)
    why = f"This plan was confirmed before, by {who}, {at}. This time nothing was changed."
    return _closed(
        plan, "Already confirmed", why, "Look up what is there now before you ask for more.", _look(plan)
    )


def plan_overtaken(plan: Plan, present: Sequence[Image | None]) -> Card:
    """A target has changed since the plan was made. `present` is what each change's thing looks like now."""
    why = "Somebody changed it since this plan was made. Nothing was changed by the plan."
    differing = [
        (planned.change, now)
        for planned, now in zip(plan.changes, present, strict=True)
        if planned.change.before != now
    ]
    hint = "Check what is there now, and send the command again if you still want it."
    body: list[Element] = [*_closed_header(plan, "Changed in between"), sentence(why)]
    lines = [plain(why)]
    for change, now in differing[:IN_FULL]:
        compared = _compared(change.before, now)
        body += [text(f"{intended(change)}:", bold=True, spacing="medium"), facts(compared)]
        lines += [bold(intended(change)), *fact_lines(compared.items())]
    return finish(
        [*body, quiet(hint, "medium")], _look(plan), twin(f"Changed in between: {_title(plan)}", lines, hint)
    )


def when(moment: datetime | None) -> str:
    """A moment as people write it, in UTC: `24 Nov 2026, 13:28 UTC`."""
    return f"{moment.astimezone(UTC):%-d %b %Y, %H:%M} UTC" if moment else "just now"


def _named(plan: Plan) -> str:
    return f"{plan.id}, which undoes plan {plan.undoes}" if plan.undoes else plan.id


def _title(plan: Plan) -> str:
    if len(plan.changes) == 1:
        return intended(plan.changes[0].change)
    return f"{len(plan.changes)} changes"


def _organization_wide(plan: Plan) -> bool:
    return any(planned.change.thing is Thing.MODE for planned in plan.changes)


def _changes(plan: Plan) -> list[Element]:
    if len(plan.changes) == 1:
        return change_elements(plan.changes[0].change)
    body: list[Element] = []
    for planned in plan.changes[:IN_FULL]:
        body += [text(intended(planned.change), bold=True, spacing="medium"), *change_elements(planned.change)]
    body += [text(_one_line(planned), spacing="small") for planned in plan.changes[IN_FULL:AT_MOST]]
    return [*body, *_left_out(plan)]


def _lines(plan: Plan) -> list[str]:
    if len(plan.changes) == 1:
        return change_lines(plan.changes[0].change)
    in_full = [
        line
        for planned in plan.changes[:IN_FULL]
        for line in (bold(intended(planned.change)), *change_lines(planned.change))
    ]
    return [*in_full, *(item(plain(_one_line(planned))) for planned in plan.changes[IN_FULL:])]


def _one_line(planned: PlannedChange) -> str:
    return f"{intended(planned.change)} · {where(planned.change)}"


def _left_out(plan: Plan) -> list[Element]:
    more = len(plan.changes) - AT_MOST
    return [quiet(f"And {more} more, which the text of this message lists.")] if more > 0 else []


def _decisions(plan: Plan, organization_wide: bool) -> list[Action]:
    deletes = any(planned.change.kind is Kind.DELETE for planned in plan.changes)
    target, style = Arguments(target=plan.id), "destructive" if deletes else "positive"
    confirm = button("Confirm", "plans.confirm", target, style)
    if organization_wide:
        confirm = submit("Confirm", "plans.confirm", target, style)
    return [confirm, button("Cancel", "plans.cancel", target)]


def _how_to_decide(plan: Plan) -> str:
    confirm, cancel = line_to_type("confirm", plan.id), line_to_type("cancel", plan.id)
    return f"Type {confirm} to do it, {cancel} to leave everything as it is."


def _verdict(states: set[ChangeState]) -> tuple[str, Tone]:
    if states == {ChangeState.DONE}:
        return "Done", Tone.GOOD
    if states == {ChangeState.FAILED}:
        return "Not done", Tone.ATTENTION
    if ChangeState.DONE in states:
        return "Done in part", Tone.WARNING
    return "Not certain", Tone.WARNING


def _outcome_top(plan: Plan, planned: PlannedChange) -> list[Element]:
    """The title of one of several outcomes; a single one is in the header."""
    word, tone = WORDS[planned.outcome.state]
    top = text(f"{word}: {_what(planned)}", bold=True, spacing="large", tone=tone)
    return [top] if len(plan.changes) > 1 else []


def _outcome_elements(planned: PlannedChange, in_full: bool) -> list[Element]:
    rows = change_elements(planned.change) if in_full else [text(where(planned.change), spacing="small")]
    tracking = planned.outcome.tracking_id
    reference = [quiet(f"Webex tracking id {tracking}", "small")] if tracking else []
    return [sentence(_detail(planned.outcome), "small"), *rows, *reference]


def _outcome_lines(planned: PlannedChange) -> list[str]:
    word, _ = WORDS[planned.outcome.state]
    top = f"{bold(f'{word}: {_what(planned)}')} · {sentence_for_message(_detail(planned.outcome))}"
    tracking = fact_lines([("Webex tracking id", planned.outcome.tracking_id or "")])
    return [top, *change_lines(planned.change), *tracking]


def _what(planned: PlannedChange) -> str:
    done = planned.outcome.state is ChangeState.DONE
    return happened(planned.change) if done else intended(planned.change)


def _detail(outcome: Outcome) -> str:
    """Only what was read back as planned has no detail: "could not verify" must never look like "verified"."""
    if outcome.state is ChangeState.DONE:
        return outcome.detail or VERIFIED
    return outcome.detail or "Look it up to see what is there now."


def _look(plan: Plan) -> list[Action]:
    """A button that shows the thing, where there is one and it is still there."""
    if len(plan.changes) != 1:
        return []
    change, outcome = plan.changes[0].change, plan.changes[0].outcome
    if change.thing is Thing.MODE:
        return [button("Show", "mode.show")]
    target = outcome.target_id or change.target_id
    gone = change.kind is Kind.DELETE and outcome.state is ChangeState.DONE
    command = "extensions.show" if change.thing is Thing.EXTENSION else "ranges.show"
    return [button("Show", command, Arguments(target=target))] if target and not gone else []


def _look_line(plan: Plan) -> str:
    change = plan.changes[0].change
    image = change.after or change.before or {}
    if change.thing is Thing.MODE:
        return "Type `mode` to see it."
    if change.thing is Thing.EXTENSION:
        return f"Type {line_to_type('show', str(image.get('extension', change.label)))} to see what is there now."
    return f"Type {line_to_type('range', str(image.get('name', change.label)))} to see what is there now."


def _compared(before: Image | None, now: Image | None) -> dict[str, str]:
    """What was and what is, of the fields that differ."""
    if now is None:
        return {"Now": "It is not there any more."}
    old, new = image_facts(before), image_facts(now)
    differing = [name for name in new if old[name] != new[name]]
    return {name: f"{new[name] or EMPTY} (was {old[name] or EMPTY})" for name in differing}


def _closed_header(plan: Plan, reason: str) -> list[Element]:
    return header(f"Plan {plan.id} · {reason}", _title(plan), tone=Tone.WARNING)


def _closed(plan: Plan, reason: str, why: str, hint: str, actions: Sequence[Action] = ()) -> Card:
    """Closed: what it was about, why it is closed, and no button that would decide on it."""
    body = [*_closed_header(plan, reason), sentence(why), quiet(hint, "medium")]
    return finish(body, actions, twin(f"{reason}: {_title(plan)}", [sentence_for_message(why)], hint))
