"""Notices: what went wrong and what to do next, what may not be done, what was not understood."""

from collections.abc import Sequence
from math import ceil

from bot.command import Command
from bot.errors import UserError
from cards.buttons import button
from cards.elements import Action, Card, finish
from cards.escape import sentence_for_message, shorten
from cards.layout import Tone, header, line_of_code, quiet, sentence
from cards.twin import HELP, item, line_to_type, plain, twin
from cards.wording import joined

KINDS = {Tone.ACCENT: "Note", Tone.GOOD: "Done", Tone.WARNING: "Not possible", Tone.ATTENTION: "Error"}
"""The word over the title, so that the colour does not stand alone."""

MOST_SUGGESTIONS = 5

LONGEST_WORD = 40
"""Characters of each of the words that a late message is recognized by."""


def notice_card(
    title: str,
    content: str,
    hint: str = "",
    tone: Tone = Tone.ACCENT,
    *,
    reference: str = "",
    actions: Sequence[Action] = (),
) -> Card:
    """A title, a sentence, and what to do next. `reference` is for the support, such as `Tracking id ROUTER_1`."""
    body = [
        *header(KINDS[tone], title, tone=tone),
        sentence(content),
        *([sentence(hint, "small")] if hint else []),
        *([quiet(reference)] if reference else []),
    ]
    lines = [sentence_for_message(content), plain(reference)]
    return finish(body, actions, twin(title, lines, hint or HELP))


def error_card(error: UserError, tracking_id: str | None = None) -> Card:
    """What the person can mend, or what Webex said, with Webex's tracking id where there is one."""
    reference = f"Webex tracking id {tracking_id}" if tracking_id else ""
    return notice_card(
        "That did not work", error.sentence, error.hint or HELP, Tone.ATTENTION, reference=reference
    )


WORKING = "I am working on it …"


def waiting_card(progress: str = "") -> Card:
    """The answer takes longer. `progress` says how far it has come, such as `12 of 20 changes done`."""
    content = f"{progress}." if progress else "Webex takes a little longer."
    return notice_card(WORKING, content, "There is no need to ask again: the answer comes here.")


def refusal_card(title: str, reason: str) -> Card:
    """The person may not do this. `title` says what it is, `reason` why not, and who can give the permission."""
    hint = "Type `whoami` to see what you may do."
    return notice_card(f"Not allowed: {title}", reason, hint, Tone.WARNING)


def pace_card(limit: int, seconds: float) -> Card:
    """More than `limit` commands in a minute, of which there are some seconds left."""
    wait = max(1, ceil(seconds))
    return notice_card(
        "Too many commands at once",
        f"I take {limit} commands of one person in a minute. With this one nothing was done.",
        f"Wait {wait} {'second' if wait == 1 else 'seconds'}, then send it again, and all that you send until "
        "then: I do not answer it. What was done before stays done.",
        Tone.WARNING,
    )


def late_card(title: str, wanted: Command) -> Card:
    """A change that was asked for while the bot could not be reached: is it still wanted?

    `title` says what the command does.
    """
    given = (value for value in wanted.arguments.given().values() if isinstance(value, str | list))
    words = [word for value in given for word in ([value] if isinstance(value, str) else value)]
    about = f": it says {joined([shorten(word, LONGEST_WORD) for word in words])}" if words else ""
    return notice_card(
        f"Do you still want this: {title.lower()}?",
        f"Your message came while I could not be reached{about}. I have done nothing about it.",
        "Press Go on, or send the line again.",
        actions=[button("Go on", wanted.name, wanted.arguments)],
    )


def apology_card(reference: str) -> Card:
    """A fault of the bot. `reference` is what the log has."""
    hint = "Try again in a minute. If it stays, give the reference to the administrator of this bot."
    return notice_card(
        "Something went wrong in the bot",
        "This is not your fault. Type `show` and the extension to see what is "
        "there now, before you repeat a change.",
        hint,
        Tone.ATTENTION,
        reference=f"Reference {reference}",
    )


def not_understood_card(reason: str, suggestions: Sequence[str] = ()) -> Card:
    """The line was not understood, and nothing was done. `suggestions` are lines to type."""
    title = "I did not understand that"
    lines = suggestions[:MOST_SUGGESTIONS]
    lead = "You could type one of these:" if lines else HELP
    body = [
        *header("Nothing was changed", title),
        sentence(reason),
        sentence(lead, "medium"),
        *(line_of_code(suggestion) for suggestion in lines),
    ]
    markdown = [
        sentence_for_message(reason),
        *([lead] if lines else []),
        *(item(line_to_type(one)) for one in lines),
    ]
    return finish(body, [button("Help", "help")], twin(title, markdown, HELP))
