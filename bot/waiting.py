"""What a person is told while the answer is not there yet: once, after about two seconds, and how far it has come.

The notice is a message with a card, which the answer takes the place of; where the answer belongs in the place of
a pressed card, the notice is deleted. It is remembered in the store: a worker that is killed leaves none behind.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.errors import StoreAway, WebexError
from bot.events import Envelope
from bot.lost_replies import find_lost_reply
from bot.showing import replace_card, send_card
from bot.store import SentCard
from cards.notice import WORKING, waiting_card

if TYPE_CHECKING:
    # The services hold the registry of commands, which are waited for: only the types go round.
    from bot.context import Services

Timer = Callable[[float, Callable[[], None]], Callable[[], None]]
"""Calls something after so many seconds, in another thread; what it returns prevents that."""

TELL_AFTER = 1.5
"""Seconds of work, or of waiting for a worker, before a notice. What Webex takes to bring the event and the notice
comes on top of it."""

LOOK_SECONDS = 0.5
"""Between two looks for those who wait for a worker."""

AT_LEAST = 0.5
"""Seconds of work before a notice, however long the event has waited by then: most answers are there sooner."""

MOST_EDITS = 6
"""Webex allows ten edits of a message, and the answer is one, and so is each press of a button on it."""

FIRST_PAUSE = 3.0
"""Seconds between the notice and its first edit. Each pause is twice the one before."""

LOOKS = (3.0, 12.0, 60.0)
"""Seconds after a notice may have been lost, and after each look, at which it is looked for: not before it is old
enough to be nobody else's, and again as clocks differ, and Webex may take longer over it than we wait."""

log = structlog.get_logger()


def start_timer(seconds: float, ring: Callable[[], None]) -> Callable[[], None]:
    """The timer of production. What it calls logs as the thread that has set it."""
    timer = threading.Timer(seconds, partial(copy_context().run, ring))
    timer.daemon = True
    timer.start()
    return timer.cancel


class Waiting:
    """The notice for one event, if it comes to one. Told by a timer's thread, used by that of the event."""

    def __init__(
        self, services: Services, envelope: Envelope, clock: Callable[[], float], timer: Timer = start_timer
    ) -> None:
        self._services = services
        self._envelope = envelope
        self._clock = clock
        self._timer = timer
        self._lock = threading.Lock()
        self._is_over = False
        self._notice: SentCard | None = None
        self._text = ""
        self._edits_left = MOST_EDITS
        self._pause = FIRST_PAUSE
        self._next_edit = 0.0

    def tell(self) -> None:
        """Say that it takes longer, unless the answer is there."""
        with self._lock:
            may_be_lost = not self._is_over and self._tell()
        if may_be_lost:
            self._timer(LOOKS[0], partial(self._look_for_lost_notice, LOOKS[1:]))

    def find_notice(self) -> None:
        """Find what has been said of this event before: it waited, its worker was killed, or an answer was lost.

        Raises StoreAway, and Unreachable or RateLimited where Webex can't be asked.
        """
        with self._lock:
            self._notice = self._earlier_notice()
            self._take_in(self._find_lost_reply())

    def progress(self, text: str) -> None:
        """Say how far it has come, such as `12 of 20 changes done`: not too often, and only if it takes longer."""
        with self._lock:
            self._text = text
            if self._notice and self._edits_left and self._clock() >= self._next_edit:
                self._notice = self._edited(self._notice)

    def end(self) -> SentCard | None:
        """Say nothing from now on. Returns the notice, if there is one."""
        with self._lock:
            self._is_over = True
            return self._notice

    def forget(self) -> None:
        """The notice has become the answer."""
        self._services.store.events.replace_notice(self._envelope.key, None)

    def _tell(self) -> bool:
        """Whether the notice may be in the space, though nobody knows of it."""
        self._next_edit = self._clock() + self._pause
        try:
            self._notice = self._notice or self._earlier_notice() or self._new_notice()
        except WebexError as error:
            log.warning("waiting.not_told", call=str(error), tracking_id=error.call.tracking_id)
            return error.call.outcome_unknown
        except StoreAway:
            # The thread of the event meets it, too, and waits for the database.
            log.warning("waiting.not_told", call="none: the database is away")
        return False

    def _look_for_lost_notice(self, more: tuple[float, ...]) -> None:
        """The answer takes its place. Where it was given meanwhile, or another notice, the lost one goes."""
        try:
            with self._lock:
                self._notice = self._notice or self._earlier_notice()
                lost = self._find_lost_reply(WORKING)
                self._take_in(lost)
            if lost is None and more:
                self._timer(more[0], partial(self._look_for_lost_notice, more[1:]))
        except (WebexError, StoreAway) as error:
            log.warning("waiting.not_looked_for", call=str(error))

    def _earlier_notice(self) -> SentCard | None:
        noted = self._services.store.events.find_notice(self._envelope.key)
        return self._services.store.find_card(noted) if noted else None

    def _find_lost_reply(self, beginning: str = "") -> SentCard | None:
        return find_lost_reply(self._services, self._envelope.data, self.thread(), beginning)

    def _take_in(self, lost: SentCard | None) -> None:
        """What was sent and not noted is the notice from now on, which the answer takes the place of.

        Beside another notice it goes: a worker may have begun just when another one told that it takes longer.
        """
        if lost is None:
            return
        log.info("reply.found")
        if self._notice:
            self._services.messaging.delete_if_there(lost.message_id)
            return
        self._services.store.remember_card(lost, self._services.now())
        self._notice = self._add(lost)

    def thread(self) -> str | None:
        """The root message of the thread that the event belongs to, if it is in one."""
        event = self._envelope.data
        pressed = self._services.store.find_card(event.message_id) if event.message_id else None
        return pressed.parent_id if pressed else event.parent_id

    def _new_notice(self) -> SentCard | None:
        event = self._envelope.data
        notice = send_card(self._services, event.room_id or "", self.thread(), waiting_card(self._text))
        log.info("waiting.told")
        return self._add(notice)

    def _add(self, notice: SentCard) -> SentCard | None:
        """Let it be found by whoever answers the event. Returns the notice that stands.

        It goes where the event has been answered meanwhile, and where another one was first: two workers may tell
        the same person at once, one that looks for those who wait, and one that has taken the event up.
        """
        standing = self._services.store.events.add_notice(self._envelope.key, notice.message_id)
        if standing == notice.message_id:
            return notice
        self._services.messaging.delete_if_there(notice.message_id)
        return self._services.store.find_card(standing) if standing else None

    def _edited(self, notice: SentCard) -> SentCard:
        """The notice with what is to be said now. Where Webex allows no edits of cards, this one is the last."""
        self._edits_left -= 1
        self._pause *= 2
        self._next_edit = self._clock() + self._pause
        try:
            edited = replace_card(self._services, notice, waiting_card(self._text))
        except WebexError as error:
            log.warning("waiting.not_edited", call=str(error), tracking_id=error.call.tracking_id)
            return notice
        if edited.message_id != notice.message_id:
            self._edits_left = 0
            self._services.store.events.replace_notice(self._envelope.key, edited.message_id)
        return edited


@contextmanager
def waiting(services: Services, envelope: Envelope, timer: Timer, clock: Callable[[], float]) -> Iterator[Waiting]:
    """Have the person told, while the block is not over."""
    told = Waiting(services, envelope, clock, timer)
    cancel = timer(_seconds_left(envelope, services.now()), told.tell)
    try:
        yield told
    finally:
        cancel()
        told.end()


def _seconds_left(envelope: Envelope, now: datetime) -> float:
    """How long to work before a notice: what has waited for a worker has waited already.

    Of what has waited for longer, the person was told then, or it is part of a flood.
    """
    waited = now.timestamp() - envelope.deferred_at if envelope.deferred_at else 0.0
    return max(TELL_AFTER - waited, AT_LEAST) if 0 <= waited <= TELL_AFTER + LOOK_SECONDS else TELL_AFTER
