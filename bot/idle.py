"""Which connections to the database are tried before their use: one that was idle may have been cut."""

import math
import time
from collections.abc import Callable, MutableMapping
from weakref import WeakKeyDictionary

IDLE_SECONDS = 1.0
"""To try each connection always is a round trip more for each statement: a sixth of what the web process takes for
an event, and of what `confirm` takes beside the calls to Webex."""


class Uses:
    """When each connection of a pool was taken last.

    Not noted when it is given back: what a pool is to do then, the engine's does in another thread.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._taken: MutableMapping[object, float] = WeakKeyDictionary()

    def take(self, connection: object) -> bool:
        """Note that the connection is used now. Whether it was idle until then, or is new."""
        before, now = self._taken.get(connection, -math.inf), self._clock()
        self._taken[connection] = now
        return now - before >= IDLE_SECONDS
