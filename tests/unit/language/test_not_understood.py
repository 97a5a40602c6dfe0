"""What the person hears where a line means no command."""

import pytest

from bot.language import NotUnderstood, explain, read
from bot.registry import Registry

REASONS = {
    "don't delete 5012": "That says what not to do, so I changed nothing.",
    "delete 5012? no": "That says what not to do, so I changed nothing.",
    "should I delete 5012?": "That is a question about a change, so I changed nothing. "
    "To have it done, write the command itself.",
    "delete 5012 tomorrow": "I can't wait for a time or a condition, so I changed nothing. "
    "Send the command when it is due.",
    "delete 5012 and 5013": "I take one command at a time, about one thing, so I changed nothing. "
    "Send them one after the other.",
    "delete everything": "I take one command at a time, about one thing, so I changed nothing. "
    "Send them one after the other.",
    "delete 5012 lol": "I did not understand “lol” in that, so I changed nothing. Put names in quotation marks.",
    '"delete 5012"': "That is in quotation marks, so I changed nothing. Send it without them to have it done.",
    "the weather is fine": "That is no command that I know.",
}

MOVED = (
    "What is at a location stays there: Webex can't move it, so I changed nothing. Delete it, and add it again at "
    "the other location. For another number or name, write `change`, what is to be changed, and the new value."
)
SPAN = (
    "Webex knows no spans of numbers, so I changed nothing. A range covers patterns, such as 51XX: digits, then "
    "an X for each digit that may be any."
)
REASONS |= {
    "move 4101 to Lyon": MOVED,
    "please move 4101 to location Lyon": MOVED,
    "change 4101 location to Lyon": MOVED,
    "add range 5100-5199": SPAN,
    "show 5012 5013": REASONS["delete 5012 and 5013"],
}

SUGGESTIONS = {
    "change 4101 nmae to Bob": ["change 4101 name to Bob"],
    "change 4101 nubmer to +14085550123": ["change 4101 number to +14085550123"],
    "add range 5100-5199": ["add range 51XX"],
    "add range Foo +4930555 5000-5999": ["add range Foo +4930555 5XXX"],
    "delete 5001 5002": ["delete 5001", "delete 5002"],
    "delete 5001, 5002 and 5003": ["delete 5001", "delete 5002", "delete 5003"],
    "delete 5001, not 5002": ["help"],
    "delete 5001 or 5002": ["help"],
    "don't delete 5001 and 5002": ["help"],
    "add 5001 5002": ["help"],
    "delete 4101 nmae": ["help"],
    "delte 5012": ["delete 5012"],
    "lsit extensions": ["list extensions"],
    "shwo 5012": ["show 5012"],
    "extensons at Lyon": ["extensions at Lyon"],
    "renmae 5012 to Jane Roe": ["rename 5012 to Jane Roe"],
    "please cofirm 7F3K": ["confirm 7F3K"],
    "hlep": ["help"],
    "the weather is fine": ["help"],
}


@pytest.mark.parametrize(("text", "reason"), REASONS.items(), ids=REASONS)
def test_the_reason_is_said(text: str, reason: str, registry: Registry) -> None:
    found = read(text, registry)
    assert isinstance(found, NotUnderstood)
    assert found.reason == reason


@pytest.mark.parametrize(("text", "suggestions"), SUGGESTIONS.items(), ids=SUGGESTIONS)
def test_what_was_meant_is_offered(text: str, suggestions: list[str], registry: Registry) -> None:
    assert explain(text, registry) == {"command": None, "suggestions": suggestions}


OTHER_WORDS = (
    "deleted 5012", "deletes 5012", "undelete 5012", "removed 5012", "relate 5012", "dilute 5012", "emote 5012",
    "lost extensions", "shop 5012", "fund 5012", "chick +14085550123", "can 5012", "we can 5012",
)  # fmt: skip


@pytest.mark.parametrize("text", OTHER_WORDS)
def test_nothing_destructive_is_offered_for_another_word(text: str, registry: Registry) -> None:
    found = read(text, registry)
    offered = found.suggestions if isinstance(found, NotUnderstood) else ()
    assert not [line for line in offered if line.split()[0] in ("delete", "remove", "drop", "erase", "cancel")]
