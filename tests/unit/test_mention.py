"""What is left of a message when the bot's own mention is taken out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.events import IncomingMessage
from bot.mention import text_for_bot

BOT = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9mNWIzNjE4Ny1jOGRkLTQ3MjctOGIyZi1mOWM0NDdmMjkwNDY"
BARE = "f5b36187-c8dd-4727-8b2f-f9c447f29046"
OTHER = "Y2lzY29zcGFyazovL3VzL1BFT1BMRS9vdGhlcg"


def message(html: str | None, text: str = "") -> IncomingMessage:
    return IncomingMessage("m", "r", "p", None, text, html)


def mention(person_id: str, name: str = "Extensions") -> str:
    return f'<spark-mention data-object-type="person" data-object-id="{person_id}">{name}</spark-mention>'


@pytest.mark.parametrize("person_id", [BOT, BARE])
def test_the_bots_mention_is_taken_out_by_id(person_id: str) -> None:
    """Webex gives the id in two forms."""
    assert text_for_bot(message(f"<p>{mention(person_id)} show 5012</p>"), BOT) == "show 5012"


def test_the_mention_may_be_anywhere() -> None:
    assert text_for_bot(message(f"<p>show 5012 {mention(BOT)}</p>"), BOT) == "show 5012"


def test_a_name_of_several_words_is_taken_out_whole() -> None:
    """In the plain text it could not be told from the command."""
    assert text_for_bot(message(mention(BOT, "Show Bot") + " show 5012", "Show Bot show 5012"), BOT) == "show 5012"


def test_another_persons_mention_stays() -> None:
    assert text_for_bot(message(f"{mention(BOT)} show {mention(OTHER, 'Jane Doe')}"), BOT) == "show Jane Doe"


def test_without_html_the_text_is_taken() -> None:
    assert text_for_bot(message(None, " show 5012\n"), BOT) == "show 5012"


def test_lines_stay_lines() -> None:
    """Several lines are several commands, which the language refuses."""
    html = "<p>delete 5012</p><p>delete 5013</p>"
    assert text_for_bot(message(html), BOT) == "delete 5012\ndelete 5013"
    assert text_for_bot(message("delete 5012<br/>delete 5013"), BOT) == "delete 5012\ndelete 5013"


def test_entities_are_read() -> None:
    assert text_for_bot(message("show O&#39;Brien &amp; Sons"), BOT) == "show O'Brien & Sons"


@given(st.text(max_size=200))
def test_no_html_makes_it_fail(html: str) -> None:
    assert isinstance(text_for_bot(message(html), BOT), str)
