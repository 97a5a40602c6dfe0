"""Who waits is told so within three seconds, and then how far it has come; the answer leaves nothing behind."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from itertools import pairwise, takewhile

import pytest
from bot_at_work import BotAtWork, bot_at_work, event_of, person_id
from confirmed_plans import changed
from people import Person
from policies import EVERYTHING, LOOKING

from bot.calling.requests import ExtensionFilter
from bot.catching_up import catch_up
from bot.dispatch import Dispatch
from bot.events import Envelope, EventData
from bot.plans import Plan, PlannedChange, PlanState
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import Event
from bot.store import Store, connect
from bot.waiting import FIRST_PAUSE, MOST_EDITS, TELL_AFTER, Waiting

CALLING = "/v1/telephony/config"
WORKING = "**I am working on it …**"
NO_NEED = "There is no need to ask again: the answer comes here."
ONE_IS_ENOUGH = f"{EVERYTHING}{LOOKING}[approval]\ncommands = []\nmost_changes = 100\n"


@dataclass
class HastyTimer:
    """While it is `on` it rings at once, so that everything takes longer. It notes what it was set to.

    What it is set to besides, it holds: the story rings.
    """

    on: bool = False
    seconds: list[float] = field(default_factory=list)
    held: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self, seconds: float, ring: Callable[[], None]) -> Callable[[], None]:
        self.seconds.append(seconds)
        if seconds != TELL_AFTER:
            self.held.append(ring)
        elif self.on:
            ring()
        return lambda: None


@dataclass
class Seconds:
    """A clock: each look at it takes one of `steps`."""

    step: float = 0.0
    now: float = 0.0

    def __call__(self) -> float:
        self.now += self.step
        return self.now


class Screen:
    """What clients drew of the bot's messages, in order: what happened, the message, its words."""

    def __init__(self, sandbox: SandboxServer) -> None:
        self._world = sandbox.world
        self.drawn: list[tuple[str, str, str]] = []
        self._world.listeners.append(self._draw)

    def _draw(self, event: Event) -> None:
        if event.resource == "messages" and self._world.people[event.actor_id].type == "bot":
            message = self._world.messages[event.data["id"]]
            self.drawn.append((event.name, message.id, message.markdown or ""))

    def of(self, message_id: str) -> list[tuple[str, str]]:
        """What was drawn of one message."""
        return [(name, words) for name, shown, words in self.drawn if shown == message_id]


@pytest.fixture
def timer() -> HastyTimer:
    return HastyTimer()


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def bot(sandbox: SandboxServer, database_url: str, timer: HastyTimer, seconds: Seconds) -> Iterator[BotAtWork]:
    with bot_at_work(sandbox, database_url, ONE_IS_ENOUGH, timer=timer, seconds=seconds) as working:
        yield working


@pytest.fixture
def screen(sandbox: SandboxServer) -> Screen:
    return Screen(sandbox)


def test_a_person_who_waits_is_told_within_three_seconds(
    bot: BotAtWork, alice: Person, timer: HastyTimer, screen: Screen
) -> None:
    """The answer then takes the place of that message, and there is one message as always."""
    alice.meets_the_bot()
    bot.meets(path=CALLING, delay=200, count=1)
    timer.on = True
    before = len(alice.messages())
    alice.says("show 5003")
    alice.sees("5003", "Phone number")
    first, last = screen.of(alice.answer["id"])
    assert first[0] == "created"
    assert WORKING in first[1]
    assert NO_NEED in first[1]
    assert last[0] == "updated"
    assert WORKING not in last[1]
    assert len(alice.messages()) == before + 2
    assert max(timer.seconds) <= 2.0


def test_what_is_quick_is_answered_without_a_word_more(bot: BotAtWork, alice: Person, screen: Screen) -> None:
    alice.says("show 5003")
    assert [name for name, _ in screen.of(alice.answer["id"])] == ["created"]
    assert all(WORKING not in words for _, _, words in screen.drawn)
    assert bot.services.store.events.find_notice(("messages", "created", alice.answer["id"])) is None


def test_an_error_takes_the_place_of_the_notice_too(
    bot: BotAtWork, alice: Person, timer: HastyTimer, screen: Screen
) -> None:
    alice.meets_the_bot()
    bot.meets(path=CALLING, status=500, count=9)
    timer.on = True
    alice.says("show 5003")
    alice.sees("Webex can't be reached just now")
    assert [name for name, _ in screen.of(alice.answer["id"])] == ["created", "updated"]


def test_a_pressed_card_becomes_the_answer_and_the_notice_goes(
    alice: Person, timer: HastyTimer, screen: Screen
) -> None:
    """In the thread of the card. No live button and no notice is left behind."""
    alice.says("help")
    alice.says("extensions", parent=alice.answer)
    listed = alice.answer
    timer.on = True
    alice.clicks("Next")
    assert alice.answer["id"] == listed["id"]
    names = [(name, shown) for name, shown, words in screen.drawn if WORKING in words]
    assert [name for name, _ in names] == ["created", "deleted"]
    assert all(WORKING not in one.get("markdown", "") for one in alice.messages())


def test_the_notice_is_said_in_the_thread_of_the_question(alice: Person, timer: HastyTimer) -> None:
    alice.says("help")
    root = alice.answer
    timer.on = True
    alice.says("show 5003", parent=root)
    assert alice.answer["parentId"] == root["id"]


def test_so_is_that_of_a_question_that_no_webhook_told_of(
    bot: BotAtWork, alice: Person, timer: HastyTimer
) -> None:
    alice.says("help")
    root = alice.answer
    bot.meets(deliveries="lost", count=1)
    missed = alice.writes("show 5003", parent=root)
    bot.clock.pass_by(minutes=1)
    timer.on = True
    assert catch_up(bot.services, bot.queue, timedelta(hours=1)) == 1
    bot.queue.wait_for(missed["id"])
    alice.sees("5003", "Phone number")
    assert alice.answer["parentId"] == root["id"]


def test_where_cards_can_not_be_edited_the_answer_comes_anew(
    bot: BotAtWork, alice: Person, timer: HastyTimer
) -> None:
    """As Webex documents it: then the notice is deleted."""
    alice.meets_the_bot()
    bot.meets(card_edits=False)
    timer.on = True
    alice.says("show 5003")
    alice.sees("5003", "Phone number")
    assert all(WORKING not in one.get("markdown", "") for one in alice.messages())


def test_a_notice_that_can_not_be_sent_is_no_reason_to_say_nothing(
    bot: BotAtWork, alice: Person, seconds: Seconds
) -> None:
    """It is given up, and the answer comes as if nobody had waited."""
    alice.meets_the_bot()
    told = Waiting(bot.services, envelope(bot, alice, "unsaid"), seconds)
    bot.meets(method="POST", path="/v1/messages", status=403, count=1)
    told.tell()
    told.progress("1 of 2 changes done")
    assert told.end() is None
    alice.says("show 5003")
    alice.sees("5003", "Phone number")


def test_a_notice_whose_answer_was_lost_does_not_stay(bot: BotAtWork, alice: Person, timer: HastyTimer) -> None:
    """Webex has it, and the bot does not know its id: it is looked for when it can be nobody else's."""
    alice.meets_the_bot()
    timer.on = True
    bot.meets(deliveries="lost")
    event = event_of("messages", alice.writes("show 5003"))
    bot.meets(method="POST", path="/v1/messages", drop="after", count=1)
    bot.queue.defer(event)
    bot.queue.wait_for(event.data.id)
    assert [WORKING in one.get("markdown", "") for one in alice.messages()].count(True) == 1
    (look,) = timer.held
    look()
    bot.clock.pass_by(seconds=3)
    (_, again) = timer.held
    again()
    assert all(WORKING not in one.get("markdown", "") for one in alice.messages())
    alice.sees("5003", "Phone number")


def test_the_answer_takes_the_place_of_a_notice_that_was_found(
    bot: BotAtWork, alice: Person, timer: HastyTimer
) -> None:
    """As if its answer had not been lost."""
    alice.meets_the_bot()
    bot.meets(deliveries="lost")
    event = event_of("messages", alice.writes("show 5003"))
    bot.services.store.events.begin(event.key, "alice", bot.clock())
    told = Waiting(bot.services, event, Seconds(), timer)
    bot.meets(method="POST", path="/v1/messages", drop="after", count=1)
    told.tell()
    bot.clock.pass_by(seconds=2)
    (look,) = timer.held
    look()
    notice = told.end()
    assert notice
    assert notice.message_id == alice.answer["id"]


def test_of_two_notices_the_lost_one_goes(bot: BotAtWork, alice: Person, timer: HastyTimer) -> None:
    """It was told again meanwhile, by the worker that has taken the event up."""
    alice.meets_the_bot()
    bot.meets(deliveries="lost")
    event = event_of("messages", alice.writes("show 5003"))
    bot.meets(method="POST", path="/v1/messages", drop="after", count=1)
    Dispatch(bot.services, timer).tell(event)
    bot.clock.pass_by(seconds=2)
    (look,) = timer.held
    again = Waiting(bot.services, event, Seconds(), timer)
    again.tell()
    look()
    notice = again.end()
    assert notice
    assert [one["id"] for one in alice.messages() if WORKING in one.get("markdown", "")] == [notice.message_id]


def test_of_two_notices_that_are_sent_at_once_one_stays(bot: BotAtWork, alice: Person) -> None:
    """One worker looks for those who wait, while another takes the event up: of both the answers are slow."""
    alice.meets_the_bot()
    bot.meets(deliveries="lost")
    event = event_of("messages", alice.writes("show 5003"))
    bot.meets(method="POST", path="/v1/messages", hold=500, count=2)
    taken_up = Waiting(bot.services, event, Seconds())
    with ThreadPoolExecutor(2) as workers:
        for told in [
            workers.submit(tell) for tell in (partial(Dispatch(bot.services).tell, event), taken_up.tell)
        ]:
            told.result()
    notice = taken_up.end()
    assert notice
    assert [one["id"] for one in alice.messages() if WORKING in one.get("markdown", "")] == [notice.message_id]


def test_a_long_plan_says_how_far_it_has_come(
    bot: BotAtWork, alice: Person, timer: HastyTimer, seconds: Seconds, screen: Screen
) -> None:
    """Now and then, so that the ten edits that Webex allows are not used up, and the end is a card as always."""
    alice.meets_the_bot()
    found = bot.services.calling.all_extensions(ExtensionFilter())[:20]
    planned = tuple(PlannedChange(changed(one, displayName=f"New {one.extension}")) for one in found)
    draft = Plan("", PlanState.PROPOSED, "alice", "Alice", alice.room_id, bot.clock(), planned)
    plan_id = bot.services.store.add_plan(draft).id
    timer.on, seconds.step = True, 2.0
    alice.says(f"confirm {plan_id}")
    alice.sees("Done: 20 changes")
    words = [words for _, words in screen.of(alice.answer["id"])]
    told = [each for each in words if "of 20 changes done." in each]
    assert "Webex takes a little longer." in words[0]
    assert 2 <= len(told) <= MOST_EDITS
    assert [each for each in told if WORKING not in each] == []
    assert len(words) == len(told) + 2


def envelope(bot: BotAtWork, person: Person, event_id: str) -> Envelope:
    """An event of that person's that has begun to be answered."""
    data = EventData.model_validate({"id": event_id, "roomId": person.room_id})
    begun = Envelope(resource="messages", event="created", data=data)
    bot.services.store.events.begin(begun.key, "alice", bot.clock())
    return begun


def test_progress_is_told_at_longer_and_longer_intervals(
    bot: BotAtWork, alice: Person, seconds: Seconds, screen: Screen
) -> None:
    alice.meets_the_bot()
    told = Waiting(bot.services, envelope(bot, alice, "progress"), seconds)
    told.progress("1 of 900 changes done")
    told.tell()
    alice.sees("1 of 900 changes done.")
    notice = alice.answer["id"]
    for number in range(2, 900):
        seconds.now += 1
        told.progress(f"{number} of 900 changes done")
    assert len(screen.of(notice)) == 1 + MOST_EDITS
    numbers = [int(words.partition(" of 900")[0].rpartition("\n")[2]) for _, words in screen.of(notice)]
    pauses = [after - before for before, after in pairwise(numbers)]
    assert pauses == [FIRST_PAUSE * 2**step for step in range(MOST_EDITS)]


def test_after_the_answer_nothing_more_is_told(bot: BotAtWork, alice: Person, screen: Screen) -> None:
    """A timer may ring at the very moment at which the answer is there."""
    alice.meets_the_bot()
    told = Waiting(bot.services, envelope(bot, alice, "late"), Seconds())
    assert told.end() is None
    before = len(screen.drawn)
    told.tell()
    told.progress("1 of 2 changes done")
    assert len(screen.drawn) == before


def test_without_a_database_nothing_is_told_and_nothing_breaks(bot: BotAtWork, alice: Person) -> None:
    """The thread of the timer has nobody above it who would know what to do."""
    alice.meets_the_bot()
    away = Store(connect("postgresql://nobody@127.0.0.1:1/nowhere"))
    told = Waiting(replace(bot.services, store=away), envelope(bot, alice, "message"), Seconds())
    before = alice.messages()
    told.tell()
    assert told.end() is None
    assert alice.messages() == before


@pytest.mark.parametrize("still_slow", [False, True])
def test_a_worker_that_was_killed_leaves_no_notice_behind(
    bot: BotAtWork, alice: Person, timer: HastyTimer, still_slow: bool
) -> None:
    """Whoever answers in its place makes it the answer, however long that takes."""
    alice.meets_the_bot()
    bot.meets(deliveries="lost", count=1)
    sent = alice.writes("show 5003")
    event = envelope(bot, alice, sent["id"])
    killed = Waiting(bot.services, event, Seconds())
    killed.tell()
    alice.sees("I am working on it")
    notice = alice.answer
    timer.on = still_slow
    bot.queue.defer(event)
    bot.queue.wait_for(sent["id"])
    alice.sees("5003", "Phone number")
    assert alice.answer["id"] == notice["id"]
    assert all(WORKING not in one.get("markdown", "") for one in alice.messages())


def written_by(bot: BotAtWork, name: str, message_id: str, room_id: str | None) -> Envelope:
    """An event that nobody has looked at."""
    about = {"id": message_id, "roomId": room_id, "personId": person_id(bot, name)}
    return Envelope(resource="messages", event="created", data=EventData.model_validate(about))


def test_who_waits_for_a_worker_is_told_and_the_answer_takes_that_place(bot: BotAtWork, alice: Person) -> None:
    """All workers are busy: the event has not been looked at yet."""
    alice.meets_the_bot()
    bot.meets(deliveries="lost", count=1)
    sent = alice.writes("show 5003")
    event = written_by(bot, "alice", sent["id"], alice.room_id)
    before = len(alice.messages())
    for _ in range(2):
        Dispatch(bot.services).tell(event)
    alice.sees("I am working on it")
    notice = alice.answer
    bot.queue.defer(event)
    bot.queue.wait_for(sent["id"])
    alice.sees("5003", "Phone number")
    assert alice.answer["id"] == notice["id"]
    assert len(alice.messages()) == before + 1


@pytest.mark.parametrize(("waited", "most"), [(0, 1.5), (1, 0.5), (1.9, 0.5), (10, TELL_AFTER)])
def test_what_has_waited_for_its_turn_is_told_of_the_sooner(
    bot: BotAtWork, alice: Person, timer: HastyTimer, waited: float, most: float
) -> None:
    """Within three seconds of the question; what has waited for longer was told of then."""
    alice.meets_the_bot()
    bot.meets(deliveries="lost", count=1)
    event = written_by(bot, "alice", alice.writes("show 5003")["id"], alice.room_id)
    timer.seconds.clear()
    bot.queue.defer(event.model_copy(update={"deferred_at": bot.clock().timestamp() - waited}))
    bot.queue.wait_for(event.data.id)
    assert timer.seconds[0] <= most
    assert timer.seconds[0] == TELL_AFTER or waited + timer.seconds[0] <= 2.5


def test_each_of_those_who_wait_in_a_space_is_told_in_their_thread(
    bot: BotAtWork, alice: Person, rita: Person
) -> None:
    """And answered there, in the place of that and in the order of the questions."""
    roots = []
    for one in (alice, rita):
        one.says("help", in_space="Telephony")
        roots.append(one.answer)
    bot.meets(deliveries="lost")
    asked = [
        one.writes(one.mentioning(f"show {number}"), parent=root)
        for one, root, number in zip((alice, rita), roots, (5003, 5004), strict=True)
    ]
    busy, waits = (event_of("messages", message) for message in asked)
    for _ in range(2):
        Dispatch(bot.services).tell(waits)
    rita.sees("I am working on it")
    notice = rita.answer
    assert notice["parentId"] == asked[1]["parentId"]
    for event in (busy, waits):
        bot.queue.defer(event)
        bot.queue.wait_for(event.data.id)
    rita.sees("5004", "Phone number")
    assert rita.answer["id"] == notice["id"]
    newer = takewhile(lambda one: one["id"] != asked[1]["id"], rita.messages())
    assert sorted(one["parentId"] for one in newer) == sorted(message["parentId"] for message in asked)


def test_who_was_answered_meanwhile_is_told_nothing(bot: BotAtWork, alice: Person, screen: Screen) -> None:
    """A worker takes the event up at the very moment at which another one says that it waits."""
    alice.says("show 5003")
    asked = alice.messages()[1]
    Dispatch(bot.services).tell(written_by(bot, "alice", asked["id"], alice.room_id))
    assert all(WORKING not in words for _, _, words in screen.drawn)
    event = envelope(bot, alice, "answered")
    bot.services.store.events.begin(event.key, event.caused_by, bot.services.now())
    bot.services.store.events.finish(event.key, bot.services.now())
    Waiting(bot.services, event, Seconds()).tell()
    assert all(WORKING not in one.get("markdown", "") for one in alice.messages())


def test_a_bot_is_told_nothing(bot: BotAtWork, alice: Person, screen: Screen) -> None:
    """It might answer."""
    alice.meets_the_bot()
    Dispatch(bot.services).tell(written_by(bot, "calling", "message", alice.room_id))
    assert all(WORKING not in words for _, _, words in screen.drawn)
