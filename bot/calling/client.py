"""The virtual extension API of Webex Calling, over HTTP.

A call goes down one layer per method, each of which does one thing: an operation -> _call -> _authorized (a
fresh token after 401) -> _repeated (429, outages) -> _sent_in_turn (all who share the token) -> _sent_once (one
request, one deadline). What fails comes up as the exceptions of `bot.errors`, with the path template: ids and
numbers stay out of errors and logs.
"""

import copy
import logging
import re
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Self, TypeVar

import httpx
import structlog
from pydantic import BaseModel

from bot.calling.answers import Answer, Sender
from bot.calling.errors import failure, read_failure
from bot.calling.limiter import Limiter
from bot.calling.models import Created, Extension, Listing, Location, ModeSetting, Range, Validation, read_body
from bot.calling.pages import WIDTH, Page, Part, Query, read_all, read_page
from bot.calling.paths import CHECK_NUMBERS, CHECK_RANGE, EXTENSION, EXTENSIONS, LOCATIONS, RANGE, RANGES, SETTINGS
from bot.calling.requests import (
    Done,
    ExtensionFilter,
    ExtensionUpdate,
    JsonObject,
    ModeUpdate,
    NewExtension,
    NewRange,
    NumbersCheck,
    RangeCheck,
    RangeFilter,
    RangeUpdate,
)
from bot.calling.retries import RetryPolicy
from bot.calling.token import TokenSource
from bot.errors import FailedCall, Invalid, Unreachable
from bot.telephony import Mode

WEBEX_ID = re.compile(r"[A-Za-z0-9_-]{16,512}={0,2}")
ID_FIELDS = ("orgId", "locationId", "rangeId")

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T", Extension, Range, Location)

log = structlog.get_logger()


@dataclass(frozen=True)
class _Call:
    """A request to be: `path` is the template, `target` the id that fills it. Shown without what is private."""

    method: str
    path: str
    target: str | None = field(default=None, repr=False)
    query: JsonObject = field(default_factory=dict, repr=False)
    body: JsonObject | None = field(default=None, repr=False)

    @property
    def changes(self) -> bool:
        """Whether the call changes anything: the validate calls are POSTs that do not."""
        return self.method != "GET" and not self.path.endswith("/invoke")

    @property
    def url(self) -> str:
        """The path with its id, without query. Raises Invalid, so that no other path is reached by an odd id."""
        ids = [value for part in (self.query, self.body or {}) for key, value in part.items() if key in ID_FIELDS]
        if "{" in self.path:
            ids.append(self.target or "")
        if not all(WEBEX_ID.fullmatch(str(value)) for value in ids):
            raise Invalid(FailedCall(self.method, self.path, message="malformed id"))
        return re.sub(r"\{\w+\}", self.target or "", self.path)


class CallingClient:
    """All 14 operations of the virtual extension API, and the locations with Webex Calling.

    Shared by all threads. Every method raises the WebexErrors of `bot.errors`; Invalid also before anything is
    sent, for an id that is not one. Changes are repeated after 429 only: an Unreachable whose call says
    `outcome_unknown` may have been carried out, so look before doing it again.
    """

    def __init__(
        self,
        base_url: str,
        token: TokenSource,
        *,
        org_id: str | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        retries: RetryPolicy | None = None,
        limiter: Limiter | None = None,
    ) -> None:
        # httpx logs whole URLs at INFO, and the query holds names and phone numbers.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        self._http = httpx.Client(base_url=base_url, transport=transport)
        self._executor = ThreadPoolExecutor(WIDTH, thread_name_prefix="calling-pages")
        self._bulk_executor = ThreadPoolExecutor(WIDTH, thread_name_prefix="calling-bulk-pages")
        self._bulk = False
        self._may_send: Callable[[], None] = lambda: None
        self._token = token
        self._organization: JsonObject = {"orgId": org_id} if org_id else {}
        self._sleep = sleep
        self._clock = clock
        self._retries = retries or RetryPolicy()
        self._sender = Sender(self._http, self._retries.silence, clock)
        self._limiter = limiter or Limiter()

    def in_bulk(self) -> Self:
        """The same client for work that is long: its calls let those of people who wait go first."""
        client = copy.copy(self)
        client._bulk, client._executor = True, self._bulk_executor
        return client

    def asking_first(self, may_send: Callable[[], None]) -> Self:
        """The same client, which calls that before each request that changes something, repeated ones too.

        Whoever may change nothing any more raises there: a request may have waited for minutes, for its turn or
        for the end of a pause that Webex asked for.
        """
        client = copy.copy(self)
        client._may_send = may_send
        return client

    def close(self) -> None:
        """Close the connections and threads; the client can't be used afterwards."""
        self._executor.shutdown(cancel_futures=True)
        self._bulk_executor.shutdown(cancel_futures=True)
        self._http.close()

    def list_extensions(self, filters: ExtensionFilter, *, start: int = 0, max_items: int = 10) -> Page[Extension]:
        """One page of extensions, from the zero-based offset `start`. GET /telephony/config/virtualExtensions"""
        return read_page(self._reader(EXTENSIONS, Listing[Extension], filters.as_json()), start, max_items)

    def all_extensions(self, filters: ExtensionFilter) -> list[Extension]:
        """Every extension that the filters let through. GET /telephony/config/virtualExtensions"""
        return read_all(self._reader(EXTENSIONS, Listing[Extension], filters.as_json()), self._executor)

    def get_extension(self, extension_id: str) -> Extension:
        """An extension. GET /telephony/config/virtualExtensions/{extensionId}"""
        return self._read(_Call("GET", EXTENSION, extension_id), Extension)

    def create_extension(self, new: NewExtension) -> Done:
        """Create an extension; Done has its id. POST /telephony/config/virtualExtensions"""
        return self._create(_Call("POST", EXTENSIONS, body=new.as_json()))

    def update_extension(self, extension_id: str, update: ExtensionUpdate) -> Done:
        """Change what is given, leave the rest. PUT /telephony/config/virtualExtensions/{extensionId}"""
        return self._change(_Call("PUT", EXTENSION, extension_id, body=update.as_json()))

    def delete_extension(self, extension_id: str) -> Done:
        """Delete an extension. DELETE /telephony/config/virtualExtensions/{extensionId}"""
        return self._change(_Call("DELETE", EXTENSION, extension_id))

    def list_ranges(self, filters: RangeFilter, *, start: int = 0, max_items: int = 10) -> Page[Range]:
        """One page of ranges, without patterns, from `start`. GET /telephony/config/virtualExtensionRanges"""
        return read_page(self._reader(RANGES, Listing[Range], filters.as_json()), start, max_items)

    def all_ranges(self, filters: RangeFilter) -> list[Range]:
        """Every range let through, without patterns. GET /telephony/config/virtualExtensionRanges"""
        return read_all(self._reader(RANGES, Listing[Range], filters.as_json()), self._executor)

    def get_range(self, range_id: str) -> Range:
        """A range, without level. GET /telephony/config/virtualExtensionRanges/{extensionRangeId}"""
        return self._read(_Call("GET", RANGE, range_id), Range)

    def create_range(self, new: NewRange) -> Done:
        """Create a range; Done has its id. POST /telephony/config/virtualExtensionRanges"""
        return self._create(_Call("POST", RANGES, body=new.as_json()))

    def update_range(self, range_id: str, update: RangeUpdate) -> Done:
        """Change what is given, leave the rest. PUT /telephony/config/virtualExtensionRanges/{extensionRangeId}"""
        return self._change(_Call("PUT", RANGE, range_id, body=update.as_json()))

    def delete_range(self, range_id: str) -> Done:
        """Delete a range. DELETE /telephony/config/virtualExtensionRanges/{extensionRangeId}"""
        return self._change(_Call("DELETE", RANGE, range_id))

    def validate_numbers(self, phone_numbers: Sequence[str]) -> Validation:
        """Ask whether numbers (E.164) can be used.

        POST /telephony/config/virtualExtensions/actions/validateNumbers/invoke
        """
        check = NumbersCheck(phone_numbers=tuple(phone_numbers))
        return self._read(_Call("POST", CHECK_NUMBERS, body=check.as_json()), Validation)

    def validate_range(self, check: RangeCheck) -> Validation:
        """Ask whether a range, or a change of one, would be accepted.

        POST /telephony/config/virtualExtensionRanges/actions/validate/invoke
        """
        return self._read(_Call("POST", CHECK_RANGE, body=check.as_json()), Validation)

    def get_mode(self) -> str:
        """The mode of the organization, in the API's words. GET /telephony/config/virtualExtensions/settings"""
        return self._read(_Call("GET", SETTINGS), ModeSetting).mode

    def set_mode(self, mode: Mode) -> Done:
        """Set the mode of the whole organization. PUT /telephony/config/virtualExtensions/settings"""
        return self._change(_Call("PUT", SETTINGS, body=ModeUpdate(mode=mode).as_json()))

    def list_locations(self, name: str | None = None, order: str | None = None) -> list[Location]:
        """Every location with Webex Calling whose name contains `name`. GET /telephony/config/locations

        `order` is in that call's own words, such as `name-asc`.
        """
        given: JsonObject = {k: v for k, v in {"name": name, "order": order}.items() if v is not None}
        return read_all(self._reader(LOCATIONS, Listing[Location], given), self._executor)

    def looks_again(self) -> Iterator[None]:
        """Goes on after each of the pauses between two looks at what came of a change that was not answered."""
        return map(self._sleep, self._retries.looks_again)

    def _reader(self, path: str, listing: type[Listing[T]], given: JsonObject) -> Callable[[Query], Part[T]]:
        """A function that reads one part of a list. What is asked for outweighs what a Link repeats of it."""

        def read(window: Query) -> Part[T]:
            call = _Call("GET", path, query={**window, **given})
            answer = self._call(call)
            return Part(_parse(call, answer, listing).items, answer.next)

        return read

    def _read(self, call: _Call, model: type[M]) -> M:
        return _parse(call, self._call(call), model)

    def _create(self, call: _Call) -> Done:
        answer = self._call(call)
        return Done(_parse(call, answer, Created).id, answer.tracking_id)

    def _change(self, call: _Call) -> Done:
        return Done(None, self._call(call).tracking_id)

    def _call(self, call: _Call) -> Answer:
        """The answer of a call that succeeded; raises a WebexError otherwise."""
        call = replace(call, query={**call.query, **self._organization})
        patience = self._retries.bulk_deadline if self._bulk else self._retries.deadline
        answer = self._authorized(call, self._clock() + patience)
        if answer.succeeded:
            return answer
        raise failure(read_failure(_failed(call, answer), answer.body))

    def _authorized(self, call: _Call, deadline: float) -> Answer:
        """With the token; once more with a fresh one where Webex does not accept it and there is another."""
        token = self._token.current()
        answer = self._repeated(call, token, deadline)
        if answer.status != 401:
            return answer
        fresh = self._token.renew(token)
        return answer if fresh == token else self._repeated(call, fresh, deadline)

    def _repeated(self, call: _Call, token: str, deadline: float) -> Answer:
        """Once more, after a pause, while that is safe and may help; the last answer is the answer."""
        answer = self._sent_in_turn(call, token, deadline)
        for attempt in range(1, self._retries.tries):
            pause = self._retries.pause(attempt, answer.retry_after)
            repeats = self._retries.repeats(answer.status, changes=call.changes)
            if not repeats or self._clock() + pause >= deadline:
                break
            log.warning("calling.repeated", method=call.method, path=call.path, status=answer.status, pause=pause)
            self._sleep(pause)
            answer = self._sent_in_turn(call, token, deadline)
        return answer

    def _sent_in_turn(self, call: _Call, token: str, deadline: float) -> Answer:
        """One request, when the budget has room for it. A 429 is a pause for all who share the token."""
        self._limiter.admit(call.method, call.path, deadline - self._clock(), bulk=self._bulk)
        if call.changes:
            self._may_send()
        answer = self._sent_once(call, token, deadline)
        if answer.status == 429:
            self._limiter.pause(self._retries.pause(1, answer.retry_after))
        return answer

    def _sent_once(self, call: _Call, token: str, deadline: float) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        return self._sender.send(
            call.method, call.path, call.url, deadline, params=call.query, json=call.body, headers=headers
        )


def _failed(call: _Call, answer: Answer) -> FailedCall:
    return FailedCall(
        call.method,
        call.path,
        answer.status,
        tracking_id=answer.tracking_id,
        seconds=answer.retry_after,
        outcome_unknown=call.changes and answer.sent and (answer.status is None or answer.status >= 500),
    )


def _parse(call: _Call, answer: Answer, model: type[M]) -> M:
    """Read the body of a success. One that can't be read is no usable answer: raises Unreachable."""
    try:
        return read_body(model, answer.body)
    except ValueError:
        # The original says what it read, numbers and names included, and must not reach a log.
        raise Unreachable(
            replace(_failed(call, answer), message="unreadable answer", outcome_unknown=call.changes)
        ) from None
