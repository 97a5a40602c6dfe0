"""What Webex sends, read as far as it can be kept."""

import gc
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calling.models import KEPT, Extension, Listing, Location, read_body


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (rb"Jos\u00e9", "José"),
        (rb"\ud83d\ude00", "😀"),
        (rb"\u0000Jane", "Jane"),
        (rb"\ud800Jane", "Jane"),
        (rb"\\u0000", "\\u0000"),
        ("José".encode(), "José"),
    ],
)
def test_what_no_database_takes_is_left_out_of_names(written: bytes, name: str) -> None:
    """JSON can write it, and one such name must not make a whole list unreadable."""
    body = b'{"virtualExtensions": [{"id": "x", "displayName": "' + written + b'"}, {"id": "y"}]}'
    first, second = read_body(Listing[Extension], body).items
    assert (first.display_name, second.id) == (name, "y")


def test_a_list_model_is_made_once() -> None:
    """Left to itself, pydantic makes it anew for each call: it holds such models no longer than they are used."""
    made = id(Listing[Location])
    gc.collect()
    assert id(Listing[Location]) == made
    assert Listing[Location] in KEPT


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_whatever_comes_is_an_answer_or_a_value_error(body: bytes) -> None:
    for written in (body, body + rb"\u00e9", b'{"id": "\\u00e9' + body):
        with suppress(ValueError):
            assert isinstance(read_body(Extension, written), Extension)
