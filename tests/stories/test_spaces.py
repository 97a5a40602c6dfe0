"""Direct and group spaces, mentions, threads, greetings."""

from bot_at_work import BotAtWork
from people import Person, card_of

from bot.events import Envelope


def test_the_bot_greets_where_it_is_added(alice: Person) -> None:
    """The first words say what it does, that nothing happens unasked, and what to try."""
    alice.meets_the_bot()
    said = [one.get("markdown", "") for one in alice.messages()]
    assert sum("Hello, I am the virtual extension bot" in text for text in said) == 1


def test_the_buttons_of_the_greeting_work(alice: Person) -> None:
    """A newcomer presses before they type."""
    alice.meets_the_bot()
    greeting = next(one for one in alice.messages() if "Hello, I am" in one.get("markdown", ""))
    title = card_of(greeting)["actions"][0]["title"]
    alice.clicks(title, on=greeting)
    alice.does_not_see("Hello, I am")


def test_in_a_group_space_the_mention_is_not_part_of_the_command(alice: Person) -> None:
    """Webex writes the mention as plain words into the text: the html tells it apart."""
    alice.says("show 5003", in_space="Telephony")
    alice.sees("5003")


def test_the_answer_stays_in_the_thread_of_the_question(alice: Person) -> None:
    """A reply in a thread goes to the root of it; what is pressed there stays there."""
    alice.says("help")
    root = alice.answer
    alice.says("extensions", parent=root)
    assert alice.answer["parentId"] == root["id"]
    alice.clicks("Next")
    assert alice.answer["parentId"] == root["id"]


def test_formatting_in_a_message_does_not_hide_the_command(alice: Person) -> None:
    """People paste bold text and code."""
    alice.says("**show** `5003`")
    alice.sees("5003")


def test_several_lines_are_not_several_commands(alice: Person) -> None:
    """One command a message: nothing of a list of changes is carried out by half."""
    alice.says("delete 5003\ndelete 5004")
    alice.sees("I take one command at a time")


def test_a_line_that_is_not_understood_gets_suggestions(alice: Person) -> None:
    """A typo never becomes a change; what could be meant is offered as a line to type."""
    alice.says("delte 5003")
    alice.sees("I did not understand that")


def test_an_event_that_is_delivered_twice_is_answered_once(bot: BotAtWork, alice: Person) -> None:
    """Two registrations that overlap deliver everything twice."""
    alice.says("help")
    before = len(alice.messages())
    bot.meets(deliveries="duplicate")
    alice.says("help")
    alice.says("help")
    assert len(alice.messages()) == before + 4


def test_what_the_bot_says_itself_is_no_question(bot: BotAtWork, alice: Person) -> None:
    """Nor is it fetched: a web process that could not be told who the bot is leaves such events to the workers."""
    alice.says("show 5003")
    said, before = alice.answer, len(bot.sandbox.world.calls)
    about = {"id": said["id"], "roomId": said["roomId"], "personId": said["personId"]}
    bot.queue.defer(Envelope.model_validate({"resource": "messages", "event": "created", "data": about}))
    bot.queue.wait_for(said["id"])
    assert len(bot.sandbox.world.calls) == before
