"""Faults on order, and the list of calls."""

import socket
from urllib.parse import urlsplit

import pytest
import requests
from account import Account
from receiver import Receiver

BOT = "extensions@webex.bot"


def test_a_status_with_headers_is_answered_so_often(alice: Account, control: Account) -> None:
    control.post("/faults", path="/v1/rooms", status=429, headers={"Retry-After": "7"}, count=2)
    answers = [alice.get("/rooms") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "7"
    assert answers[0].json()["errors"]
    assert control.get("/faults").json() == {"items": []}


@pytest.mark.parametrize(
    ("fault", "met"),
    [
        ({"method": "POST"}, [200, 503]),
        ({"method": "get"}, [503, 200]),
        ({"path": "/v1/messages"}, [200, 503]),
        ({"pattern": "ooms$"}, [503, 200]),
        ({"path": "/v1/people"}, [200, 200]),
        ({"rate": 0}, [200, 200]),
        ({}, [503, 503]),
    ],
)
def test_a_fault_meets_what_it_matches(
    alice: Account, control: Account, fault: dict[str, object], met: list[int]
) -> None:
    assert control.post("/faults", status=503, **fault).status_code == 200
    answers = [alice.get("/rooms"), alice.post("/messages", toPersonEmail=BOT, text="x")]
    assert [answer.status_code for answer in answers] == met
    assert control.delete("/faults").status_code == 204
    assert alice.get("/rooms").status_code == 200


def test_the_body_is_html_or_any_json(alice: Account, control: Account) -> None:
    control.post("/faults", status=502, body="<h1>Bad gateway</h1>", count=1)
    html = alice.get("/rooms")
    control.post("/faults", status=409, body={"errorCode": 27854}, count=1)
    json = alice.get("/rooms")
    assert (html.headers["Content-Type"], html.text) == ("text/html", "<h1>Bad gateway</h1>")
    assert json.json() == {"errorCode": 27854}


def test_an_answer_is_cut_in_half(alice: Account, control: Account) -> None:
    control.post("/faults", truncate=True, count=1)
    answer = alice.get("/people/me")
    assert answer.status_code == 200
    with pytest.raises(requests.JSONDecodeError):
        answer.json()


def test_a_delay_holds_the_answer_up(alice: Account, control: Account) -> None:
    control.post("/faults", delay=30)
    assert alice.get("/rooms").status_code == 200
    assert control.get("/calls").json()["items"][-1]["milliseconds"] >= 30


def test_an_answer_is_held_back_after_the_act(alice: Account, control: Account) -> None:
    """So long that whoever asked has given up: it is done all the same."""
    said = {"roomId": alice.group(), "text": "hello?"}
    control.post("/faults", method="POST", hold=500, count=1)
    authorized = {"Authorization": "Bearer sandbox-alice"}
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{alice.api_url}/messages", json=said, headers=authorized, timeout=0.2)
    assert [one["text"] for one in alice.get("/messages", roomId=said["roomId"]).json()["items"]] == ["hello?"]


@pytest.mark.parametrize(("moment", "posted"), [("before", 0), ("after", 1)])
def test_a_connection_is_dropped_before_or_after_the_act(
    alice: Account, control: Account, moment: str, posted: int
) -> None:
    room = alice.group()
    control.post("/faults", method="POST", drop=moment, count=1)
    with pytest.raises(requests.ConnectionError):
        alice.says(room, "hello?")
    assert len(alice.get("/messages", roomId=room).json()["items"]) == posted
    assert [call["status"] for call in control.get("/calls").json()["items"]] == [200, None, 200]


@pytest.mark.parametrize(("effect", "heard"), [("duplicate", [0, 0, 1]), ("lost", [1])])
def test_deliveries_are_sent_twice_or_lost(
    alice: Account, bot: Account, control: Account, receiver: Receiver, effect: str, heard: list[int]
) -> None:
    bot.post("/webhooks", name="w", targetUrl=receiver.url, resource="messages", event="created")
    control.post("/faults", deliveries=effect, count=1)
    sent = [alice.writes_to(BOT, str(number))["id"] for number in range(2)]
    assert [receiver.next().json["data"]["id"] for _ in heard] == [sent[number] for number in heard]


@pytest.mark.parametrize(
    "fault", [{"status": 99}, {"rate": 2}, {"drop": "now"}, {"count": 0}, {"pattern": "("}, {"colour": "red"}]
)
def test_a_fault_that_makes_no_sense_is_refused(control: Account, fault: dict[str, object]) -> None:
    assert control.post("/faults", **fault).status_code == 400
    assert control.get("/faults").json() == {"items": []}


def test_calls_are_listed_until_forgotten(alice: Account, control: Account) -> None:
    alice.get("/rooms", max=5)
    alice.post("/messages", toPersonEmail="nobody@example.com", text="x")
    calls = control.get("/calls").json()["items"]
    assert [(call["method"], call["path"], call["query"], call["status"], call["token"]) for call in calls] == [
        ("GET", "/v1/rooms", "max=5", 200, "sandbox-alice"),
        ("POST", "/v1/messages", "", 404, "sandbox-alice"),
    ]
    assert calls[0]["started"] <= calls[0]["ended"]
    control.delete("/calls")
    assert control.get("/calls").json() == {"items": []}


def test_an_error_leaves_the_connection_usable(alice: Account) -> None:
    body = b"x" * 100_000
    answers = [
        alice.send("POST", "/nowhere", data=body),
        alice.get("/rooms"),
        alice.send("PUT", "/rooms", data=body),
    ]
    assert [answer.status_code for answer in answers] == [404, 200, 405]


def test_asks_for_a_body_that_is_held_back(alice: Account) -> None:
    address = urlsplit(alice.api_url)
    head = "PUT /v1/rooms HTTP/1.1\r\nHost: sandbox\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
        connection.sendall(head.encode())
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert connection.recv(1000).startswith(b"HTTP/1.1 405 ")


def test_people_are_listed_with_their_tokens(control: Account) -> None:
    people = control.get("/people").json()["items"]
    assert [(person["token"], person["role"]) for person in people] == [
        ("sandbox-alice", "Full Administrator"),
        ("sandbox-rita", "Read-only Administrator"),
        ("sandbox-leo", "Location Administrator"),
        ("sandbox-nina", "No administrator role"),
        ("sandbox-oscar", "No administrator role"),
        ("sandbox-bot", "Bot"),
    ]
    assert control.get("/health").json() == {"status": "ok"}
