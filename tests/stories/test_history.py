"""The history answers "who did this?": what was changed, refused, cancelled, what failed, and by whom."""

from dataclasses import replace
from datetime import timedelta

from bot_at_work import BotAtWork
from people import Person, card_of, visible

from bot.access import Person as AccessPerson
from bot.calling.requests import ExtensionFilter, ExtensionUpdate
from bot.context import Context
from bot.decide import confirm_plan
from bot.plans import ChangeState, Outcome, PlanState

ADD = "add 5012 +14085550123 Jane Doe at Denver"


def change(person: Person, line: str) -> None:
    """Ask for a change, and confirm it."""
    person.says(line)
    person.clicks("Confirm", **({"acknowledged": "true"} if "mode" in line else {}))


def outcomes(bot: BotAtWork, plan_id: str) -> list[str]:
    """The entries of a plan: what came of it, in order."""
    return [one.entry.outcome for one in bot.services.store.history.links() if one.entry.plan_id == plan_id]


def test_who_did_this(alice: Person, rita: Person) -> None:
    """Everybody who may look sees what was before and after, by whom, when, where, and Webex's tracking id."""
    change(alice, ADD)
    change(alice, "change 5012 number +14085550124")
    rita.says("who changed 5012?")
    rita.sees(
        "Done: Changed virtual extension 5012 Jane Doe", "Phone number: +14085550123 → +14085550124",
        "Done: Added virtual extension 5012 Jane Doe", "Alice Martin", " UTC", "Denver", "ROUTER_", "plan ",
    )  # fmt: skip


def test_what_was_deleted_can_still_be_asked_for(alice: Person) -> None:
    """The history knows things that are gone, by number and by name."""
    change(alice, "delete 5003")
    for line in ("who deleted 5003?", "history 5003", "what happened to 5003?"):
        alice.says(line)
        alice.sees("Done: Deleted virtual extension 5003", "Extension: 5003")


def test_the_history_of_a_range(alice: Person) -> None:
    change(alice, "add range Spandau +4930555 5XXX")
    change(alice, "rename range Spandau to Spree")
    alice.says("history range Spandau")
    alice.sees("Added range Spandau", "Name: Spandau → Spree", "Prefix: +4930555; Patterns: 5XXX", "Organization")


def test_the_history_of_the_mode(alice: Person) -> None:
    change(alice, "mode enhanced")
    alice.says("history of the mode")
    alice.sees("Changed the mode of the organization", "STANDARD → ENHANCED")


def test_a_refusal_is_an_entry_without_what_was_typed(alice: Person, rita: Person) -> None:
    """Who, which command and which permission; nothing of what it was to be done to."""
    rita.says("delete Very Private Name")
    rita.sees("Not allowed")
    alice.says("history by Rita")
    alice.sees(
        "Refused: delete an extension",
        "You need the permission “delete”, to delete virtual extensions and ranges",
    )
    alice.does_not_see("Private")


def test_a_press_that_was_refused_is_an_entry(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Also where the permission is that of the plan, which is named."""
    alice.says(ADD, in_space="Telephony")
    plan_id = alice.plan_id()
    rita.room_id = alice.room_id
    rita.clicks("Confirm", on=alice.answer)
    alice.says("history by Rita today", in_space="Telephony")
    alice.sees("Refused: confirm a plan", f"plan {plan_id}")
    assert outcomes(bot, plan_id) == ["refused"]


def test_a_cancelled_plan_is_an_entry(bot: BotAtWork, alice: Person) -> None:
    alice.says(ADD)
    plan_id = alice.plan_id()
    alice.clicks("Cancel")
    alice.says("history 5012")
    alice.sees("Cancelled: Add virtual extension 5012 Jane Doe", f"plan {plan_id}")
    assert outcomes(bot, plan_id) == ["cancelled"]


def test_what_webex_refused_is_an_entry(bot: BotAtWork, alice: Person) -> None:
    """With what Webex said, and its tracking id."""
    alice.says(ADD)
    plan_id = alice.plan_id()
    bot.meets(
        method="POST", pattern="/virtualExtensions$", status=409, count=1,
        body={"message": "x", "errors": [{"description": "[Error 8363] DN is in use", "errorCode": 8363}],
              "trackingId": "ROUTER_refused"},
    )  # fmt: skip
    alice.clicks("Confirm")
    alice.says("history 5012")
    alice.sees("Not done: Add virtual extension 5012", "This phone number is already in use", "ROUTER_refused")
    assert outcomes(bot, plan_id) == ["failed"]


def test_a_change_that_did_not_come_to_a_plan_is_an_entry(bot: BotAtWork, alice: Person) -> None:
    """Webex failed before there was a plan."""
    bot.meets(method="GET", pattern="/virtualExtensions", status=403, count=2)
    alice.says("delete 5003")
    alice.says("history me")
    alice.sees("Not done: delete an extension")


def test_a_plan_that_was_overtaken_is_an_entry(bot: BotAtWork, alice: Person) -> None:
    found = bot.services.calling.all_extensions(ExtensionFilter(extension="5003"))[0]
    alice.says("rename 5003 to Jane Roe")
    plan_id = alice.plan_id()
    bot.services.calling.update_extension(found.id, ExtensionUpdate(display_name="Somebody Else"))
    alice.clicks("Confirm")
    alice.says("history 5003")
    alice.sees("Changed in between: Change virtual extension 5003")
    assert outcomes(bot, plan_id) == ["overtaken"]


def test_a_change_has_one_entry_however_often_it_is_confirmed(bot: BotAtWork, alice: Person) -> None:
    alice.says(ADD)
    plan, plan_id = alice.answer, alice.plan_id()
    for _ in range(3):
        alice.clicks("Confirm", on=plan)
    assert outcomes(bot, plan_id) == ["done"]
    assert bot.services.store.history.check()[1] is None


def test_my_own_history_and_that_of_others(alice: Person, rita: Person) -> None:
    rita.says("delete 5003")
    alice.says("history me")
    alice.sees("by you")
    alice.does_not_see("Rita")
    alice.says("history by Rita")
    alice.sees("by Rita", "Refused: delete an extension")


def test_the_history_of_a_place_and_a_time(bot: BotAtWork, alice: Person) -> None:
    """A period is given by words or by days."""
    bot.clock.pass_by(days=400)
    change(alice, ADD)
    alice.says("history at Denver today")
    alice.sees("at Denver · today", "5012 Jane Doe")
    alice.says("history at Lyon today")
    alice.sees("Nothing in the history", "No entry of the history fits: at Lyon · today")
    alice.says(f"history since {bot.clock().date()}")
    alice.sees("5012 Jane Doe", "1, and no more")
    bot.clock.pass_by(days=2)
    alice.says("history today")
    alice.sees("Nothing in the history")


def test_a_day_that_is_none_is_explained(alice: Person) -> None:
    alice.says("history since 2026-13-45")
    alice.sees("is not a day that I can read", "history since 2026-11-01")


def test_a_long_history_has_pages(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Next and Previous keep the filter, and there is nothing on the card that could change anything."""
    bot.clock.pass_by(days=800)
    for _ in range(12):
        rita.says("delete 5003")
    alice.says("history by Rita this month")
    alice.sees("1 to 6, and there are more")
    alice.sees_buttons("Next", "Filter")
    alice.clicks("Next")
    alice.sees("by Rita · this month", "7 to 12, the last ones")
    alice.sees_buttons("Previous", "Filter")
    alice.clicks("Previous")
    alice.sees("1 to 6")
    assert visible(card_of(alice.answer)).count("Refused: ") == 6


def test_the_history_can_be_read_while_webex_calling_is_away(bot: BotAtWork, alice: Person) -> None:
    """Then it is wanted most."""
    change(alice, ADD)
    bot.meets(pattern="/telephony", status=503, count=50)
    alice.says("history 5012 at Denver")
    alice.sees("Added virtual extension 5012 Jane Doe")


def test_the_history_needs_the_permission_to_look(nina: Person) -> None:
    nina.says("history")
    nina.sees("Not allowed")


def test_names_stand_in_the_history_as_they_were_written(alice: Person) -> None:
    """What would be markup elsewhere is a name here."""
    alice.says("add 5012")
    alice.clicks("Continue", phone_number="+14085550123", display_name="*Jane* [Doe](x)")
    alice.clicks("Confirm")
    alice.says("history 5012")
    alice.sees("Display name: *Jane* [Doe](x)")
    assert any("\\[Doe\\]" in element.get("text", "") for element in card_of(alice.answer)["body"])


def test_a_plan_that_expired_is_an_entry_once(bot: BotAtWork, alice: Person) -> None:
    """When somebody wanted to confirm it."""
    alice.says(ADD)
    plan, plan_id = alice.answer, alice.plan_id()
    bot.clock.pass_by(minutes=16)
    for _ in range(2):
        alice.clicks("Confirm", on=plan)
        alice.sees("Expired", "Nothing was changed")
    alice.says(f"history plan {plan_id}")
    alice.sees(f"plan {plan_id}", "Expired: Add virtual extension 5012 Jane Doe")
    assert outcomes(bot, plan_id) == ["expired"]


def test_a_change_that_cannot_be_told_is_an_entry_that_says_so(bot: BotAtWork, alice: Person) -> None:
    """The worker was killed behind the call, and Webex can't be read when another goes on."""
    alice.says(ADD)
    plan = bot.services.store.find_plan(alice.plan_id())
    assert plan is not None
    same = Context(bot.services, AccessPerson("bob", display_name="Bob Berg"), plan.room_id, f"event {plan.id}")
    sent = replace(
        plan, state=PlanState.APPLYING, decided_by="bob", decided_name="Bob Berg", decided_event=same.event_id
    )
    bot.services.store.decide_plan(sent, PlanState.PROPOSED)
    bot.services.store.record_outcome(plan.id, 0, Outcome(ChangeState.SENT))
    bot.meets(method="GET", pattern="/virtualExtensions", status=503, count=20)
    found = bot.services.store.find_plan(plan.id)
    assert found is not None
    confirm_plan(same, found)
    alice.says(f"history plan {plan.id}")
    alice.sees(
        "Not certain: Add virtual extension 5012 Jane Doe", "It was interrupted, and Webex can't be read now"
    )
    assert outcomes(bot, plan.id) == ["unknown"]


def test_a_confirmation_that_failed_on_the_way_is_an_entry_with_its_plan(bot: BotAtWork, alice: Person) -> None:
    """What is there now could not be read: nothing was sent, and the plan can be confirmed still."""
    alice.says("rename 5003 to Jane Roe")
    plan, plan_id = alice.answer, alice.plan_id()
    bot.meets(method="GET", pattern="/virtualExtensions/", status=403, count=1)
    alice.clicks("Confirm", on=plan)
    alice.clicks("Confirm", on=plan)
    alice.says(f"history plan {plan_id}")
    alice.sees("Not done: confirm a plan", "Done: Changed virtual extension 5003", f"plan {plan_id}")
    assert outcomes(bot, plan_id) == ["failed", "done"]


def test_what_was_mistyped_is_no_entry(bot: BotAtWork, alice: Person) -> None:
    before = list(bot.services.store.history.links())
    for line in ("delete 5099", "add 5012 +1408 Jane Doe", "confirm ZZ99", "mode sideways", "hello there"):
        alice.says(line)
    assert list(bot.services.store.history.links()) == before


def test_an_entry_says_who_asked_for_what_another_confirmed(bot: BotAtWork, alice: Person) -> None:
    """Both are found by their names."""
    alice.says("rename 5003 to Jane Roe")
    plan = bot.services.store.find_plan(alice.plan_id())
    assert plan is not None
    other = Context(bot.services, AccessPerson("bob", display_name="Bob Berg"), plan.room_id, f"event {plan.id}")
    confirm_plan(other, plan)
    for line in (f"history plan {plan.id}", f"history plan {plan.id} by Alice", f"history plan {plan.id} by Berg"):
        alice.says(line)
        alice.sees("Done: Changed virtual extension 5003", "Bob Berg", "asked for by Alice Martin")


def test_an_interrupted_plan_has_one_entry_when_it_has_gone_on(bot: BotAtWork, alice: Person) -> None:
    """The worker was killed behind the entry, as earlier versions could be: the same event is answered again."""
    alice.says("rename 5003 to Jane Roe")
    plan = bot.services.store.find_plan(alice.plan_id())
    assert plan is not None
    same = Context(bot.services, AccessPerson("bob", display_name="Bob Berg"), plan.room_id, f"event {plan.id}")
    confirm_plan(same, plan)
    bot.services.store.close_plan(replace(plan, state=PlanState.APPLYING))
    again = bot.services.store.find_plan(plan.id)
    assert again is not None
    confirm_plan(same, again)
    assert outcomes(bot, plan.id) == ["done"]
    ended = bot.services.store.find_plan(plan.id)
    assert ended is not None
    assert ended.state is PlanState.APPLIED


def test_the_history_by_an_e_mail(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Webex says whose it is; where it knows nobody, the form comes back with what to do."""
    rita.says("delete 5003")
    email = next(one.email for one in bot.sandbox.world.people.values() if one.email.startswith("rita"))
    alice.says(f"history by {email} today")
    alice.sees("Refused: delete an extension", "Rita")
    alice.says("history by nobody@example.com")
    alice.sees_mistake("person", "Webex knows nobody with the e-mail", "history by Alice")


def test_a_period_may_have_figures(bot: BotAtWork, alice: Person) -> None:
    """Any number of days, and days with or without a year."""
    bot.clock.pass_by(days=1200)
    change(alice, ADD)
    bot.clock.pass_by(days=9)
    day = bot.clock() - timedelta(days=9)
    for line in ("history last 10 days", "history in the last 2 weeks", f"history since {day:%-d %B}",
                 f"history from {day:%-d %B %Y} to {day:%-d %B %Y}", f"history on {day:%B %-d, %Y}"):  # fmt: skip
        alice.says(line)
        alice.sees("Done: Added virtual extension 5012 Jane Doe")
    alice.says("history last 9 days")
    alice.sees("Nothing in the history", "No entry of the history fits: last 9 days")


def test_the_card_of_the_history_has_its_filters(bot: BotAtWork, alice: Person, rita: Person) -> None:
    """Person, place and period are filled in; the page that follows keeps them."""
    bot.clock.pass_by(days=2000)
    for _ in range(6):
        rita.says("delete 5003")
    change(alice, ADD)
    alice.says("history today")
    alice.clicks("Apply", person="Alice", location="Denver", period="Last 7 days")
    alice.sees("by Alice · at Denver · last 7 days", "Added virtual extension 5012")
    alice.clicks("Apply", person="Rita", period="last 7 days")
    alice.sees("Nothing in the history", "by Rita · at Denver · last 7 days")
    alice.sees_buttons("Show all", "Filter")
    alice.clicks("Clear")
    alice.sees("and there are more")
    alice.clicks("Apply", since="the day before")
    alice.sees_mistake("since", "is not a day that I can read")
    alice.clicks("Show", since="yesterday")
    alice.sees("since yesterday", "Added virtual extension 5012")


def test_a_card_made_by_hand_finds_nothing_odd(alice: Person) -> None:
    """Invented ids, pages, control characters and marks of the database's search."""
    alice.says("history")
    for odd in ("\x00", "%", "_", "'; DROP TABLE history; --", "\u202e5012"):
        alice.submits(alice.answer, {"command": "history.list", "target": odd, "person": odd, "plan": odd})
        assert "Histor" in visible(card_of(alice.answer)) or "history" in visible(card_of(alice.answer))
    alice.submits(alice.answer, {"command": "history.list", "start": "9999999"})
    alice.sees("The history ends before this page.")
