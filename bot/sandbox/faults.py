"""Faults on order: what goes wrong for which requests and deliveries, how often and how many times."""

import random
import re
import uuid
from threading import Lock
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel


class Fault(BaseModel):
    """One fault: which requests it meets, and what it does to them.

    `method`, the prefix `path` (with its /v1) and the regular expression `pattern` (found in the path) choose the
    requests; `rate` (0 to 1) is the share of them that is met, `count` after how many the fault is spent. The
    effects:

    - `status` answers in place of the sandbox, with `headers` and `body` (an object, or text sent as HTML)
    - `delay` waits so many milliseconds first
    - `hold` waits so many milliseconds with the answer, after the sandbox acted
    - `drop` closes the connection without an answer, `before` or `after` the sandbox acted
    - `truncate` cuts the answer in half
    - `deliveries` is for webhooks and not for requests: each delivery is sent twice (`duplicate`) or `lost`
    - `cardEdits: false` refuses the replacement of cards, as Webex documents it
    """

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    id: str = Field(default_factory=lambda: str(uuid.uuid4()))
    method: str | None = None
    path: str = ""
    pattern: str = ""
    rate: float = Field(default=1, ge=0, le=1)
    count: int | None = Field(default=None, ge=1)
    status: int | None = Field(default=None, ge=200, le=599)
    headers: dict[str, str] = Field(default_factory=dict)
    body: str | dict[str, Any] | None = None
    delay: float = Field(default=0, ge=0, le=60_000)
    hold: float = Field(default=0, ge=0, le=60_000)
    drop: Literal["before", "after"] | None = None
    truncate: bool = False
    deliveries: Literal["duplicate", "lost"] | None = None
    card_edits: bool = True

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, pattern: str) -> str:
        try:
            re.compile(pattern)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        return pattern

    @property
    def meets_requests(self) -> bool:
        """Whether it has an effect on requests: a fault of deliveries or card edits alone has none."""
        return bool(self.status or self.delay or self.hold or self.drop or self.truncate)

    def matches(self, method: str, path: str) -> bool:
        """Say whether it is meant for this request."""
        same_method = self.method is None or self.method.upper() == method
        return same_method and path.startswith(self.path) and re.search(self.pattern, path) is not None


class Faults:
    """The faults that are set."""

    def __init__(self, chance: random.Random | None = None) -> None:
        self._lock = Lock()
        self._faults: list[Fault] = []
        self._left: dict[str, int] = {}
        self._chance = chance or random.Random()  # noqa: S311 - nothing secret about it

    def active(self) -> list[Fault]:
        """Return the faults that are not spent, in the order in which they were added."""
        with self._lock:
            return list(self._faults)

    def add(self, fault: Fault) -> None:
        """Let this go wrong from now on."""
        with self._lock:
            self._faults.append(fault)
            if fault.count is not None:
                self._left[fault.id] = fault.count

    def clear(self) -> None:
        """Let nothing go wrong any more."""
        with self._lock:
            self._faults.clear()
            self._left.clear()

    def meet_request(self, method: str, path: str) -> list[Fault]:
        """Return the faults that this request meets, each used up once."""
        with self._lock:
            return [
                fault
                for fault in list(self._faults)
                if fault.meets_requests and fault.matches(method, path) and self._strikes(fault)
            ]

    def meet_delivery(self) -> Literal["duplicate", "lost"] | None:
        """Return what happens to the next delivery of a webhook, used up once."""
        with self._lock:
            met = (fault for fault in list(self._faults) if fault.deliveries and self._strikes(fault))
            return next((fault.deliveries for fault in met), None)

    @property
    def card_edits(self) -> bool:
        """Whether a card can be replaced by an edit: undocumented, and so in practice."""
        return all(fault.card_edits for fault in self.active())

    def _strikes(self, fault: Fault) -> bool:
        if fault.rate < 1 and self._chance.random() >= fault.rate:
            return False
        left = self._left.get(fault.id)
        if left is not None:
            self._spend(fault, left - 1)
        return True

    def _spend(self, fault: Fault, left: int) -> None:
        self._left[fault.id] = left
        if left == 0:
            self._faults.remove(fault)
            del self._left[fault.id]
