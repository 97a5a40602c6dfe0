"""The plans that wait for somebody: what they are, since when they wait, and the lines that decide on them."""

from collections.abc import Sequence

from bot.plans import APPROVAL_LIFETIME, LIFETIME, Plan, PlanState
from cards.buttons import submit
from cards.changes import where
from cards.elements import Card, finish
from cards.form import Form
from cards.layout import Cell, header, table
from cards.notice import notice_card
from cards.plans import title_of, when
from cards.twin import bold, item, line_to_type, plain, twin

AT_MOST = 10
"""Plans on a card: each takes about 800 bytes of its 20 KB."""

TITLE = "The plans that wait"
NOTHING_DONE = "Nothing of this has been done yet."
NONE_WAIT = "There is nothing for you to confirm or to approve, so nothing was done."


def waiting_plans_card(plans: Sequence[Plan], person_id: str) -> Card:
    """What waits, newest first: for the confirmation or the approval of that person or of another."""
    if not plans:
        hint = "Send a command such as `delete 5012` to get a plan, or `history` to see what was done."
        return notice_card("There are no plans that wait", NONE_WAIT, hint)
    shown, more = plans[:AT_MOST], len(plans) - AT_MOST
    subtitle = f"{NOTHING_DONE} {more} older ones are not shown." if more > 0 else NOTHING_DONE
    cells = [
        (
            Cell(plan.id, bold=True),
            Cell(_what(plan), below=_asked_for(plan, person_id), longest=80),
            Cell(_waits_for(plan), below=f"Type {' or '.join(_lines(plan, person_id))}", longest=60),
        )
        for plan in shown
    ]
    choices = [(f"{plan.id} · {_what(plan)}", plan.id) for plan in shown]
    body = [
        *header("Plans", TITLE, subtitle),
        *table(("Plan", "What", "It waits"), ("2", "6", "5"), cells),
        *Form().choice("target", choices, label="Details of"),
    ]
    lines = [
        item(
            bold(plan.id), plain(_what(plan)), plain(_asked_for(plan, person_id)), plain(_waits_for(plan)),
            "Type " + " or ".join(map(line_to_type, _lines(plan, person_id))),
        )
        for plan in shown
    ]  # fmt: skip
    go_on = f"Type {line_to_type('plan', shown[0].id)} to see it again, with its buttons."
    return finish(body, [submit("Show", "plans.list")], twin(TITLE, [plain(subtitle), *lines], go_on))


def _what(plan: Plan) -> str:
    return f"{title_of(plan)} · {where(plan.changes[0].change)}" if len(plan.changes) == 1 else title_of(plan)


def _asked_for(plan: Plan, person_id: str) -> str:
    who = "you" if plan.requested_by == person_id else plan.requested_name
    return f"Asked for by {who}, {when(plan.created_at)}"


def _waits_for(plan: Plan) -> str:
    if plan.state is PlanState.AWAITING and plan.decided_at:
        return f"for approval, until {when(plan.decided_at + APPROVAL_LIFETIME)}"
    return f"for confirmation, until {when(plan.created_at + LIFETIME)}"


def _lines(plan: Plan, person_id: str) -> list[str]:
    """The lines by which that person can decide. A second person approves, so who asked for it can only cancel."""
    if plan.state is PlanState.PROPOSED:
        verbs = ["confirm", "cancel"]
    elif plan.is_of(person_id):
        verbs = ["cancel"]
    else:
        verbs = ["approve", "reject"]
    return [f"{verb} {plan.id}" for verb in verbs]
