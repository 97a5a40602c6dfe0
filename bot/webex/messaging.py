"""Messages, card submissions, people and webhooks, over webexteamssdk: the only module that imports it.

`WebexSession` is the SDK's session with what it lacks: timeouts for connecting and reading, bounded repetition,
and the exceptions of `bot.errors`. It can be shared by threads, and keeps its connections open.
"""

import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self, TypeVar

import requests
import structlog
from pydantic import BaseModel, TypeAdapter, ValidationError
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError
from webexteamssdk.api.attachment_actions import AttachmentActionsAPI
from webexteamssdk.api.memberships import MembershipsAPI
from webexteamssdk.api.messages import MessagesAPI
from webexteamssdk.api.people import PeopleAPI
from webexteamssdk.api.roles import RolesAPI
from webexteamssdk.api.webhooks import WebhooksAPI
from webexteamssdk.exceptions import ApiError, MalformedResponse
from webexteamssdk.restsession import RestSession

from bot.calling.errors import failure, read_failure
from bot.calling.retries import RetryPolicy, read_retry_after
from bot.errors import FailedCall, Invalid, NotFound, Unreachable, WebexError
from bot.events import CardSubmission, IncomingMessage, WebexId
from bot.person import Person
from bot.settings import Settings
from bot.webex.ids import name_in
from bot.webex.markdown import shorten
from bot.webex.models import Action, Membership, Message, Profile, Role, ScimUser, Webhook
from cards.elements import Card

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
TIMEOUT = (5, 15)
"""Seconds to connect, and between two bytes of an answer."""

SOON_THERE = (0.2, 0.5, 1.0)
"""Pauses, in seconds, after a 404 for what a webhook has just announced (WebexPythonSDK issue 83)."""

ID_IN_PATH = re.compile(r"^(messages|attachment/actions|people|webhooks)/(?!me$)[^/?]+")
MODELS: Mapping[str, type[BaseModel]] = {
    "membership": Membership,
    "message": Message,
    "attachment_action": Action,
    "person": Profile,
    "role": Role,
    "webhook": Webhook,
}

T = TypeVar("T")

log = structlog.get_logger()
_webex_id = TypeAdapter(WebexId)


class WebexSession(RestSession):  # type: ignore[misc] # the SDK has no types
    """One token's connections to Webex. `base_url` as in the settings, without a slash at its end."""

    def __init__(
        self,
        token: str,
        base_url: str,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        retries: RetryPolicy | None = None,
    ) -> None:
        # Without the slash the SDK would drop "/v1" (it joins as a browser does). It never waits by itself here.
        super().__init__(token, f"{base_url}/", wait_on_rate_limit=False)
        self.sleep = sleep
        self._clock = clock
        self._retries = retries or RetryPolicy()

    def request(self, method: str, url: str, erc: int, **kwargs: Any) -> requests.Response:
        """What every call of the SDK goes through: repeated while that is safe and may help.

        `url` is relative to the base, or that of a next page; `erc` the status that means success.
        Raises WebexError.
        """
        deadline = self._clock() + self._retries.deadline
        attempt = 0
        while True:
            attempt += 1
            try:
                return self._request_once(method, url, erc, **kwargs)
            except WebexError as error:
                pause = self._retries.pause(attempt, error.call.seconds)
                is_last = attempt >= self._retries.tries or self._clock() + pause > deadline
                if is_last or not self._is_repeatable(error):
                    raise
                log.warning("webex.repeated", call=str(error), pause=round(pause, 2))
                self.sleep(pause)

    def _is_repeatable(self, error: WebexError) -> bool:
        """Reading always may be; a change only where it was certainly not carried out, as after 429."""
        changes = error.call.method != "GET"
        not_sent = error.call.status is None and not error.call.outcome_unknown
        return not_sent or self._retries.repeats(error.call.status, changes=changes)

    def _request_once(self, method: str, url: str, erc: int, **kwargs: Any) -> requests.Response:
        path = "/" + ID_IN_PATH.sub(r"\1/{id}", url.removeprefix(self.base_url).split("?")[0])
        # Before the SDK sees it: its errors can't be built from a body that is a list, nor from a Retry-After that
        # is not a number.
        kwargs.update(timeout=TIMEOUT, hooks={"response": lambda response, **_: _raise_if_failed(path, response)})
        changes = method != "GET"
        try:
            response = self._send(method, url, erc, **kwargs)
        except requests.RequestException as error:
            unknown = changes and not _is_unconnected(error)
            raise Unreachable(FailedCall(method, path, outcome_unknown=unknown)) from error
        except ApiError as error:
            raise Unreachable(FailedCall(method, path, error.status_code, outcome_unknown=changes)) from error
        if response.status_code != requests.codes.no_content and not _is_object(response.content):
            raise Unreachable(FailedCall(method, path, response.status_code, outcome_unknown=changes))
        return response

    def _send(self, method: str, url: str, erc: int, **kwargs: Any) -> requests.Response:
        """Send, and once more where the connection was closed without a byte of an answer.

        A server that closes an idle connection at the moment when we write to it looks like that. So does one that
        dies over the request: then a message is said twice, which does less harm than one that is never said.
        """
        try:
            response: requests.Response = super().request(method, url, erc, **kwargs)
        except requests.ConnectionError as error:
            if not _was_closed_unanswered(error):
                raise
            response = super().request(method, url, erc, **kwargs)
        return response


def _raise_if_failed(path: str, response: requests.Response) -> None:
    if response.status_code < 400:
        return
    call = FailedCall(
        response.request.method or "",
        path,
        response.status_code,
        tracking_id=response.headers.get("trackingId"),
        seconds=read_retry_after(response.headers.get("Retry-After")),
    )
    raise failure(read_failure(call, response.content))


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except ValueError:
        return False


def _is_unconnected(error: requests.RequestException) -> bool:
    """Whether no connection came about, so that nothing was sent."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _was_closed_unanswered(error: requests.ConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(cause, ProtocolError) and isinstance(cause.args[-1], ConnectionError)


def _read_object(kind: str, answer: object) -> BaseModel:
    """What the SDK makes its objects with: our own models, by the SDK's names for them. Raises Unreachable."""
    try:
        return MODELS[kind].model_validate(answer)
    except ValidationError as error:
        raise Unreachable(FailedCall("GET", f"/{kind}", 200)) from error


def _check_id(webex_id: str) -> str:
    """The id, if it can stand in a path: the SDK does not quote, and `../` would reach another endpoint."""
    try:
        return _webex_id.validate_python(webex_id)
    except ValidationError:
        raise Invalid(FailedCall("GET", "/{id}", message="The id is not a Webex id.")) from None


class Messaging:
    """What the bot does as itself: reads what was said to it, answers, and registers webhooks.

    Every method raises WebexError; Invalid also for an id that is not one, before anything is sent.
    """

    def __init__(self, session: WebexSession) -> None:
        self._session = session
        self._messages = MessagesAPI(session, _read_object)
        self._actions = AttachmentActionsAPI(session, _read_object)
        self._memberships = MembershipsAPI(session, _read_object)
        self._people = PeopleAPI(session, _read_object)
        self._webhooks = WebhooksAPI(session, _read_object)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """With the bot's token."""
        return cls(WebexSession(settings.webex_bot_token.get_secret_value(), settings.webex_base_url))

    def me(self) -> Person:
        """The bot. GET /people/me"""
        profile: Profile = self._people.me()
        return profile.as_person()

    def get_message(self, message_id: str) -> IncomingMessage:
        """A message. GET /messages/{messageId}"""
        checked = _check_id(message_id)
        message: Message = self._announced(lambda: self._messages.get(checked))
        return message.as_incoming()

    def get_action(self, action_id: str) -> CardSubmission:
        """A submitted card. GET /attachment/actions/{id}

        Webex does not say in which thread the card is. The bot knows its own cards by `message_id`.
        """
        checked = _check_id(action_id)
        action: Action = self._announced(lambda: self._actions.get(checked))
        return action.as_submission()

    def send(self, room_id: str, markdown: str, card: Card | None, parent_id: str | None) -> str:
        """Say something in a space, in the thread of `parent_id` (a root message); the new message's id.

        Where Webex refuses the thread (its root is gone, or the request came from a card inside a thread), the
        message goes into the space itself. POST /messages
        """
        try:
            return self._create(room_id, markdown, card, parent_id)
        except (Invalid, NotFound):
            if parent_id is None:
                raise
            return self._create(room_id, markdown, card, None)

    def replace(self, message_id: str, room_id: str, markdown: str, card: Card, parent_id: str | None) -> str:
        """Put a card in the place of an earlier one; the id of the message that shows it now.

        PUT /messages/{messageId} with attachments is not documented, but replaces cards (Cisco's chess sample),
        up to ten times a message. Where Webex refuses, a new message is sent and the old one is deleted.
        """
        path, body = f"messages/{_check_id(message_id)}", {"roomId": _check_id(room_id)}
        try:
            self._session.put(path, json={**body, **_content(markdown, card)})
        except (Invalid, NotFound):
            sent = self.send(room_id, markdown, card, parent_id)
            self._delete_if_there(message_id)
            return sent
        return message_id

    def delete(self, message_id: str) -> None:
        """Delete a message of the bot. DELETE /messages/{messageId}"""
        self._messages.delete(_check_id(message_id))

    def list_members(self, room_id: str) -> list[str]:
        """The person ids of those who are in a space that the bot is in. GET /memberships?roomId="""
        members = _items(self._memberships.list(roomId=_check_id(room_id)))
        return [member.person_id for member in members]

    def list_webhooks(self) -> list[Webhook]:
        """The webhooks of this token. GET /webhooks"""
        return list(_items(self._webhooks.list()))

    def create_webhook(self, name: str, target_url: str, resource: str, event: str, secret: str) -> None:
        """Register a webhook. POST /webhooks"""
        self._webhooks.create(name, target_url, resource, event, secret=secret)

    def update_webhook(self, webhook_id: str, name: str, target_url: str, secret: str) -> None:
        """Give a webhook these values and make it active again. PUT /webhooks/{webhookId}"""
        checked = _check_id(webhook_id)
        self._webhooks.update(checked, name=name, targetUrl=target_url, secret=secret, status="active")

    def delete_webhook(self, webhook_id: str) -> None:
        """Remove a webhook. DELETE /webhooks/{webhookId}"""
        self._webhooks.delete(_check_id(webhook_id))

    def _create(self, room_id: str, markdown: str, card: Card | None, parent_id: str | None) -> str:
        thread = {"parentId": _check_id(parent_id)} if parent_id else {}
        message: Message = self._messages.create(_check_id(room_id), **thread, **_content(markdown, card))
        return message.id

    def _delete_if_there(self, message_id: str) -> None:
        """The new card is there already: an old one that can't be deleted is no reason to say it all again."""
        try:
            self.delete(message_id)
        except WebexError as error:
            log.warning("message.not_deleted", call=str(error), tracking_id=error.call.tracking_id)

    def _announced(self, fetch: Callable[[], T]) -> T:
        """Fetch what a webhook announced: it may come before the thing can be read."""
        for pause in SOON_THERE:
            try:
                return fetch()
            except NotFound:
                self._session.sleep(pause)
        return fetch()


class Directory:
    """People and their roles, as the token's owner sees them; an administrator sees roles.

    Every method raises WebexError; Invalid also for an id that is not one, before anything is sent.
    """

    def __init__(self, session: WebexSession) -> None:
        self._session = session
        self._people = PeopleAPI(session, _read_object)
        self._roles = RolesAPI(session, _read_object)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """With the administrator's token, which is also the one for Webex Calling."""
        return cls(WebexSession(settings.webex_calling_token.get_secret_value(), settings.webex_base_url))

    @classmethod
    def of_bot(cls, settings: Settings) -> Self:
        """With the bot's token, which sees the people of other organizations too, without roles."""
        return cls(WebexSession(settings.webex_bot_token.get_secret_value(), settings.webex_base_url))

    def me(self) -> Profile:
        """The token's owner. GET /people/me"""
        profile: Profile = self._people.me()
        return profile

    def get(self, person_id: str) -> Profile:
        """A person. GET /people/{personId}"""
        profile: Profile = self._people.get(_check_id(person_id))
        return profile

    def find_by_email(self, email: str) -> list[Profile]:
        """The people with that e-mail: none or one. GET /people?email="""
        return list(_items(self._people.list(email=email)))

    def list_managed_locations(self, org_id: str, person_id: str) -> list[str]:
        """The UUIDs of the locations that somebody administers: SCIM has them as groups with a role.

        GET /identity/scim/{orgId}/v2/Users/{userId}, with the scope identity:people_read. Raises Refused without.
        """
        origin = self._session.base_url.removesuffix("/").removesuffix("/v1")
        path = f"identity/scim/{name_in(_check_id(org_id))}/v2/Users/{name_in(_check_id(person_id))}"
        return ScimUser.model_validate(self._session.get(f"{origin}/{path}")).managed_locations()

    def list_roles(self) -> list[Role]:
        """The administrator roles of the organization. GET /roles"""
        return list(_items(self._roles.list()))


def _content(markdown: str, card: Card | None) -> dict[str, Any]:
    said: dict[str, Any] = {"markdown": shorten(markdown)}
    if card:
        said["attachments"] = [{"contentType": CARD_TYPE, "content": card.content}]
    return said


def _items(listing: Iterable[T]) -> Iterator[T]:
    try:
        yield from listing
    except MalformedResponse as error:
        raise Unreachable(FailedCall("GET", "/{list}", 200)) from error
