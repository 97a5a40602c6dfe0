"""Replies that are in a space and were never noted: their answer was lost, or the worker was killed over it.

An event that is answered again takes such a reply for its own, and puts the new one in its place, so that the
person is not told twice. This works in direct spaces: in a group space, Webex shows a bot only what mentions it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Invalid, NotFound, Refused
from bot.events import EventData
from bot.store import SentCard
from bot.webex.models import Space
from cards.approvals import APPROVAL

if TYPE_CHECKING:
    # The services hold the registry of commands, which are answered: only the types go round.
    from bot.context import Services

SETTLED = timedelta(seconds=2)
"""What is younger may be another's, who notes it in a moment. An event comes again after three seconds."""


def find_lost_reply(
    services: Services, asked: EventData, parent_id: str | None, beginning: str = ""
) -> SentCard | None:
    """A message of ours, later than what was asked and in its thread, that nobody knows of.

    With `beginning`, only one whose words begin like that. What an approver is asked is none of them: it answers
    no event of that space, and who asked for the plan would wait in vain if it went. Raises StoreAway, and
    Unreachable or RateLimited where Webex can't be asked.
    """
    if asked.room_id is None or asked.created is None:
        return None
    try:
        said = services.messaging.list_messages(Space(id=asked.room_id, type="direct"), asked.created)
    except (Refused, NotFound, Invalid):
        return None
    settled = services.now() - SETTLED
    ours = [
        message.id
        for message in said
        if (message.person_id, message.parent_id) == (services.own_id, parent_id)
        and message.created is not None
        and message.created <= settled
        and message.text.startswith(beginning)
        and not message.text.startswith(APPROVAL)
    ]
    known = services.store.find_known_cards(ours)
    return next((SentCard(one, asked.room_id, parent_id, None) for one in ours if one not in known), None)
