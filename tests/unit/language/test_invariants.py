"""What holds for every line: no exception, no change that was not asked for, in bounded time."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from language_corpus import never_a_change, understood

from bot.command import Command
from bot.commands import all_commands
from bot.language import NotUnderstood, explain, read

REGISTRY = all_commands()
CHANGES = [
    line.text
    for line in understood()
    # A reason may be any words; what is rejected is not done, whatever they are.
    if REGISTRY[line.command].changes and "?" not in line.text and "reason" not in line.arguments
]
LINES = [line.text for line in understood()] + never_a_change()

NO_CHANGE = (
    "don't {}", "do not {}", "never {}", "please don't {}", "should I {}?", "should we {}", "can I {}?",
    "{}? no", "did you {}?", "why {}", "what happens if I {}", "if nobody objects {}", "{} tomorrow",
    "{} if nobody objects", "{} and delete 5099", "{} and then delete range Foo", "{}; delete 5099",
    "{}\ndelete 5099", "{}\nshow 5099", "delete 5099 and {}", "Bob said {}", "I think we should {}",
    "we will {}", "I will {}", "{} not", "no need to {}", "how do I {}?", "who did {}?", "{} or delete 5099",
    "{} later", "we should {}", "Jane wants to {}", "you can {}", "maybe {}", "{} maybe", "x{}", "I would {}",
    "could I {}?", "is it ok to {}?", "remember to {}", "{} and list extensions", "{} only if Jane agrees",
    "let Bob {}", "could you not {}?", "please, never {}", "{} - just kidding", "tell Bob to {}", "they {}",
    "when Jane leaves, {}", "{} when Jane leaves", "was {}", "{} unless Jane objects", "undo {}", "> {}",
    "the command {}", "{} is dangerous",
)  # fmt: skip

WORDS = st.sampled_from(sorted({word for line in LINES for word in line.split()}))


def is_change(text: str) -> bool:
    found = read(text, REGISTRY)
    return isinstance(found, Command) and REGISTRY[found.name].changes


@given(st.sampled_from(NO_CHANGE), st.sampled_from(CHANGES))
@settings(max_examples=300, deadline=None)
def test_a_change_in_other_words_around_it_is_no_change(around: str, line: str) -> None:
    assert not is_change(around.replace("{}", line))


@given(st.sampled_from(CHANGES), st.data())
@settings(max_examples=300, deadline=None)
def test_a_slip_in_the_verb_is_no_change(line: str, data: st.DataObject) -> None:
    """A letter twice in the first word; the lines that begin with no verb of a change are passed over."""
    verb, _, rest = line.partition(" ")
    if len(verb) > 3 and verb.isalpha() and not is_change(rest):
        at = data.draw(st.integers(0, len(verb) - 1))
        assert not is_change(f"{verb[:at]}{verb[at]}{verb[at:]} {rest}")


@given(st.text(max_size=200))
@example("")
@example("\u202e\u0000\ud800" * 5)
@example("add " + "\u200b" * 50)
@settings(max_examples=250, deadline=None)
def test_no_text_is_too_odd(text: str) -> None:
    assert explain(text, REGISTRY)["command"] in {None, *REGISTRY}


@given(st.lists(WORDS, max_size=14).map(" ".join))
@settings(max_examples=250, deadline=None)
def test_no_mixture_of_words_is_too_odd(text: str) -> None:
    found = explain(text, REGISTRY)
    assert found["command"] in REGISTRY or found["suggestions"]


@given(st.sampled_from(CHANGES))
@settings(max_examples=200, deadline=None)
def test_what_is_read_never_depends_on_invisible_letters(line: str) -> None:
    assert explain("\u200b\ufeff" + line.replace(" ", "\u00a0\u200b"), REGISTRY) == explain(line, REGISTRY)


LONG = {
    "one word": "x" * 100_000,
    "many commands": "delete 5012 " * 9_000,
    "digits": "1 " * 3_500,
    "plus signs": "+1 " * 2_400,
    "brackets": "(" * 7_000,
    "quotation marks": '"' * 7_000,
    "apostrophes": "'a" * 3_500,
    "stars": "*a" * 3_500,
    "patterns": "5X" * 3_500,
    "dots": "add " + "." * 7_000,
    "numbers": "check " + "+14085550123 " * 500,
    "prepositions": "list extensions " + "at x " * 28,
    "labels": "add " + "name " * 58,
    "articles": "the " * 59,
    "line breaks": "\n" * 7_000 + "show 5012",
    "emoji": "🎉" * 7_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_line_is_read_to_its_end(text: str) -> None:
    """What takes more than the square of the length would not come back: each of these takes some milliseconds."""
    assert isinstance(read(text, REGISTRY), Command | NotUnderstood)


def test_a_text_too_long_for_one_command_is_refused() -> None:
    found = read("show 5012 " * 2_000, REGISTRY)
    assert isinstance(found, NotUnderstood)
    assert found.reason == "That is too long for one command. Send one command, in one line."
