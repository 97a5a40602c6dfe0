"""Events that a web process did not store: once it can, a worker looks for them.

Webex may give up what was answered with 503, and what found nobody listening. A worker notices only when it loses
the database itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from bot.connections import RECONNECT_SECONDS
from bot.errors import QueueAway
from bot.events import AsksToCatchUp, Envelope


class RememberingQueue:
    """Defers events, and remembers that one could not be. At first, too: some may have come before it."""

    def __init__(self, queue: AsksToCatchUp) -> None:
        self._queue = queue
        self._missed = Event()
        self._missed.set()
        self._closed = Event()

    def defer(self, envelope: Envelope) -> None:
        """Store the event durably. Raises QueueAway, after which it is looked for later."""
        try:
            self._queue.defer(envelope)
        except QueueAway:
            self._missed.set()
            raise

    def watch(self) -> None:
        """Ask for what was missed as soon as the database takes it, until `close`."""
        while self._missed.wait() and not self._closed.wait(RECONNECT_SECONDS):
            # First: what is missed from here on asks again.
            self._missed.clear()
            try:
                self._queue.ask_to_catch_up()
            except QueueAway:
                self._missed.set()

    def close(self) -> None:
        """Let `watch` end."""
        self._closed.set()
        self._missed.set()


@contextmanager
def remembering(queue: AsksToCatchUp) -> Iterator[RememberingQueue]:
    """The queue, watched in a thread for as long as the block lasts."""
    made = RememberingQueue(queue)
    watching = Thread(target=made.watch, name="refusals", daemon=True)
    watching.start()
    try:
        yield made
    finally:
        made.close()
        watching.join()
