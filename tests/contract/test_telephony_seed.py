"""What the sandbox starts with, and what it leaves free for the README, the examples and the tests."""

from collections import Counter

from bot.sandbox.dialing import is_e164
from bot.sandbox.numbering import Extension
from bot.sandbox.seed_numbers import location_id, seed_numbering


def place_of(extension: Extension) -> str:
    return extension.location.name if extension.location else ""


def test_the_places() -> None:
    numbering = seed_numbering()
    assert [(each.name, each.id) for each in numbering.locations()] == [
        (name, location_id(name)) for name in ("Lyon", "Denver", "Munich", "Tokyo")
    ]
    assert len({each.routing_prefix for each in numbering.locations()}) == 4
    assert {place_of(each) for each in numbering.extensions()} == {"", "Lyon", "Denver", "Munich", "Tokyo"}


def test_what_the_readme_adds_is_free() -> None:
    numbering = seed_numbering(5000)
    assert not [each for each in numbering.extensions() if "5012" <= each.extension <= "5099"]
    assert numbering.check_phone_numbers(["+14085550123"]) == [None]
    assert "Berlin" not in {each.name for each in numbering.ranges()}
    assert not {"5XXX", "6XXX", "7XXX"} & {pattern for each in numbering.ranges() for pattern in each.patterns}


def test_what_is_hard_to_tell_apart_or_to_spell_is_there() -> None:
    everyone = seed_numbering().extensions()
    assert len(everyone) == 40
    assert [place_of(each) for each in everyone if each.extension == "5001"] == ["", "Denver"]
    assert [place_of(each) for each in everyone if each.last_name == "Smith"] == ["", "Lyon"]
    assert [place_of(each) for each in everyone if each.display_name == "Chris Taylor"] == ["", "Denver"]
    assert [each.extension for each in everyone if each.display_name is None] == ["5007"]
    assert [each.extension for each in everyone if each.last_name is None] == ["5006"]
    assert any("'" in (each.last_name or "") for each in everyone)
    assert any(not (each.display_name or "").isascii() for each in everyone)


def test_everything_seeded_keeps_the_rules() -> None:
    numbering = seed_numbering(5000)
    everyone = numbering.extensions()
    assert len(everyone) == 5000
    assert all(is_e164(each.phone_number) for each in everyone)
    assert max(Counter((each.location, each.extension) for each in everyone).values()) == 1
    assert max(Counter((each.location, each.phone_number) for each in everyone).values()) == 1
    assert len({each.id for each in everyone}) == 5000


def test_the_seed_is_always_the_same() -> None:
    assert seed_numbering(100).extensions() == seed_numbering(5000).extensions()[:100]
    assert seed_numbering().ranges() == seed_numbering().ranges()
    assert seed_numbering(1).extensions() == seed_numbering().extensions()
