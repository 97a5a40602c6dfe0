"""One card of every kind, with values as they come from Webex, and the domain values that they are made of."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.audit import Entry, Head, Link, link
from bot.calling.models import Extension, Location, Range, Validation, ValidationEntry
from bot.command import Arguments, Command
from bot.errors import UserError
from bot.plans import Change, ChangeState, Image, Kind, Outcome, Plan, PlannedChange, PlanState, Thing
from bot.telephony import Level, Mode, Order
from bot.undo import Versions
from cards import approvals, extensions, history, locations, mode, notice, plans, ranges, validation, versions
from cards.elements import Card
from cards.help import HelpEntry, HelpGroup, greeting_card, help_card, topic_card, whoami_card
from cards.waiting_plans import waiting_plans_card

LYON = Location(id="Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OLzAx", name="Lyon", routing_prefix="4321")
DENVER = Location(id="Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OLzAy", name="Denver", routing_prefix="4322")
MUNICH = Location(id="Y2lzY29zcGFyazovL3VzL0xPQ0FUSU9OLzAz", name="Munich")
EXTENSION_COMMANDS = ("extensions.change", "extensions.delete")
RANGE_COMMANDS = ("ranges.change", "ranges.delete")
LOCATIONS = (LYON, DENVER, MUNICH)

JANE = Extension(
    id="Y2lzY29zcGFyazovL3VzL1ZJUlRVQUxfRVhURU5TSU9OLzAx",
    extension="5012",
    esn="43225012",
    routing_prefix="4322",
    phone_number="+14085550123",
    display_name="Jane Doe",
    first_name="Jane",
    last_name="Doe",
    level="LOCATION",
    location_id=DENVER.id,
    location_name="Denver",
)
SUPPLIER = Extension(
    id="Y2lzY29zcGFyazovL3VzL1ZJUlRVQUxfRVhURU5TSU9OLzAy",
    extension="5012",
    esn="5012",
    phone_number="+33142685300",
    display_name="Papeterie de l’Étoile, service commandes",
    level="ORGANIZATION",
)
BERLIN = Range(
    id="Y2lzY29zcGFyazovL3VzL1ZJUlRVQUxfRVhURU5TSU9OX1JBTkdFLzAx",
    name="Berlin",
    prefix="+4930555",
    patterns=("5XXX", "6XXX"),
    level="LOCATION",
    location_name="Munich",
)
NOON = datetime(2026, 11, 24, 12, 5, tzinfo=UTC)

JANE_IMAGE: Image = {
    "extension": "5012",
    "phoneNumber": "+14085550123",
    "displayName": "Jane Doe",
    "firstName": "Jane",
    "lastName": "Doe",
}
ADD_JANE = Change(Kind.CREATE, Thing.EXTENSION, "5012 Jane Doe", None, JANE_IMAGE, None, DENVER.id, DENVER.name)
RENAME_JANE = Change(
    Kind.CHANGE,
    Thing.EXTENSION,
    "5012 Jane Doe",
    JANE_IMAGE,
    {**JANE_IMAGE, "displayName": "Jane Roe", "lastName": "Roe", "firstName": ""},
    JANE.id,
    DENVER.id,
    DENVER.name,
)
DELETE_JANE = Change(
    Kind.DELETE, Thing.EXTENSION, "5012 Jane Doe", JANE_IMAGE, None, JANE.id, DENVER.id, DENVER.name
)
GROW_BERLIN = Change(
    Kind.CHANGE,
    Thing.RANGE,
    "Berlin",
    {"name": "Berlin", "prefix": "+4930555", "patterns": ["5XXX", "6XXX"]},
    {"name": "Berlin", "prefix": "+4930555", "patterns": ["5XXX", "7XXX"]},
    BERLIN.id,
    MUNICH.id,
    MUNICH.name,
)
DELETE_BERLIN = Change(
    Kind.DELETE, Thing.RANGE, "Berlin", GROW_BERLIN.before, None, BERLIN.id, MUNICH.id, MUNICH.name
)
ENHANCE = Change(Kind.CHANGE, Thing.MODE, "mode", {"mode": "STANDARD"}, {"mode": "ENHANCED"})

DONE = Outcome(ChangeState.DONE, JANE.id, "ROUTER_6563-1")
FAILED = Outcome(ChangeState.FAILED, None, "ROUTER_6563-2", "Webex says that the extension is in use.")
UNCERTAIN = Outcome(ChangeState.UNKNOWN, None, "ROUTER_6563-3", "Webex did not answer. Look it up.")


def plan_of(*changes: Change, outcomes: tuple[Outcome, ...] = (), warnings: tuple[str, ...] = ()) -> Plan:
    """A plan that Alice asked for, decided where it has outcomes."""
    outcomes = outcomes or (Outcome(ChangeState.PLANNED),) * len(changes)
    return Plan(
        id="7F3K",
        state=PlanState.PROPOSED,
        requested_by="alice",
        requested_name="Alice Martin",
        room_id="room",
        created_at=NOON,
        changes=tuple(PlannedChange(change, outcome) for change, outcome in zip(changes, outcomes, strict=True)),
        warnings=warnings,
        decided_by="alice",
        decided_name="Alice Martin",
        decided_at=NOON,
    )


UNDO_RENAME = replace(
    plan_of(replace(RENAME_JANE, before={**JANE_IMAGE, "displayName": "J. Doe"}, after=JANE_IMAGE)), undoes="8G4L"
)
CHANGED_SINCE = (
    Versions("5012 J. Doe", JANE_IMAGE, RENAME_JANE.after, {**JANE_IMAGE, "displayName": "J. Doe"}),
    Versions("Berlin", None, GROW_BERLIN.before, GROW_BERLIN.after),
)


def many_extensions(count: int) -> tuple[Extension, ...]:
    """Extensions from 5000 on, alternating between Denver and the organization."""
    return tuple(
        (JANE if number % 2 else SUPPLIER).model_copy(
            update={
                "id": f"Y2lzY29zcGFyazovL3VzL1ZJUlRVQUxfRVhURU5TSU9OLzE{number:06}",
                "extension": f"{5000 + number}",
                "esn": f"4322{5000 + number}" if number % 2 else f"{5000 + number}",
            }
        )
        for number in range(count)
    )


FILTERS = Arguments(location=LYON.id, name="smith", order=Order.DSC)
BAD_FORM = Arguments(extension="5012", phone_number="+1408555", display_name="Jane *Doe*", location="Lyonn")
BAD_FIELDS = {
    "phone_number": "This number is too short. Write it with the country code, such as +14085550123.",
    "location": "There is no location named Lyonn. Type `locations` to see all of them.",
}
VERDICTS = Validation(
    status="ERRORS",
    entries=(
        ValidationEntry(status="VALID", phone_number="+14085550123"),
        ValidationEntry(status="DUPLICATE", phone_number="+14085550124", message="[Error 8363] DN is in use"),
        ValidationEntry(status="DUPLICATE_IN_LIST", phone_number="+14085550123"),
        ValidationEntry(status="INVALID", phone_number="098765678"),
        ValidationEntry(status="LIMIT_EXCEEDED", phone_number="+14085550125"),
        ValidationEntry(status="ON_HOLD", phone_number="+14085550126"),
    ),
)
RANGE_VERDICTS = Validation(
    status="ERRORS",
    entries=(
        ValidationEntry(status="DUPLICATE", name="Berlin", message="[Error 27850] exists with name: Berlin"),
        ValidationEntry(status="INVALID", prefix="4930", message="Invalid prefix length"),
        ValidationEntry(status="DUPLICATE_IN_LIST", pattern="5XXX"),
    ),
)
RANGE_ASKED = Arguments(name="Berlin", prefix="+4930555", patterns=("5XXX", "6XXX"), location=MUNICH.id)
HELP = (
    HelpGroup(
        "Extensions",
        (
            HelpEntry("List", "extensions at Lyon named smith", "Lists virtual extensions."),
            HelpEntry("Add", "add 5012 +14085550123 Jane Doe at Denver", "Adds one, after you confirm."),
        ),
    ),
    HelpGroup("Ranges", (HelpEntry("Show", "range Berlin", "Shows a range and its patterns."),)),
)
ALL_VALID = Validation(status="OK")
PENDING = Command("extensions.change", Arguments(target="5012", phone_number="+14085550999", level=Level.LOCATION))


TITLES = {"extensions.delete": "delete an extension", "plans.confirm": "confirm a plan"}
REFUSED = Entry(
    at=NOON,
    person_id="rita",
    person_name="Rita *Costa* [x](y)",
    room_id="room",
    event_id="event",
    occasion="refusal",
    command="extensions.delete",
    outcome="refused",
    detail="You need the permission “change”, to add and change virtual extensions and ranges.",
)


def entry_of(change: Change, outcome: str, detail: str = "") -> Entry:
    """What Bob confirmed after Alice asked for it and Carol approved it."""
    return replace(
        REFUSED,
        person_id="bob",
        person_name="Bob Berg",
        occasion="change",
        outcome=outcome,
        detail=detail,
        thing=change.thing.value,
        label=change.label,
        location_id=change.location_id,
        location_name=change.location_name,
        before=change.before,
        after=change.after,
        plan_id="7F3K",
        position=0,
        requested_by="alice",
        requested_name="Alice Martin",
        approved_by="carol",
        approved_name="Carol Stone",
        tracking_id="ROUTER_6563-1",
    )


def links_of(*entries: Entry) -> list[Link]:
    """Entries as links of a chain, each the first one."""
    return [link(Head(0, "0" * 64), entry) for entry in entries]


HISTORY = links_of(
    entry_of(ADD_JANE, "done"),
    entry_of(RENAME_JANE, "failed", FAILED.detail),
    entry_of(DELETE_BERLIN, "unknown", UNCERTAIN.detail),
    entry_of(ENHANCE, "expired"),
    REFUSED,
)
HISTORY_OF_LONG_NAMES = links_of(
    *[
        entry_of(
            replace(RENAME_JANE, label="Märtin_*" * 60, after={**JANE_IMAGE, "displayName": "*[_]<é" * 60}),
            "failed",
            "Ü" * 900,
        )
    ]
    * 20
)
ASKED = Arguments(target="5012", person="Alice", location="Lyon", period="last 14 days", since="1 November")


def all_cards() -> dict[str, Card]:
    """Every builder at work, by a name for the reader of a failing test."""
    many = many_extensions(10)
    return {
        "extensions": extensions.extension_list(many[:4], Arguments(), locations=LOCATIONS, may_add=True),
        "extensions, filtered": extensions.extension_list(
            many, FILTERS, start=10, more=True, locations=LOCATIONS, may_add=True
        ),
        "extensions, none": extensions.extension_list((), FILTERS, locations=LOCATIONS),
        "extensions, none at all": extensions.extension_list((), Arguments(), may_add=True),
        "extension": extensions.extension_details(JANE, EXTENSION_COMMANDS),
        "extension, reader": extensions.extension_details(SUPPLIER, ()),
        "which extension": extensions.extension_choice((JANE, SUPPLIER), PENDING),
        "new extension": extensions.extension_form(Arguments(location="Denver"), LOCATIONS),
        "new extension, wrong": extensions.extension_form(BAD_FORM, LOCATIONS, BAD_FIELDS),
        "edit extension": extensions.extension_change_form(JANE, Arguments(last_name="Roe")),
        "edit extension, wrong": extensions.extension_change_form(
            JANE, Arguments(extension=""), {"extension": "Write the extension.", "": "Webex did not accept it."}
        ),
        "ranges": ranges.range_list((BERLIN, BERLIN), Arguments(), locations=LOCATIONS, may_add=True),
        "ranges, none": ranges.range_list((), Arguments(prefix="+49"), may_add=True),
        "range": ranges.range_details(BERLIN, RANGE_COMMANDS),
        "which range": ranges.range_choice((BERLIN, BERLIN), Command("ranges.show", Arguments(target="Ber"))),
        "new range": ranges.range_form(RANGE_ASKED, LOCATIONS, {"patterns": "5XXX is in another range already."}),
        "edit range": ranges.range_change_form(BERLIN, Arguments(patterns=("7XXX",))),
        "numbers": validation.numbers_result(VERDICTS, ()),
        "numbers, valid": validation.numbers_result(ALL_VALID, ("+14085550123", "+4930555010")),
        "numbers form": validation.numbers_form(Arguments(), {"phone_numbers": "Write at least one number."}),
        "range check": validation.range_result(RANGE_VERDICTS, RANGE_ASKED, LOCATIONS, may_add=True),
        "range check, valid": validation.range_result(ALL_VALID, RANGE_ASKED, LOCATIONS, may_add=True),
        "range check form": validation.range_validation_form(Arguments(), LOCATIONS),
        "mode": mode.mode_card(Mode.STANDARD, may_change=True),
        "mode, unknown": mode.mode_card("HYBRID", may_change=False),
        "plan to add": plans.plan_card(plan_of(ADD_JANE)),
        "plan to change": plans.plan_card(plan_of(RENAME_JANE, warnings=("The number belongs to 5013 too.",))),
        "plan to delete": plans.plan_card(plan_of(DELETE_JANE)),
        "plan for a range": plans.plan_card(plan_of(GROW_BERLIN)),
        "plan to delete a range": plans.plan_card(plan_of(DELETE_BERLIN)),
        "plan for the mode": plans.plan_card(plan_of(ENHANCE), {"acknowledged": "Tick the box to go on."}),
        "plan of many": plans.plan_card(plan_of(*[ADD_JANE] * 30)),
        "plans that wait": waiting_plans_card(
            [plan_of(ADD_JANE), replace(plan_of(RENAME_JANE), state=PlanState.AWAITING)] * 7, "bob"
        ),
        "no plans that wait": waiting_plans_card((), "bob"),
        "confirmed": plans.plan_confirmed(plan_of(ADD_JANE, outcomes=(DONE,))),
        "confirmed change": plans.plan_confirmed(plan_of(RENAME_JANE, outcomes=(DONE,))),
        "confirmed in part": plans.plan_confirmed(
            plan_of(ADD_JANE, RENAME_JANE, GROW_BERLIN, outcomes=(DONE, FAILED, UNCERTAIN))
        ),
        "confirmed deletion": plans.plan_confirmed(plan_of(DELETE_JANE, outcomes=(DONE,))),
        "plan to undo": plans.plan_card(UNDO_RENAME),
        "undone": plans.plan_confirmed(
            replace(UNDO_RENAME, changes=(replace(UNDO_RENAME.changes[0], outcome=DONE),))
        ),
        "changed since": versions.versions_card(UNDO_RENAME, CHANGED_SINCE),
        "many changed since": versions.versions_card(UNDO_RENAME, CHANGED_SINCE * 30),
        "cancelled": plans.plan_cancelled(plan_of(ADD_JANE)),
        "expired": plans.plan_expired(replace(plan_of(ADD_JANE), decided_at=None)),
        "expired, not approved": plans.plan_expired(plan_of(ADD_JANE)),
        "approval": approvals.approval_card(plan_of(DELETE_BERLIN)),
        "awaiting approval": approvals.plan_awaiting(plan_of(DELETE_BERLIN)),
        "rejected": approvals.plan_rejected(
            replace(plan_of(DELETE_BERLIN), reviewed_name="Rita", reviewed_at=NOON, reason="**Not** now.")
        ),
        "plan that needs approval": plans.plan_card(plan_of(ENHANCE), needs_approval=True),
        "approval of many": approvals.approval_card(plan_of(*[ADD_JANE] * 30)),
        "reviewed": approvals.plan_reviewed(
            replace(plan_of(DELETE_BERLIN), reviewed_name="Rita", reviewed_at=NOON)
        ),
        "not awaiting": approvals.plan_not_awaiting(plan_of(ADD_JANE)),
        "being applied": plans.plan_being_applied(plan_of(ADD_JANE)),
        "decided before": plans.plan_already_decided(plan_of(ADD_JANE, outcomes=(DONE,))),
        "overtaken": plans.plan_overtaken(plan_of(RENAME_JANE), [{**JANE_IMAGE, "displayName": "J. Doe"}]),
        "overtaken, gone": plans.plan_overtaken(plan_of(DELETE_JANE), [None]),
        "help": help_card(HELP),
        "help on a topic": topic_card("Ranges", "A range covers many numbers.", HELP[1].entries),
        "whoami": whoami_card(
            "Alice Martin",
            "alice@example.com",
            ["read", "change"],
            ["role Full Administrator"],
            granted_by="The team",
        ),
        "whoami, nobody": whoami_card("Nina Roth", "nina@example.com", [], ["no role"], granted_by="The *team*"),
        "greeting": greeting_card(),
        "error": notice.error_card(UserError("There is no extension 5099.", "Type `extensions`."), "ROUTER_1"),
        "refused": notice.refusal_card("Add an extension", "This needs the permission to change."),
        "apology": notice.apology_card("a1b2c3d4"),
        "not understood": notice.not_understood_card("I don't know the word “shwo”.", ("show 5012", "extensions")),
        "not understood, no idea": notice.not_understood_card("That is no command of mine."),
        "history": history.history_list(HISTORY, Arguments(), TITLES),
        "history, filtered": history.history_list(HISTORY, ASKED, TITLES, start=8),
        "history, long names": history.history_list(HISTORY_OF_LONG_NAMES, ASKED, TITLES, start=8),
        "history, none": history.history_list([], ASKED, TITLES),
        "history, none at all": history.history_list([], Arguments(), TITLES),
        "history, which part": history.history_form(ASKED, {"since": "That is not a day that I can read."}),
        "locations": locations.location_list(LOCATIONS),
        "locations, none": locations.location_list(()),
    }
