"""Showing cards and remembering where: so that every card of a plan is found again when it is decided."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.errors import WebexError
from bot.store import SentCard

if TYPE_CHECKING:
    # The services hold the registry of commands, which show cards: only the types go round.
    from bot.context import Services
    from cards.elements import Card

log = structlog.get_logger()


def send_card(services: Services, room_id: str, parent_id: str | None, card: Card) -> SentCard:
    """Show a card in a space, in the thread of `parent_id`. Raises WebexError."""
    message_id = services.messaging.send(room_id, card.markdown, card, parent_id)
    sent = SentCard(message_id, room_id, parent_id, card.plan_id)
    services.store.remember_card(sent, services.now())
    return sent


def send_card_to(services: Services, person_id: str, card: Card) -> SentCard:
    """Show a card to one person, directly. Raises WebexError."""
    message_id, room_id = services.messaging.send_to(person_id, card.markdown, card)
    sent = SentCard(message_id, room_id, None, card.plan_id)
    services.store.remember_card(sent, services.now())
    return sent


def replace_card(services: Services, shown: SentCard, card: Card) -> SentCard:
    """Put a card in the place of an earlier one, wherever that is. Raises WebexError."""
    message_id = services.messaging.replace(shown.message_id, shown.room_id, card.markdown, card, shown.parent_id)
    shows_now = replace(shown, message_id=message_id, plan_id=card.plan_id)
    services.store.remember_card(shows_now, services.now())
    return shows_now


def replace_plan_cards(services: Services, plan_id: str, card: Card, but: str | None = None) -> None:
    """Put a card in the place of all that wait for the decision on a plan, but for the message `but`."""
    for shown in services.store.find_plan_cards(plan_id):
        if shown.message_id != but:
            replace_if_there(services, shown, card)


def replace_if_there(services: Services, shown: SentCard, card: Card) -> None:
    """Put a card in the place of one of a plan, where that can be done.

    What was decided has been done: a card that can't be replaced, because its message was deleted or its space was
    left, must not keep anybody from being told.
    """
    try:
        replace_card(services, shown, card)
    except WebexError as error:
        log.warning("card.not_replaced", call=str(error), tracking_id=error.call.tracking_id)
