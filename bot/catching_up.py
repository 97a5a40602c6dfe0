"""After an outage: the messages that Webex could not deliver are found and answered, once.

A webhook is never delivered again later, and Webex disables it after a hundred failures. What is written to the
bot meanwhile stays in its spaces. Pressed buttons do not: Webex lists no submissions.
"""

from datetime import timedelta

import structlog

from bot.context import Services
from bot.errors import BadToken, Invalid, NotFound, Refused
from bot.events import AsksToCatchUp, Envelope
from bot.webex.models import Message, Space

LEFT_TO_WEBHOOK = timedelta(seconds=20)
"""What is younger may be on its way just now, and would be answered as if it had been missed: it is looked for
once more after that."""

log = structlog.get_logger()


def catch_up(services: Services, queue: AsksToCatchUp, age: timedelta) -> int:
    """Defer an event for every message to the bot that is not older and was not answered; how many there were.

    One that is on its way is deferred twice, and answered once. Raises QueueAway, and WebexError where Webex can't
    be read: done again, it finds what is left.
    """
    spaces = services.messaging.list_spaces(services.now() - age)
    missed = [message for space in spaces for message in reversed(_missed(services, space, age))]
    until = services.now() - LEFT_TO_WEBHOOK
    found = [message for message in missed if message.created is None or message.created <= until]
    for message in found:
        queue.defer(_envelope(message))
    if len(found) < len(missed):
        queue.ask_to_catch_up(LEFT_TO_WEBHOOK)
    log.info("catch_up.done", found=len(found), left=len(missed) - len(found))
    return len(found)


def _missed(services: Services, space: Space, age: timedelta) -> list[Message]:
    try:
        messages = services.messaging.list_messages(space, services.now() - age)
    except BadToken:
        raise
    except (Refused, NotFound, Invalid) as error:
        # The bot was taken out of it just now, say. The others are no worse for it.
        log.warning("catch_up.space_unread", call=str(error), tracking_id=error.call.tracking_id)
        return []
    answered = services.store.events.find_answered([message.id for message in messages])
    return [one for one in messages if one.person_id != services.own_id and one.id not in answered]


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
