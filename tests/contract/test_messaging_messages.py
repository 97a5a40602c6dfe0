"""Messages: what can be posted, how it comes back, in which order and in how many pages."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from account import Account

from bot.sandbox.server import SandboxServer

BOT = "extensions@webex.bot"


def test_posts_to_a_room_and_reads_it_back(alice: Account) -> None:
    posted = alice.says(alice.group(), "**show** 5012")
    assert posted["html"] == "<p><strong>show</strong> 5012</p>"
    assert posted["text"] == "show 5012"
    assert posted["roomType"] == "group"
    assert posted["personEmail"] == "alice@example.com"
    assert alice.get(f"/messages/{posted['id']}").json() == posted


def test_plain_text_has_no_html(alice: Account) -> None:
    posted = alice.writes_to(BOT, "**show** <b>5012</b>")
    assert posted["text"] == "**show** <b>5012</b>"
    assert "html" not in posted
    assert "markdown" not in posted


def test_text_beside_markdown_is_kept_as_the_alternative(alice: Account) -> None:
    posted = alice.says(alice.group(), "**loud**", text="quiet")
    assert (posted["text"], posted["html"]) == ("quiet", "<p><strong>loud</strong></p>")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("*a* `b<c>`", "<p><em>a</em> <code>b&lt;c&gt;</code></p>"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>"),
        ("[Webex](https://example.com)", '<p><a href="https://example.com">Webex</a></p>'),
        ("[bad](javascript:alert(1))", "<p>[bad](javascript:alert(1))</p>"),
        ("# no heading", "<p># no heading</p>"),
        ("![no](https://example.com/image)", '<p>!<a href="https://example.com/image">no</a></p>'),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("one  \ntwo", "<p>one<br>\ntwo</p>"),
        ("```\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("<@personEmail:nobody@example.com|Nobody>", "<p>Nobody</p>"),
    ],
)
def test_renders_the_documented_markdown_and_escapes_the_rest(alice: Account, markdown: str, html: str) -> None:
    assert alice.says(alice.group(), markdown)["html"] == html


def test_a_list_becomes_lines_of_text(alice: Account) -> None:
    posted = alice.says(alice.group(), "Two:\n\n- 5012\n- 5013")
    assert posted["text"] == "Two:\n5012\n5013"


@pytest.mark.parametrize("field", ["text", "markdown"])
def test_the_limit_is_7439_bytes_for_each(alice: Account, field: str) -> None:
    room = alice.group()
    longest = "é" * 3719 + "x"
    assert alice.post("/messages", roomId=room, **{field: longest}).status_code == 200
    refused = alice.post("/messages", roomId=room, **{field: longest + "x"})
    assert refused.status_code == 400
    assert "7439 bytes" in refused.json()["message"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "to nobody"},
        {"text": "to two", "toPersonEmail": BOT, "toPersonId": "x"},
        {"toPersonEmail": BOT},
        {"toPersonEmail": BOT, "text": ""},
        {"toPersonEmail": BOT, "text": 5012},
        {"toPersonEmail": BOT, "text": "x", "parentId": "nothing"},
        {"toPersonEmail": BOT, "files": ["https://example.com/1", "https://example.com/2"]},
        {"toPersonEmail": BOT, "files": ["ftp://example.com/1"]},
        {"toPersonEmail": "alice@example.com", "text": "to oneself"},
    ],
)
def test_refuses_what_is_no_message(alice: Account, body: dict[str, object]) -> None:
    refused = alice.post("/messages", **body)
    assert refused.status_code == 400
    assert refused.json()["errors"] == [{"description": refused.json()["message"]}]


def test_an_unknown_room_or_person_is_not_found(alice: Account, oscar: Account) -> None:
    assert oscar.post("/messages", roomId=alice.group(), text="hello").status_code == 404
    assert alice.post("/messages", roomId="unknown", text="hello").status_code == 404
    assert alice.post("/messages", toPersonEmail="nobody@example.com", text="hello").status_code == 404


def test_a_thread_has_one_root(alice: Account) -> None:
    room = alice.group()
    root = alice.says(room, "root")["id"]
    reply = alice.says(room, "reply", parentId=root)
    assert reply["parentId"] == root
    assert alice.post("/messages", roomId=room, text="deeper", parentId=reply["id"]).status_code == 400
    listed = alice.get("/messages", roomId=room, parentId=root).json()["items"]
    assert [message["id"] for message in listed] == [reply["id"]]


def test_a_direct_room_is_opened_by_the_first_message(alice: Account, bot: Account) -> None:
    first = alice.writes_to(BOT, "hello")
    second = bot.post("/messages", toPersonId=alice.me()["id"], text="hello yourself").json()
    assert first["roomId"] == second["roomId"]
    assert first["roomType"] == "direct"
    listed = bot.get("/messages/direct", personEmail="alice@example.com").json()["items"]
    assert [message["text"] for message in listed] == ["hello yourself", "hello"]


def test_pages_lead_from_the_newest_to_the_oldest(alice: Account) -> None:
    room = alice.group()
    for number in range(5):
        alice.says(room, f"message {number}")
    page = alice.get("/messages", roomId=room, max=2)
    texts = [message["text"] for message in page.json()["items"]]
    alice.says(room, "one more in between")
    while "next" in page.links:
        page = alice.get(page.links["next"]["url"])
        texts += [message["text"] for message in page.json()["items"]]
    assert texts == [f"message {number}" for number in (4, 3, 2, 1, 0)]


def test_pages_go_on_when_the_last_message_of_a_page_is_deleted(alice: Account) -> None:
    room = alice.group()
    sent = [alice.says(room, str(number))["id"] for number in range(3)]
    page = alice.get("/messages", roomId=room, beforeMessage=sent[2], max=1)
    alice.delete(f"/messages/{sent[1]}")
    rest = alice.get(page.links["next"]["url"]).json()["items"]
    assert [message["id"] for message in rest] == [sent[0]]


def test_lists_what_was_before_a_message_or_a_time(alice: Account) -> None:
    room = alice.group()
    posted = [alice.says(room, f"message {number}") for number in range(3)]
    by_message = alice.get("/messages", roomId=room, beforeMessage=posted[2]["id"]).json()["items"]
    by_time = alice.get("/messages", roomId=room, before=posted[1]["created"]).json()["items"]
    assert [message["text"] for message in by_message] == ["message 1", "message 0"]
    assert [message["text"] for message in by_time] == ["message 0"]


@pytest.mark.parametrize(
    "query", [{"max": "many"}, {"max": "0"}, {"before": "noon"}, {"beforeMessage": "unknown"}]
)
def test_refuses_a_list_that_it_can_not_read(alice: Account, query: dict[str, str]) -> None:
    assert alice.get("/messages", roomId=alice.group(), **query).status_code == 400
    assert alice.get("/messages").status_code == 400


def test_only_the_author_deletes_a_message(alice: Account, nina: Account) -> None:
    message = alice.says(alice.group(), "gone soon")["id"]
    assert nina.delete(f"/messages/{message}").status_code == 403
    deleted = alice.delete(f"/messages/{message}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert alice.get(f"/messages/{message}").status_code == 404


def test_a_file_is_uploaded_and_read_by_who_sees_the_message(
    alice: Account, nina: Account, oscar: Account
) -> None:
    upload = {"files": ("plan.csv", io.BytesIO(b"5012,Jane\n"), "text/csv")}
    form = {"roomId": alice.group(), "markdown": "*plan*"}
    posted = alice.send("POST", "/messages", data=form, files=upload).json()
    address = posted["files"][0]
    read, head = nina.get(address), nina.send("HEAD", address)
    assert (posted["html"], read.content) == ("<p><em>plan</em></p>", b"5012,Jane\n")
    assert read.headers["Content-Type"] == "text/csv"
    assert head.headers["Content-Disposition"] == 'attachment; filename="plan.csv"'
    assert (head.headers["Content-Length"], head.content) == ("10", b"")
    assert oscar.get(address).status_code == 404


def test_a_file_is_fetched_from_a_public_address(alice: Account, sandbox_health: str) -> None:
    posted = alice.post("/messages", toPersonEmail=BOT, files=[sandbox_health]).json()
    assert alice.get(posted["files"][0]).json() == {"status": "ok"}
    refused = alice.post("/messages", toPersonEmail=BOT, files=[f"{sandbox_health}/missing"])
    assert refused.status_code == 400


@pytest.fixture
def sandbox_health(control: Account) -> str:
    return f"{control.api_url}/health"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(alice: Account, body: bytes) -> None:
    refused = alice.send("POST", "/messages", data=body, headers={"Content-Type": "application/json"})
    assert refused.status_code == 400


def test_a_body_may_come_in_chunks(alice: Account) -> None:
    parts = iter([b'{"toPersonEmail": "extensions@webex.bot", ', b'"text": "in two parts"}'])
    assert alice.send("POST", "/messages", data=parts).json()["text"] == "in two parts"
    assert alice.get("/rooms").status_code == 200


def test_many_people_write_at_once(sandbox: SandboxServer, alice: Account) -> None:
    room = alice.group()

    def write(token: str) -> list[str]:
        with Account(sandbox.api_url, token) as account:
            return [account.says(room, f"{number}")["id"] for number in range(10)]

    with ThreadPoolExecutor(8) as threads:
        sent = list(threads.map(write, ["sandbox-alice", "sandbox-nina", "sandbox-rita", "sandbox-leo"] * 2))
    listed = [message["id"] for message in alice.get("/messages", roomId=room, max=100).json()["items"]]
    assert sorted(listed) == sorted(message for written in sent for message in written)


def test_times_are_utc_and_never_twice_the_same(alice: Account) -> None:
    room = alice.group()
    created = [alice.says(room, "x")["created"] for _ in range(3)]
    assert len(set(created)) == 3
    assert created == sorted(created)
    assert created[0].endswith("Z")
    assert abs(datetime.fromisoformat(created[0]) - datetime.now(UTC)) < timedelta(minutes=1)
