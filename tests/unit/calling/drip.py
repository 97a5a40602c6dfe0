"""An answer that comes to no end."""

from collections.abc import Iterator

import httpx
from shared_time import PassingTime


class Drip(httpx.SyncByteStream):
    """One byte in ten seconds of the clock, for ever."""

    def __init__(self, clock: PassingTime) -> None:
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        while True:
            self._clock.now += 10
            yield b" "
