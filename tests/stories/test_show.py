"""Looking one virtual extension up: by extension, number, name or ESN."""

import pytest
from bot_at_work import BotAtWork
from people import Person, card_of, visible

from bot.calling.requests import ExtensionFilter, NewExtension


def make(bot: BotAtWork, extension: str, display_name: str) -> None:
    """Let somebody have added an extension by other means."""
    new = NewExtension(display_name=display_name, phone_number="+14085550170", extension=extension)
    bot.services.calling.create_extension(new)


def test_the_details_have_everything(alice: Person) -> None:
    """All fields of the API, and who reaches it by dialling what."""
    alice.says("show 4002")
    alice.sees("4002 · Anna Smith", "People at Lyon dial 4002, everybody else dials 77014002.")
    alice.sees("Phone number", "+33199000202", "First name", "Last name", "Level", "Routing prefix", "7701", "ESN")
    alice.sees_buttons("Edit", "Delete")


@pytest.mark.parametrize(
    "line",
    [
        "show 5002",
        "who is 5002",
        "show +442079460102",
        "show +44 20 7946 0102",
        "show Siobhán O'Brien",
        "show siobhán o'brien",
        "show Siobhán O’Brien",
        "show O'Brien",
    ],
)
def test_one_extension_is_found_in_many_ways(alice: Person, line: str) -> None:
    """By what one happens to know of it, and however the apostrophe is typed."""
    alice.says(line)
    alice.sees("5002 · Siobhán O'Brien", "Everybody in the organization dials 5002.")


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("show 佐藤 健", "4301 · 佐藤 健"),
        ("show Łukasz Wójcik", "5009 · Łukasz Wójcik"),
        ("show D'Angelo", "5007 · Maria D'Angelo"),
        ("show Jones-Baca", "4104 · Teresa Jones-Baca"),
        ("show ITŌ", "4303 · Haruka Itō"),
        ("who is Milan Dvořák", "4207 · Milan Dvořák"),
        ("show WEISS", "4201 · Katharina Weiß"),
        ("show Zoe Lefevre", "5004 · Zoë Lefèvre"),
        ("show Zoe\u0308 Lefe\u0300vre", "5004 · Zoë Lefèvre"),
    ],
)
def test_names_of_any_script_are_found(alice: Person, line: str, title: str) -> None:
    """Apostrophes, hyphens, accents and other scripts are letters like any other."""
    alice.says(line)
    alice.sees(title)


def test_an_extension_is_found_by_its_esn(alice: Person) -> None:
    """The routing prefix and the extension: what people at other locations dial."""
    alice.says("show 77014002")
    alice.sees("4002 · Anna Smith", "ESN", "77014002")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("show 5001 at Denver", "Front Range Couriers"),
        ("show 5001 organization level", "John Smith"),
        ("show 5001 location level", "Front Range Couriers"),
        ("show Chris Taylor at Denver", "+13035550152"),
        ("show 77025001", "Front Range Couriers"),
    ],
)
def test_the_place_tells_two_of_the_same_apart(alice: Person, line: str, name: str) -> None:
    """5001 exists at organization level and at Denver, and there are two Chris Taylors."""
    alice.says(line)
    alice.sees(name)
    alice.does_not_see("do you mean")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("show 5099", "There is no virtual extension “5099”."),
        ("show +14085550199", "There is no virtual extension “+14085550199”."),
        ("show Nobody Atall", "There is no virtual extension “Nobody Atall”."),
        ("show 4002 at Denver", "There is no virtual extension “4002” at “Denver”."),
        ("show 4002 organization level", "There is no virtual extension “4002” at organization level."),
    ],
)
def test_what_is_not_there_is_said_with_where_to_look(alice: Person, line: str, sentence: str) -> None:
    """The answer names what was looked for, and how to search on."""
    alice.says(line)
    alice.sees("That did not work", sentence, "to see them all, or")


def test_a_row_that_was_deleted_meanwhile_is_said_to_be_gone(bot: BotAtWork, alice: Person) -> None:
    """A list may be older than the present."""
    alice.says("extensions at Lyon")
    found = bot.services.calling.all_extensions(ExtensionFilter(extension="4002"))[0]
    bot.services.calling.delete_extension(found.id)
    alice.clicks("Show", target="4002 · Anna Smith · Lyon")
    alice.sees("This virtual extension is not there any more.", "to see them all")


def test_somebody_who_may_only_read_sees_no_buttons_that_change(rita: Person) -> None:
    """Nor is told to type what would be refused."""
    rita.says("show 4002")
    rita.sees_buttons()
    rita.does_not_see("Type `edit")


@pytest.mark.parametrize(
    "name",
    [
        "*Star* and _line_",
        "[a link](https://example.com)",
        "# Heading",
        "<@all> call",
        "1. First",
        "`code` & more",
    ],
)
def test_a_name_is_shown_as_it_is_written_and_never_as_markup(bot: BotAtWork, alice: Person, name: str) -> None:
    """Names come from people, from anywhere: no emphasis, no link, and nobody is mentioned by one."""
    make(bot, "5012", name)
    alice.says("show 5012")
    html = alice.answer["html"]
    assert "<em>" not in html
    assert "<a " not in html
    assert "spark-mention" not in html
    assert f"Display name: <strong>{escaped(name)}</strong>" in html
    assert name.replace("`", "") in visible(card_of(alice.answer))


def escaped(name: str) -> str:
    """The name in HTML."""
    return name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
