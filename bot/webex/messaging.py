"""Messages, card submissions, spaces and webhooks, over webexteamssdk."""

from collections.abc import Callable
from datetime import datetime
from itertools import takewhile
from typing import Any, Self, TypeVar

import structlog
from webexteamssdk.api.attachment_actions import AttachmentActionsAPI
from webexteamssdk.api.memberships import MembershipsAPI
from webexteamssdk.api.messages import MessagesAPI
from webexteamssdk.api.people import PeopleAPI
from webexteamssdk.api.rooms import RoomsAPI
from webexteamssdk.api.webhooks import WebhooksAPI

from bot.calling.limiter import Limiter
from bot.calling.retries import RetryPolicy
from bot.calling.token import StaticToken
from bot.errors import Invalid, NotFound, UnusableToken, WebexError
from bot.events import CardSubmission, IncomingMessage
from bot.person import Person
from bot.settings import Settings
from bot.webex.markdown import shorten
from bot.webex.models import Action, Message, Profile, Space, Webhook
from bot.webex.session import WebexSession, check_id, items, read_object
from cards.elements import Card

CARD_TYPE = "application/vnd.microsoft.card.adaptive"

SPACES = 200
"""Spaces of a page; Webex allows a thousand, and advises against many."""

SOON_THERE = (0.2, 0.5, 1.0)
"""Pauses, in seconds, after a 404 for what a webhook has just announced (WebexPythonSDK issue 83)."""

OF_A_PERSON = (
    "WEBEX_BOT_TOKEN belongs to a person, in whose name the bot would answer whatever is written to them. Set the "
    "token of the bot: developer.webex.com shows it once, when the bot is created, and makes a new one."
)

T = TypeVar("T")

log = structlog.get_logger()


class Messaging:
    """What the bot does as itself: reads what was said to it, answers, and registers webhooks.

    Every method raises WebexError; Invalid also for an id that is not one, before anything is sent.
    """

    def __init__(self, session: WebexSession) -> None:
        self._session = session
        self._messages = MessagesAPI(session, read_object)
        self._actions = AttachmentActionsAPI(session, read_object)
        self._memberships = MembershipsAPI(session, read_object)
        self._people = PeopleAPI(session, read_object)
        self._rooms = RoomsAPI(session, read_object)
        self._webhooks = WebhooksAPI(session, read_object)
        self._secrets: dict[str, str] = {}

    @classmethod
    def of(cls, settings: Settings, limiter: Limiter | None = None, retries: RetryPolicy | None = None) -> Self:
        """With the bot's token."""
        token = StaticToken.of(settings.webex_bot_token)
        return cls(WebexSession(token, settings.webex_base_url, retries=retries, limiter=limiter))

    def me(self) -> Person:
        """The bot. GET /people/me"""
        profile: Profile = self._people.me()
        return profile.as_person()

    def own(self) -> Person:
        """The same. Raises UnusableToken for the token of a person, whose mail the bot would answer."""
        own = self.me()
        if not own.is_bot:
            raise UnusableToken(OF_A_PERSON)
        return own

    def get_message(self, message_id: str) -> IncomingMessage:
        """A message. GET /messages/{messageId}"""
        checked = check_id(message_id)
        message: Message = self._announced(lambda: self._messages.get(checked))
        return message.as_incoming()

    def get_action(self, action_id: str) -> CardSubmission:
        """A submitted card. GET /attachment/actions/{id}

        Webex does not say in which thread the card is. The bot knows its own cards by `message_id`.
        """
        checked = check_id(action_id)
        action: Action = self._announced(lambda: self._actions.get(checked))
        return action.as_submission()

    def send(self, room_id: str, markdown: str, card: Card | None, parent_id: str | None) -> str:
        """Say something in a space, in the thread of `parent_id` (a root message); the new message's id.

        Where Webex refuses the thread (its root is gone, or the request came from a card inside a thread), the
        message goes into the space itself; where it refuses the card, its words are said. POST /messages
        """
        try:
            return self._create(room_id, markdown, card, parent_id)
        except (Invalid, NotFound) as error:
            if parent_id:
                return self.send(room_id, markdown, card, None)
            if card is None or isinstance(error, NotFound):
                raise
            log.error("card.refused", call=str(error), tracking_id=error.call.tracking_id)
            return self._create(room_id, markdown, None, None)

    def send_to(self, person_id: str, markdown: str, card: Card) -> tuple[str, str]:
        """Say something to one person, directly; the ids of the new message and of its space. POST /messages"""
        message: Message = self._messages.create(toPersonId=check_id(person_id), **_content(markdown, card))
        return message.id, message.room_id

    def replace(self, message_id: str, room_id: str, markdown: str, card: Card, parent_id: str | None) -> str:
        """Put a card in the place of an earlier one; the id of the message that shows it now.

        PUT /messages/{messageId} with attachments is not documented, but replaces cards (Cisco's chess sample),
        up to ten times a message. Where Webex refuses, a new message is sent and the old one is deleted.
        """
        path, body = f"messages/{check_id(message_id)}", {"roomId": check_id(room_id)}
        try:
            self._session.put(path, json={**body, **_content(markdown, card)})
        except (Invalid, NotFound):
            sent = self.send(room_id, markdown, card, parent_id)
            # The new card is there already: an old one that stays is no reason to say it all again.
            self.delete_if_there(message_id)
            return sent
        return message_id

    def delete(self, message_id: str) -> None:
        """Delete a message of the bot. DELETE /messages/{messageId}"""
        self._messages.delete(check_id(message_id))

    def delete_if_there(self, message_id: str) -> None:
        """Delete a message of the bot where that can be done: nobody has to hear of it where it can't."""
        try:
            self.delete(message_id)
        except WebexError as error:
            log.warning("message.not_deleted", call=str(error), tracking_id=error.call.tracking_id)

    def list_members(self, room_id: str) -> list[str]:
        """The person ids of those who are in a space that the bot is in. GET /memberships?roomId="""
        members = items(self._memberships.list(roomId=check_id(room_id)))
        return [member.person_id for member in members]

    def list_spaces(self, since: datetime) -> list[Space]:
        """The spaces with activity since that moment, the latest first. GET /rooms?sortBy=lastactivity"""
        spaces = items(self._rooms.list(sortBy="lastactivity", max=SPACES))
        return list(takewhile(lambda space: _is_since(space.last_activity, since), spaces))

    def list_messages(self, space: Space, since: datetime) -> list[Message]:
        """The messages to the bot in a space since that moment, the latest first. GET /messages?roomId=

        In a group space a bot may ask only for those that mention it.
        """
        mentioning = {} if space.type == "direct" else {"mentionedPeople": "me"}
        messages = items(self._messages.list(check_id(space.id), **mentioning))
        return list(takewhile(lambda message: _is_since(message.created, since), messages))

    def list_webhooks(self) -> list[Webhook]:
        """The webhooks of this token. GET /webhooks

        Webex documents that it shows their secrets. Where it does not, they have those that were given from here:
        else each check would give them again, and take them for mended.
        """
        hooks: list[Webhook] = list(items(self._webhooks.list()))
        return [hook if hook.secret else self._with_secret(hook) for hook in hooks]

    def create_webhook(self, name: str, target_url: str, resource: str, event: str, secret: str) -> None:
        """Register a webhook. POST /webhooks"""
        made: Webhook = self._webhooks.create(name, target_url, resource, event, secret=secret)
        self._secrets[made.id] = secret

    def update_webhook(self, webhook_id: str, name: str, target_url: str, secret: str) -> None:
        """Give a webhook these values and make it active again. PUT /webhooks/{webhookId}"""
        checked = check_id(webhook_id)
        self._webhooks.update(checked, name=name, targetUrl=target_url, secret=secret, status="active")
        self._secrets[webhook_id] = secret

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a webhook. DELETE /webhooks/{webhookId}"""
        self._webhooks.delete(check_id(webhook_id))

    def _with_secret(self, hook: Webhook) -> Webhook:
        return hook.model_copy(update={"secret": self._secrets.get(hook.id, "")})

    def _create(self, room_id: str, markdown: str, card: Card | None, parent_id: str | None) -> str:
        thread = {"parentId": check_id(parent_id)} if parent_id else {}
        message: Message = self._messages.create(check_id(room_id), **thread, **_content(markdown, card))
        return message.id

    def _announced(self, fetch: Callable[[], T]) -> T:
        """Fetch what a webhook announced: it may come before the thing can be read."""
        for pause in SOON_THERE:
            try:
                return fetch()
            except NotFound:
                self._session.sleep(pause)
        return fetch()


def _is_since(moment: datetime | None, since: datetime) -> bool:
    return moment is not None and moment >= since


def _content(markdown: str, card: Card | None) -> dict[str, Any]:
    said: dict[str, Any] = {"markdown": shorten(markdown)}
    if card:
        said["attachments"] = [{"contentType": CARD_TYPE, "content": card.content}]
    return said
