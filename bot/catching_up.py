"""After an outage: the messages that Webex could not deliver are found and answered, once.

A webhook is never delivered again later, and Webex disables it after a hundred failures. What is written to the
bot meanwhile stays in its spaces. Pressed buttons do not: Webex lists no submissions.
"""

from datetime import timedelta

import structlog
from pydantic import ValidationError

from bot.context import Services
from bot.errors import BadToken, Invalid, NotFound, Refused, Unreachable, WebexError
from bot.events import AsksToCatchUp, Envelope
from bot.webex.models import Message, Space

LEFT_TO_WEBHOOK = timedelta(seconds=20)
"""What is younger may be on its way just now, and would be answered as if it had been missed: it is looked for
once more after that."""

IN_A_ROW = 3
"""After so many spaces, one after the other, that Webex gives no answer about, it is taken for away: each of the
others may take a minute."""

log = structlog.get_logger()


def catch_up(services: Services, queue: AsksToCatchUp, age: timedelta) -> int:
    """Defer an event for every message to the bot that is not older and was not answered; how many there were.

    One that is on its way is deferred twice, and answered once. Raises QueueAway, and WebexError where Webex can't
    be read, in one space or at all; what it could read is deferred by then. Done again, it finds what is left.
    """
    spaces = services.messaging.list_spaces(services.now() - age)
    until = services.now() - LEFT_TO_WEBHOOK
    found = left = in_a_row = 0
    failure: Unreachable | None = None
    for space in spaces:
        try:
            missed = _missed(services, space, age)
        except Unreachable as error:
            failure, in_a_row = failure or error, in_a_row + 1
            if in_a_row == IN_A_ROW:
                break
        else:
            in_a_row = 0
            old_enough = [one for one in missed if one.created is None or one.created <= until]
            found += sum(_defer(queue, message) for message in reversed(old_enough))
            left += len(missed) - len(old_enough)
    if left:
        queue.ask_to_catch_up(LEFT_TO_WEBHOOK)
    log.info("catch_up.done", found=found, left=left)
    if failure:
        raise failure
    return found


def _missed(services: Services, space: Space, age: timedelta) -> list[Message]:
    """What was written in a space and not answered, the latest first. Raises WebexError where others may do so."""
    try:
        messages = services.messaging.list_messages(space, services.now() - age)
    except BadToken:
        raise
    except Unreachable as error:
        _tell_unread(error)
        raise
    except (Refused, NotFound, Invalid) as error:
        # The bot was taken out of it just now, say. The others are no worse for it.
        _tell_unread(error)
        return []
    answered = services.store.events.find_answered([message.id for message in messages])
    return [one for one in messages if one.person_id != services.own_id and one.id not in answered]


def _tell_unread(error: WebexError) -> None:
    log.warning("catch_up.space_unread", call=str(error), tracking_id=error.call.tracking_id)


def _defer(queue: AsksToCatchUp, message: Message) -> bool:
    """Defer the event of a message, if it can have one; whether it was."""
    try:
        envelope = _envelope(message)
    except ValidationError:
        # Without its author, say. It would be found again each time, and no worker could start.
        log.warning("catch_up.message_unread", event_id=message.id)
        return False
    queue.defer(envelope)
    return True


def _envelope(message: Message) -> Envelope:
    """The event that Webex would have sent."""
    data = {
        "id": message.id,
        "roomId": message.room_id,
        "personId": message.person_id,
        "parentId": message.parent_id,
        "created": message.created,
    }
    return Envelope.model_validate(
        {"resource": "messages", "event": "created", "actorId": message.person_id, "data": data, "is_late": True}
    )
