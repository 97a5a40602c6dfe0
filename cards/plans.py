"""Cards about plans: what would change, what has changed, and why a plan is not open any more."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from bot.command import Arguments
from bot.plans import APPROVAL_LIFETIME, LIFETIME, ChangeState, Image, Kind, Outcome, Plan, PlannedChange, Thing
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
SECOND_PERSON = "Then a second person has to approve it."
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


def plan_card(plan: Plan, errors: Mapping[str, str] | None = None, *, needs_approval: bool = False) -> Card:
    """What would change, with the buttons that decide on it. `errors` may have one for `acknowledged`."""
    minutes, until = int(LIFETIME.total_seconds() // 60), (plan.created_at + LIFETIME).astimezone(UTC)
    about = (
        f"Asked for by {plan.requested_name}. Nothing has changed yet: confirm within {minutes} minutes, "
        f"until {until:%H:%M} UTC."
    )
    about = f"Undoes plan {plan.undoes}. {about}" if plan.undoes else about
    about += f" {SECOND_PERSON}" if needs_approval else ""
    form = Form({}, errors or {})
    tick = form.tick("acknowledged", ACKNOWLEDGE, UNACKNOWLEDGED) if plan.is_organization_wide else []
    actions = _decisions(plan, "Ask for approval" if needs_approval else "Confirm")
    go_on = _how_to_decide(plan, "ask for its approval" if needs_approval else "do it")
    return finish_plan(plan, "", about, tick, actions, go_on, form.lines([]))


def finish_plan(
    plan: Plan,
    state: str,
    about: str,
    inputs: Sequence[Element],
    actions: Sequence[Action],
    go_on: str,
    errors: Sequence[str] = (),
) -> Card:
    """The card of a plan that is still open: what would change, what to know before, and how to decide on it.

    `state` says what it waits for, where that is not its confirmation.
    """
    kind = " · ".join(part for part in (f"Plan {plan.id}", state) if part)
    title = ": ".join(part for part in (state, title_of(plan)) if part)
    warnings = [*([MODE_WARNING] if plan.is_organization_wide else []), *plan.warnings]
    notes = [banner(warning, Tone.WARNING, "Please note") for warning in warnings]
    lines = [item(f"{bold('Please note')}: {sentence_for_message(warning)}") for warning in warnings]
    body = [*header(kind, title_of(plan), about), *_changes(plan), *notes, *inputs]
    markdown = twin(title, [plain(about), *_lines(plan), *lines, *errors], go_on)
    return finish(body, actions, markdown, plan.id)


def plan_confirmed(plan: Plan, undo: Plan | None = None) -> Card:
    """What came of the plan, change by change: what, where, by whom, when, and Webex's tracking ids.

    `undo` is the plan that has undone it since.
    """
    states = {planned.outcome.state for planned in plan.changes}
    verdict, tone = _verdict(states)
    what = _what(plan.changes[0]) if len(plan.changes) == 1 else f"{len(plan.changes)} changes"
    title = f"{verdict}: {what}"
    known = {
        "By": plan.decided_name or "",
        "Approved by": plan.reviewed_name or "",
        "When": _done_at(plan),
        "Plan": _named(plan),
        "Undone since": f"{undo.decided_name}, {_done_at(undo)}, plan {undo.id}" if undo else "",
    }
    in_full = len(plan.changes) <= IN_FULL
    body: list[Element] = header("Confirmation", title, tone=tone)
    for planned in plan.changes[:AT_MOST]:
        body += [*_outcome_top(plan, planned), *_outcome_elements(planned, in_full)]
    lines = [line for planned in plan.changes for line in _outcome_lines(planned)]
    approved = f", approved by {plan.reviewed_name}" if plan.reviewed_name else ""
    decided = f"Confirmed by {known['By']}{approved}, {known['When']}, as plan {_named(plan)}."
    decided += f" Undone since by {known['Undone since']}." if undo else ""
    body += [facts(known), *_left_out(plan)]
    way_back = [button("Undo", "plans.undo", Arguments(target=plan.id))] if plan.has_effect and not undo else []
    how = f"{_look_line(plan)} Type {line_to_type('undo', plan.id)} to undo it." if way_back else _look_line(plan)
    return finish(body, [*_look(plan), *way_back], twin(title, [plain(decided), *lines], how))


def plan_cancelled(plan: Plan) -> Card:
    """Somebody decided against it."""
    why = f"Cancelled by {plan.decided_name or plan.requested_name}, {when(plan.decided_at)}. Nothing was changed."
    return close_card(plan, "Cancelled", why, "Send the command again if you want it after all.")


def plan_expired(plan: Plan) -> Card:
    """Nobody decided in time."""
    minutes, hours = int(LIFETIME.total_seconds() // 60), int(APPROVAL_LIFETIME.total_seconds() // 3600)
    why = f"A plan is kept for {minutes} minutes, as what was checked may not hold any more. Nothing was changed."
    if plan.decided_at and plan.decided_at - plan.created_at <= LIFETIME:
        # It was confirmed in time, so that it was the approval that did not come.
        why = f"Nobody approved it within {hours} hours. Nothing was changed."
    return close_card(plan, "Expired", why, "Send the command again to get a new plan.")


def plan_already_decided(plan: Plan) -> Card:
    """Applied: a second press does nothing."""
    why = f"This plan was confirmed before, by {_deciders(plan)}. This time nothing was changed."
    return close_card(
        plan, "Already confirmed", why, "Look up what is there now before you ask for more.", _look(plan)
    )


def plan_being_applied(plan: Plan) -> Card:
    """Somebody decides on it, or wants to see it, while its changes are on their way to Webex."""
    why = f"It was confirmed by {_deciders(plan)}, and is being applied just now."
    hint = f"Type {line_to_type('history plan', plan.id)} in a moment to see what came of it."
    return close_card(plan, "Being applied", why, hint)


def _deciders(plan: Plan) -> str:
    approved = f" and approved by {plan.reviewed_name}" if plan.reviewed_name else ""
    return f"{plan.decided_name or 'somebody'}, {when(plan.decided_at)}{approved}"


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
        [*body, quiet(hint, "medium")], _look(plan), twin(f"Changed in between: {title_of(plan)}", lines, hint)
    )


def _done_at(plan: Plan) -> str:
    return when(plan.reviewed_at or plan.decided_at)


def when(moment: datetime | None) -> str:
    """A moment as people write it, in UTC: `24 Nov 2026, 13:28 UTC`."""
    return f"{moment.astimezone(UTC):%-d %b %Y, %H:%M} UTC" if moment else "just now"


def _named(plan: Plan) -> str:
    return f"{plan.id}, which undoes plan {plan.undoes}" if plan.undoes else plan.id


def title_of(plan: Plan) -> str:
    """What a plan is about, such as `Add virtual extension 5012`."""
    if len(plan.changes) == 1:
        return intended(plan.changes[0].change)
    return f"{len(plan.changes)} changes"


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


def _decisions(plan: Plan, confirm: str) -> list[Action]:
    target = Arguments(target=plan.id)
    # With the tick, where there is one.
    press = submit if plan.is_organization_wide else button
    return [
        press(confirm, "plans.confirm", target, confirm_style(plan)),
        button("Cancel", "plans.cancel", target),
    ]


def confirm_style(plan: Plan) -> str:
    """How the button looks that has the plan done: a deletion is not to be pressed lightly."""
    deletes = any(planned.change.kind is Kind.DELETE for planned in plan.changes)
    return "destructive" if deletes else "positive"


def _how_to_decide(plan: Plan, what_for: str) -> str:
    confirm, cancel = line_to_type("confirm", plan.id), line_to_type("cancel", plan.id)
    return f"Type {confirm} to {what_for}, {cancel} to leave everything as it is."


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
    change, state = plan.changes[0].change, plan.changes[0].outcome.state
    image = (change.before if state is ChangeState.FAILED else change.after) or change.after or change.before or {}
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


def _closed_header(plan: Plan, reason: str, tone: Tone = Tone.WARNING) -> list[Element]:
    return header(f"Plan {plan.id} · {reason}", title_of(plan), tone=tone)


def close_card(
    plan: Plan, reason: str, why: str, hint: str, actions: Sequence[Action] = (), tone: Tone = Tone.WARNING
) -> Card:
    """A closed plan: what it was about, why it is closed, and no button that would decide on it."""
    body = [*_closed_header(plan, reason, tone), sentence(why), quiet(hint, "medium")]
    return finish(body, actions, twin(f"{reason}: {title_of(plan)}", [sentence_for_message(why)], hint))
