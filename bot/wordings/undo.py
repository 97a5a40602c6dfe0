"""What people say to undo a plan that was confirmed."""

from bot.wording import Kind, Slot, Wording, choices, phrases

PLAN = phrases("plan, change, plan id, plan number, plan no, the plan, id")
TARGET = Slot("target", Kind.PLAN)
ANYWAY = Slot(
    "acknowledged", Kind.CHOICE, choices=choices(value=True, said=phrases("anyway, anyhow, all the same"))
)

UNDO = (
    Wording(phrases("undo, revert, roll back, rollback, take back"), PLAN, (TARGET, ANYWAY), needs=("target",)),
    Wording(phrases("take, roll"), ("back",), (TARGET, ANYWAY), noun_needed=True, needs=("target",), fillers=PLAN),
    Wording(
        phrases("""
            undo, undo that, undo this, undo it, undo the last change, undo my last change, undo last change, undo
            the last plan, undo my last plan, undo the last one, undo the change, undo the plan, revert that,
            revert this, revert it, revert the last change, revert my last change, revert last change, take that
            back, take it back, take this back, roll that back, roll it back, roll back that, roll back the last
            change, roll back my last change
        """)
    ),
)
