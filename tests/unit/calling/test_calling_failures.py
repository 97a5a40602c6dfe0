"""What goes wrong: retries, tokens, deadlines, unreadable answers, and what the exceptions tell."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest
from drip import Drip
from scripted_calling import EXTENSION_ID, Script, answered, client_of
from shared_time import PassingTime

from bot.calling.client import CallingClient
from bot.calling.requests import ExtensionFilter, NewExtension
from bot.calling.retries import RetryPolicy, read_retry_after
from bot.calling.token import StaticToken
from bot.errors import BadToken, Conflict, Invalid, NotFound, RateLimited, Refused, Unreachable, WebexError
from bot.telephony import Mode

NEW = NewExtension(display_name="Jane Doe", phone_number="+14085550123", extension="5012")
MODE = {"mode": "STANDARD"}


def read(client: CallingClient) -> object:
    return client.get_mode()


def validate(client: CallingClient) -> object:
    return client.validate_numbers(["+14085550123"])


def create(client: CallingClient) -> object:
    return client.create_extension(NEW)


def change(client: CallingClient) -> object:
    return client.set_mode(Mode.ENHANCED)


def delete(client: CallingClient) -> object:
    return client.delete_extension(EXTENSION_ID)


def fail(script: Script, call: Callable[[CallingClient], object], clock: PassingTime | None = None) -> WebexError:
    with pytest.raises(WebexError) as caught:
        call(client_of(script, clock=clock))
    return caught.value


@pytest.mark.parametrize(
    "trouble",
    [*(answered(status) for status in (429, 502, 503, 504)), httpx.ReadTimeout(""), httpx.ConnectError("")],
    ids=str,
)
@pytest.mark.parametrize("call", [read, validate])
def test_what_only_reads_is_repeated(call: Callable[[CallingClient], object], trouble: httpx.Response) -> None:
    clock = PassingTime()
    script = Script([trouble, trouble, answered(json={**MODE, "status": "OK"})])
    assert call(client_of(script, clock=clock))
    assert clock.slept == [0.5, 1.0]


@pytest.mark.parametrize("call", [create, change, delete])
@pytest.mark.parametrize("trouble", [answered(503), answered(500), httpx.ReadTimeout("")], ids=str)
def test_a_change_without_an_answer_is_not_repeated_and_its_outcome_is_unknown(
    trouble: httpx.Response, call: Callable[[CallingClient], object]
) -> None:
    script = Script([trouble])
    error = fail(script, call)
    assert isinstance(error, Unreachable)
    assert error.call.outcome_unknown
    assert len(script.requests) == 1


@pytest.mark.parametrize("trouble", [httpx.ConnectError(""), httpx.ConnectTimeout("")], ids=repr)
def test_a_change_that_never_left_was_not_made(trouble: httpx.RequestError) -> None:
    error = fail(Script([trouble]), create)
    assert isinstance(error, Unreachable)
    assert not error.call.outcome_unknown


def test_a_change_is_repeated_after_429() -> None:
    script = Script([answered(429, headers={"Retry-After": "2"}), answered(201, {"id": "new-id"})])
    clock = PassingTime()
    assert client_of(script, clock=clock).create_extension(NEW).id == "new-id"
    assert clock.slept == [2.0]


def test_repeating_ends_after_four_tries() -> None:
    script, clock = Script([answered(429, headers={"Retry-After": "7"})]), PassingTime()
    error = fail(script, change, clock)
    assert isinstance(error, RateLimited)
    assert error.call.seconds == 7
    assert not error.call.outcome_unknown
    assert clock.slept == [7.0, 7.0, 7.0]
    assert len(script.requests) == 4


def test_a_pause_that_is_longer_than_a_call_may_take_ends_it() -> None:
    script, clock = Script([answered(429, headers={"Retry-After": "3600"})]), PassingTime()
    error = fail(script, read, clock)
    assert error.call.seconds == 3600
    assert clock.slept == []


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("12", 12.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("rand(30),add(30)", None),
        ("Fri, 31 Dec 2027 23:59:59 GMT", None),
        ("-3", None),
        ("nan", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_read_or_left(value: str | None, seconds: float | None) -> None:
    assert read_retry_after(value) == seconds


def test_an_unreadable_retry_after_means_a_pause_of_our_own() -> None:
    clock = PassingTime()
    script = Script([answered(429, headers={"Retry-After": "rand(30),add(30)"}), answered(json=MODE)])
    assert client_of(script, clock=clock).get_mode() == "STANDARD"
    assert clock.slept == [0.5]


def test_pauses_grow_and_vary() -> None:
    assert [RetryPolicy(jitter=lambda: 0.0).pause(attempt, None) for attempt in (1, 2, 3)] == [0.25, 0.5, 1.0]
    assert [RetryPolicy(jitter=lambda: 1.0).pause(attempt, None) for attempt in (1, 2, 3)] == [0.5, 1.0, 2.0]


def test_an_answer_that_drips_is_given_up_at_the_deadline() -> None:
    clock = PassingTime()

    def service(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=Drip(clock))

    with pytest.raises(Unreachable):
        client_of(service, clock=clock).get_mode()
    assert clock.now <= 1000 + 60 + 10


@dataclass
class Renewing:
    """A token source that has a fresh token for every refused one."""

    tokens: list[str]
    refused: list[str] = field(default_factory=list)

    def current(self) -> str:
        return self.tokens[0]

    def renew(self, refused: str) -> str:
        self.refused.append(refused)
        self.tokens.pop(0)
        return self.tokens[0]


def test_after_401_a_fresh_token_is_asked_for_once() -> None:
    script, tokens = Script([answered(401), answered(json=MODE)]), Renewing(["old", "new"])
    assert client_of(script, token=tokens).get_mode() == "STANDARD"
    assert [request.headers["Authorization"] for request in script.requests] == ["Bearer old", "Bearer new"]
    assert tokens.refused == ["old"]


def test_a_fresh_token_that_is_refused_too_is_the_end() -> None:
    script, tokens = Script([answered(401)]), Renewing(["old", "new", "newer"])
    with pytest.raises(Refused):
        client_of(script, token=tokens).get_mode()
    assert len(script.requests) == 2


def test_a_static_token_is_not_tried_twice_nor_shown() -> None:
    script = Script([answered(401)])
    assert isinstance(fail(script, read), Refused)
    assert len(script.requests) == 1
    assert "secret" not in repr(StaticToken("secret"))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, Unreachable),
        (400, Invalid),
        (401, BadToken),
        (403, Refused),
        (404, NotFound),
        (405, Invalid),
        (409, Conflict),
        (410, NotFound),
        (415, Invalid),
        (423, Conflict),
        (428, Invalid),
        (429, RateLimited),
        (500, Unreachable),
        (504, Unreachable),
    ],
)
def test_each_status_has_its_exception(status: int, kind: type[WebexError]) -> None:
    error = fail(Script([answered(status)]), read)
    assert type(error) is kind
    assert (error.call.method, error.call.status, error.call.tracking_id) == ("GET", status, "ROUTER_1")


@pytest.mark.parametrize(
    ("body", "code", "message", "tracking_id"),
    [
        (
            b'{"message":"m","errors":[{"description":"[Error 27850] Taken","errorCode":27850}],"trackingId":"B"}',
            "27850",
            "Taken",
            "B",
        ),
        (b'{"errors":[{"description":"d","errorCode":"8363"}],"errorCode":25223}', "8363", "d", "ROUTER_1"),
        (b'{"message":"m","errorCode":25223,"errors":[]}', "25223", "m", "ROUTER_1"),
        (b'{"message":"[Error 4911] Invalid extension."}', "4911", "Invalid extension.", "ROUTER_1"),
        (b'{"errors":"oops","message":{"a":1},"errorCode":true}', None, "", "ROUTER_1"),
        (b'{"errors":[null]}', None, "", "ROUTER_1"),
        (b'["a list"]', None, "", "ROUTER_1"),
        (b'{"message":"cut', None, "", "ROUTER_1"),
        (b"<html>Bad gateway</html>", None, "", "ROUTER_1"),
        (b"\xff\xfe", None, "", "ROUTER_1"),
        (b"[" * 100_000, None, "", "ROUTER_1"),
        (b"", None, "", "ROUTER_1"),
    ],
    ids=lambda value: value[:40] if isinstance(value, bytes) else None,
)
def test_error_bodies_of_any_kind_are_read(body: bytes, code: str | None, message: str, tracking_id: str) -> None:
    script = Script([httpx.Response(400, content=body, headers={"trackingid": "ROUTER_1"})])
    call = fail(script, read).call
    assert (call.code, call.message, call.tracking_id) == (code, message, tracking_id)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"virtualExtensions":', b'{"virtualExtensions": 7}'])
def test_a_list_that_cannot_be_read_is_no_empty_list(body: bytes) -> None:
    client = client_of(Script([httpx.Response(200, content=body)]))
    with pytest.raises(Unreachable):
        client.all_extensions(ExtensionFilter())


@pytest.mark.parametrize("body", [b"", b"{}", b'{"id": null}', b'{"id": ""}'])
def test_a_creation_without_an_id_has_an_unknown_outcome(body: bytes) -> None:
    assert fail(Script([httpx.Response(201, content=body)]), create).call.outcome_unknown


def test_errors_and_logs_hold_no_ids_and_no_numbers(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    script = Script([answered(409, {"message": "+14085550123 is taken"})])
    error = fail(script, lambda c: c.delete_extension(EXTENSION_ID))
    assert str(error) == "DELETE /telephony/config/virtualExtensions/{extensionId}: 409"
    assert error.call.message == "+14085550123 is taken"
    with pytest.raises(Conflict):
        client_of(script).all_extensions(ExtensionFilter(phone_number="+14085550123"))
    assert "4085550123" not in caplog.text
    assert EXTENSION_ID not in caplog.text
