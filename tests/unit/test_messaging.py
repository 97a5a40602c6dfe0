import gzip
import socket
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client import REGISTRY, generate_latest
from scripted_webex import Answer, ScriptedWebex, scripted_webex

from bot.calling.token import StaticToken
from bot.errors import Conflict, Invalid, NotFound, RateLimited, Refused, Unreachable, WebexError
from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer
from bot.webex.directory import Directory
from bot.webex.markdown import MAX_BYTES, shorten
from bot.webex.messaging import Messaging
from bot.webex.session import WebexSession
from cards.elements import Card

CARD = Card({"type": "AdaptiveCard", "version": "1.3", "body": []}, "**5012** is free.")
SENT = Answer(body={"id": "M2"})


@pytest.fixture
def webex() -> Iterator[ScriptedWebex]:
    with scripted_webex() as server:
        yield server


@pytest.fixture
def messaging(webex: ScriptedWebex) -> Messaging:
    return Messaging(webex.session())


def test_it_knows_itself(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(
        Answer(body={"id": "P1", "orgId": "O1", "emails": ["e@webex.bot"], "displayName": "Ext", "type": "bot"})
    )
    me = messaging.me()
    assert (me.id, me.org_id, me.email, me.display_name, me.is_bot) == ("P1", "O1", "e@webex.bot", "Ext", True)
    assert webex.lines == ["GET /v1/people/me"]
    assert webex.asked[0].authorization == "Bearer token-of-the-bot"


def test_a_proxy_of_the_environment_is_gone_through(webex: ScriptedWebex, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was when the session was made."""
    monkeypatch.setenv("http_proxy", webex.url)
    session = WebexSession(StaticToken("token-of-the-bot"), "http://webex.example/v1")
    monkeypatch.delenv("http_proxy")
    webex.will_answer(Answer(body={"id": "P1"}))
    Messaging(session).me()
    assert webex.lines == ["GET http://webex.example/v1/people/me"]


def test_what_needs_no_proxy_is_reached_without(webex: ScriptedWebex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    webex.will_answer(Answer(body={"id": "P1"}))
    Messaging(webex.session()).me()
    assert webex.lines == ["GET /v1/people/me"]


def test_certificates_of_the_environment_are_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A company's own authority is named there."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "authority.pem"))
    session = WebexSession(StaticToken("token-of-the-bot"), "https://webex.example/v1")
    with pytest.raises(OSError, match=r"authority\.pem"):
        Messaging(session).me()


def test_calls_are_measured_by_template(webex: ScriptedWebex) -> None:
    """Neither log nor metrics have ids in their paths, those of SCIM included, which are no path of the API."""
    webex.will_answer(Answer(), Answer(404), Answer(body={"items": []}))
    directory = Directory(webex.session())
    org_id, person_id = "an-org-uuid", "a-person-uuid"
    directory.list_managed_locations(org_id, person_id)
    with pytest.raises(NotFound):
        directory.get(person_id)
    directory.find_by_email("alice@example.com")
    assert _measured("/identity/scim/{orgId}/v2/Users/{userId}", "200")
    assert _measured("/people/{id}", "404")
    assert _measured("/people", "200")
    text = generate_latest(REGISTRY).decode()
    assert [one for one in ("uuid", person_id, "alice@") if one in text] == []


def _measured(path: str, status: str) -> float | None:
    labels = {"api": "messaging", "method": "GET", "path": path, "status": status}
    return REGISTRY.get_sample_value("extbot_api_call_seconds_count", labels)


def test_a_message_is_read_with_html_thread_and_files(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(
        Answer(
            body={
                "id": "M1",
                "roomId": "R1",
                "roomType": "group",
                "personId": "P1",
                "parentId": "M0",
                "text": "Ext show 5012",
                "html": "<p>show 5012</p>",
                "files": ["https://example.com/contents/1"],
                "something": "new",
            }
        )
    )
    message = messaging.get_message("M1")
    assert (message.room_id, message.parent_id) == ("R1", "M0")
    assert (message.text, message.html) == ("Ext show 5012", "<p>show 5012</p>")


def test_a_message_with_only_a_file_has_an_empty_text(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(
        Answer(body={"id": "M1", "roomId": "R1", "roomType": "direct", "personId": "P1", "text": None})
    )
    assert messaging.get_message("M1").text == ""


def test_a_submission_is_read_with_its_inputs_as_text(webex: ScriptedWebex, messaging: Messaging) -> None:
    inputs = {"command": "extensions.add", "extension": 5012, "acknowledged": True, "nested": {"a": 1}}
    body = {"id": "A1", "roomId": "R1", "personId": "P1", "messageId": "M1", "inputs": inputs}
    webex.will_answer(Answer(body=body))
    action = messaging.get_action("A1")
    assert (action.room_id, action.person_id, action.message_id) == ("R1", "P1", "M1")
    assert action.inputs == {"command": "extensions.add", "extension": "5012", "acknowledged": "true"}
    assert webex.lines == ["GET /v1/attachment/actions/A1"]


def test_a_webhook_that_comes_before_its_message_is_waited_for(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(Answer(404), Answer(404), Answer(body={"id": "M1"}))
    assert messaging.get_message("M1").id == "M1"
    assert webex.slept == [0.2, 0.5]


def test_a_message_that_stays_away_is_not_found(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(*[Answer(404, {"message": "gone", "trackingId": "T1"})] * 4)
    with pytest.raises(NotFound, match=r"GET /messages/\{id\}: 404") as caught:
        messaging.get_message("M1")
    assert caught.value.call.tracking_id == "T1"


@pytest.mark.parametrize("webex_id", ["../people/me", "M1?max=1", "", "a/b", "M 1", "é", "M1\n"])
def test_an_id_that_could_reach_another_endpoint_is_never_sent(
    webex: ScriptedWebex, messaging: Messaging, webex_id: str
) -> None:
    calls = [
        lambda: messaging.get_message(webex_id),
        lambda: messaging.get_action(webex_id),
        lambda: messaging.delete(webex_id),
        lambda: messaging.replace(webex_id, "R1", "", CARD, None),
        lambda: messaging.send(webex_id, "hello", None, None),
        lambda: messaging.delete_webhook(webex_id),
        lambda: messaging.update_webhook(webex_id, "name", "https://example.com", "s"),
        lambda: Directory(webex.session()).get(webex_id),
    ]
    for call in calls:
        with pytest.raises(Invalid):
            call()
    assert webex.asked == []


def test_a_card_is_sent_with_its_markdown_in_the_thread(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(SENT)
    assert messaging.send("R1", CARD.markdown, CARD, "M0") == "M2"
    assert webex.asked[0].body == {
        "roomId": "R1",
        "parentId": "M0",
        "markdown": "**5012** is free.",
        "attachments": [{"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD.content}],
    }


def test_where_the_thread_is_refused_the_message_goes_into_the_space(
    webex: ScriptedWebex, messaging: Messaging
) -> None:
    webex.will_answer(Answer(400, {"message": "parent is not a root"}), SENT)
    assert messaging.send("R1", "hello", None, "M0") == "M2"
    assert webex.asked[1].body == {"roomId": "R1", "markdown": "hello"}


def test_a_refused_message_without_thread_is_not_sent_again(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(Answer(400, {"message": "no"}))
    with pytest.raises(Invalid):
        messaging.send("R1", "hello", None, None)
    assert len(webex.asked) == 1


def test_a_card_is_replaced_in_place(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(Answer(body={"id": "M1"}))
    assert messaging.replace("M1", "R1", "done", CARD, "M0") == "M1"
    assert webex.lines == ["PUT /v1/messages/M1"]
    assert webex.asked[0].body["roomId"] == "R1"
    assert webex.asked[0].body["attachments"][0]["content"] == CARD.content


def test_of_a_card_that_is_refused_the_words_are_said(webex: ScriptedWebex, messaging: Messaging) -> None:
    """Whoever asked must not be left without an answer: the words say what the buttons do."""
    webex.will_answer(Answer(400, {"message": "thread"}), Answer(400, {"message": "card"}), SENT)
    assert messaging.send("R1", "hello", CARD, "M1") == "M2"
    assert [sorted(each.body) for each in webex.asked] == [
        ["attachments", "markdown", "parentId", "roomId"],
        ["attachments", "markdown", "roomId"],
        ["markdown", "roomId"],
    ]


def test_a_card_that_cannot_be_edited_is_sent_anew_in_the_thread_and_the_old_one_deleted(
    webex: ScriptedWebex, messaging: Messaging
) -> None:
    webex.will_answer(Answer(400, {"message": "edits"}), SENT, Answer(204))
    assert messaging.replace("M1", "R1", "done", CARD, "M0") == "M2"
    assert webex.lines == ["PUT /v1/messages/M1", "POST /v1/messages", "DELETE /v1/messages/M1"]
    assert webex.asked[1].body["parentId"] == "M0"


def test_an_old_card_that_is_gone_already_is_no_failure(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(Answer(404), SENT, Answer(404))
    assert messaging.replace("M1", "R1", "done", CARD, None) == "M2"


def test_reading_is_repeated_after_outages(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(Answer(502, b"<html>"), Answer(503), Answer(504), Answer(body={"id": "M1"}))
    assert messaging.get_message("M1").id == "M1"
    assert len(webex.slept) == 3


def test_an_outage_that_lasts_is_unreachable(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(*[Answer(503)] * 4)
    with pytest.raises(Unreachable) as caught:
        messaging.get_message("M1")
    assert caught.value.call.status == 503


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_sending_is_not_repeated_after_an_outage(webex: ScriptedWebex, messaging: Messaging, status: int) -> None:
    webex.will_answer(Answer(status))
    with pytest.raises(Unreachable):
        messaging.send("R1", "hello", None, None)
    assert len(webex.asked) == 1


def test_sending_is_repeated_when_webex_asks_to_slow_down(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(Answer(429, headers={"Retry-After": "7"}), SENT)
    assert messaging.send("R1", "hello", None, None) == "M2"
    assert webex.slept == [7.0]


@pytest.mark.parametrize("retry_after", ["1.5", "rand(30),add(30)", "Wed, 21 Oct 2015 07:28:00 GMT", "-1", ""])
def test_a_retry_after_in_any_form_is_survived(
    webex: ScriptedWebex, messaging: Messaging, retry_after: str
) -> None:
    webex.will_answer(Answer(429, b"slow down", {"Retry-After": retry_after, "Content-Type": "text/html"}), SENT)
    assert messaging.send("R1", "hello", None, None) == "M2"
    assert 0 < webex.slept[0] <= 30


def test_deleting_is_repeated(webex: ScriptedWebex, messaging: Messaging) -> None:
    """What says that an answer is coming would else stay for ever behind one that came."""
    webex.will_answer(Answer(503), Answer(204))
    messaging.delete("M1")
    assert webex.lines == ["DELETE /v1/messages/M1"] * 2


def test_a_retry_after_of_an_hour_is_not_slept_through(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(*[Answer(429, headers={"Retry-After": "3600"})] * 4)
    with pytest.raises(RateLimited) as caught:
        messaging.send("R1", "hello", None, None)
    assert caught.value.call.seconds == 3600
    assert sum(webex.slept) <= 60


def test_an_answer_that_drips_is_given_up_at_the_deadline(webex: ScriptedWebex, messaging: Messaging) -> None:
    """What keeps sending, and comes to no end, would hold up a space for ever."""
    webex.will_answer(Answer(200, {"id": "M1"}, takes=61.0))
    with pytest.raises(Unreachable) as caught:
        messaging.delete("M1")
    assert caught.value.call.path == "/messages/{id}"
    assert webex.lines == ["DELETE /v1/messages/M1"]


def test_what_was_sent_and_whose_answer_drips_may_be_there(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(Answer(200, {"id": "M1", "roomId": "R1"}, takes=61.0))
    with pytest.raises(Unreachable) as caught:
        messaging.send("R1", "hello", None, None)
    assert caught.value.call.outcome_unknown


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_an_answer_that_is_packed_is_read(webex: ScriptedWebex, messaging: Messaging, encoding: str) -> None:
    pack = gzip.compress if encoding == "gzip" else zlib.compress
    body = pack(b'{"id": "M1", "roomId": "R1"}')
    webex.will_answer(Answer(200, body, {"Content-Encoding": encoding}))
    assert messaging.send("R1", "hello", None, None) == "M1"


def test_a_connection_that_closes_unanswered_is_tried_once_more(
    webex: ScriptedWebex, messaging: Messaging
) -> None:
    """It may have been idle for too long."""
    webex.will_answer(Answer(drop=True), Answer(204))
    messaging.delete("M1")
    assert webex.slept == []
    assert len(webex.asked) == 2


def test_what_would_be_said_twice_is_not_said_again_at_once(webex: ScriptedWebex, messaging: Messaging) -> None:
    """Whether it is there has to be looked up first."""
    webex.will_answer(Answer(drop=True))
    with pytest.raises(Unreachable) as caught:
        messaging.send("R1", "hello", None, None)
    assert caught.value.call.outcome_unknown
    assert len(webex.asked) == 1


def test_nobody_at_the_address_is_unreachable_after_a_few_tries() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    slept: list[float] = []
    session = WebexSession(StaticToken("t"), f"http://127.0.0.1:{port}/v1", sleep=slept.append, clock=lambda: 0.0)
    with pytest.raises(Unreachable) as caught:
        Messaging(session).send("R1", "hello", None, None)
    assert not caught.value.call.outcome_unknown
    assert len(slept) == 3


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, Invalid), (401, Refused), (403, Refused), (404, NotFound), (409, Conflict), (423, Conflict)],
)
@pytest.mark.parametrize("body", [["a", "list"], {"message": "m", "errors": None}, b"<html>", b"{cut", None])
def test_every_failure_is_one_of_ours_whatever_its_body(
    webex: ScriptedWebex, messaging: Messaging, status: int, kind: type[WebexError], body: object
) -> None:
    webex.will_answer(Answer(status, body, {"trackingId": "ROUTER_1"}))
    with pytest.raises(kind) as caught:
        messaging.delete("M1")
    assert (caught.value.call.method, caught.value.call.path) == ("DELETE", "/messages/{id}")
    assert caught.value.call.tracking_id == "ROUTER_1"


@pytest.mark.parametrize("body", [[1], b"<html>", b"{cut", b""])
def test_a_success_that_can_not_be_read_keeps_its_tracking_id(
    webex: ScriptedWebex, messaging: Messaging, body: object
) -> None:
    """The support of Webex asks for it."""
    webex.will_answer(Answer(200, body, {"trackingId": "ROUTER_1"}))
    with pytest.raises(Unreachable) as caught:
        messaging.get_message("M1")
    assert caught.value.call.tracking_id == "ROUTER_1"


@pytest.mark.parametrize("body", [[1], b"<html>", b"{cut", {"id": ""}, {"no": "id"}, b""])
def test_a_success_that_makes_no_sense_is_unreachable(
    webex: ScriptedWebex, messaging: Messaging, body: object
) -> None:
    webex.will_answer(Answer(200, body))
    with pytest.raises(Unreachable):
        messaging.send("R1", "hello", None, None)


def test_a_list_without_items_is_unreachable(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(Answer(200, {"nothing": []}))
    with pytest.raises(Unreachable):
        messaging.list_webhooks()


def test_lists_are_followed_through_all_pages(webex: ScriptedWebex, messaging: Messaging) -> None:
    more = {"Link": f'<{webex.url}/v1/webhooks?cursor=2>; rel="next"'}
    webex.will_answer(Answer(body={"items": [{"id": "W1"}]}, headers=more), Answer(body={"items": [{"id": "W2"}]}))
    assert [hook.id for hook in messaging.list_webhooks()] == ["W1", "W2"]


def test_the_secret_of_a_webhook_is_not_in_its_representation(webex: ScriptedWebex, messaging: Messaging) -> None:
    webex.will_answer(Answer(body={"items": [{"id": "W1", "secret": "very-secret"}]}))
    assert "very-secret" not in repr(messaging.list_webhooks())


@pytest.mark.parametrize("character", ["a", "é", "€", "😀", "a\n", "wort "])
def test_long_markdown_is_cut_to_what_webex_takes(character: str) -> None:
    shortened = shorten(character * 8000)
    assert len(shortened.encode()) <= MAX_BYTES
    assert shortened.endswith("… (shortened)")
    assert len(shortened.encode()) > MAX_BYTES - 60


def test_short_markdown_stays_as_it_is() -> None:
    assert shorten("a" * MAX_BYTES) == "a" * MAX_BYTES


def test_cutting_closes_an_open_code_block() -> None:
    assert shorten("```\n" + "5012 Jane\n" * 1000).count("```") == 2


@pytest.fixture
def sandbox() -> Iterator[SandboxServer]:
    with SandboxServer() as server:
        yield server


@dataclass
class Renewing:
    """A token source that has a fresh token for every refused one."""

    tokens: list[str]

    def current(self) -> str:
        return self.tokens[0]

    def renew(self, refused: str) -> str:
        assert self.tokens.pop(0) == refused
        return self.tokens[0]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_after_401_a_call_is_made_once_more_with_a_fresh_token(webex: ScriptedWebex, method: str) -> None:
    """Whatever it is: with 401 nothing was done."""
    session = WebexSession(Renewing(["old", "new", "newer"]), f"{webex.url}/v1")
    webex.will_answer(Answer(401), Answer())
    session.request(method, "people", 200)
    assert [each.authorization for each in webex.asked] == ["Bearer old", "Bearer new"]
    webex.will_answer(Answer(401), Answer(401))
    with pytest.raises(Refused):
        session.request(method, "people", 200)
    assert [each.authorization for each in webex.asked[2:]] == ["Bearer new", "Bearer newer"]


def test_without_a_fresh_token_401_is_the_end(webex: ScriptedWebex) -> None:
    webex.will_answer(Answer(401))
    with pytest.raises(Refused):
        webex.session().request("GET", "people", 200)
    assert len(webex.asked) == 1


def test_in_the_sandbox_a_card_is_replaced_ten_times_and_then_sent_anew(sandbox: SandboxServer) -> None:
    bot = Messaging(WebexSession(StaticToken("sandbox-bot"), sandbox.api_url))
    (space,) = sandbox.world.spaces
    root = bot.send(space, "hello", None, None)
    first = bot.send(space, CARD.markdown, CARD, root)
    assert {bot.replace(first, space, f"version {number}", CARD, root) for number in range(10)} == {first}
    second = bot.replace(first, space, "version 11", CARD, root)
    message = bot.get_message(second)
    assert second != first
    assert (message.parent_id, message.person_id) == (root, bot.me().id)
    assert first not in sandbox.world.messages


def test_in_the_sandbox_a_card_that_cannot_be_edited_is_sent_anew(sandbox: SandboxServer) -> None:
    sandbox.world.faults.add(Fault(card_edits=False))
    bot = Messaging(WebexSession(StaticToken("sandbox-bot"), sandbox.api_url))
    (space,) = sandbox.world.spaces
    first = bot.send(space, CARD.markdown, CARD, None)
    assert bot.replace(first, space, "done", CARD, None) != first
    assert first not in sandbox.world.messages
