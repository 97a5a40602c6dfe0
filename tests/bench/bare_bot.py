"""The least that could answer: the same queue and the same calls, and nothing checked, kept, counted or logged.

`gunicorn other_servers:queueing()` stores events, `python bare_bot.py` answers them, both with the settings of the
bot's own processes. Nothing of ours is imported.
"""

import asyncio
import os
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from procrastinate import App, PsycopgConnector
from webexteamssdk import WebexTeamsAPI

POLL_SECONDS = 0.1
"""As the bot's own worker has it."""

CARD = "application/vnd.microsoft.card.adaptive"


class BareBot:
    """Answers `show`, `list`, `add NUMBER +NUMBER …` and the button of the latter, for whoever asks."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        base_url, token = environ["WEBEX_BASE_URL"], environ["WEBEX_CALLING_TOKEN"]
        self._webex = WebexTeamsAPI(environ["WEBEX_BOT_TOKEN"], base_url=f"{base_url}/")
        headers = {"Authorization": f"Bearer {token}"}
        self._calling = httpx.Client(base_url=f"{base_url}/telephony/config", headers=headers, timeout=30)
        self._answers: Mapping[str, Callable[[str, list[str]], None]] = {
            "show": self._show,
            "list": self._list,
            "add": self._add,
        }

    def register(self, url: str, secret: str) -> None:
        """Have the events sent to that address, and those that nobody sends here, too."""
        for resource in ("messages", "attachmentActions", "memberships"):
            self._webex.webhooks.create(resource, url, resource, "created", secret=secret)

    def answer(self, envelope: dict[str, Any]) -> None:
        """Answer one event."""
        about = envelope["data"]
        if envelope["resource"] == "attachmentActions":
            self._confirm(about["id"])
        elif envelope["resource"] == "messages":
            message = self._webex.messages.get(about["id"])
            word, *words = message.text.split()
            self._answers[word](message.roomId, words)

    def _show(self, room_id: str, words: list[str]) -> None:
        found = self._read("virtualExtensions", extension=words[0])
        self._send(room_id, _card(str(found["virtualExtensions"])))

    def _list(self, room_id: str, _words: list[str]) -> None:
        found = self._read("virtualExtensions", max="10", start="0")
        self._send(room_id, _card(*(str(one["extension"]) for one in found["virtualExtensions"])))

    def _add(self, room_id: str, words: list[str]) -> None:
        extension, number, *name = words
        self._read("virtualExtensions", extension=extension)
        check = {"phoneNumbers": [number]}
        self._change("POST", "virtualExtensions/actions/validateNumbers/invoke", check)
        new = {"extension": extension, "phoneNumber": number, "displayName": " ".join(name)}
        self._send(room_id, _card(str(new), confirm=new))

    def _confirm(self, action_id: str) -> None:
        action = self._webex.attachment_actions.get(action_id)
        self._read("virtualExtensions", extension=action.inputs["extension"])
        first, last = action.inputs["displayName"].split()
        created = self._change(
            "POST", "virtualExtensions", {**action.inputs, "firstName": first, "lastName": last}
        )
        done = self._read(f"virtualExtensions/{created['id']}")
        body = {"roomId": action.roomId, "markdown": "Done.", "attachments": [_card(str(done))]}
        # The SDK can't replace the card of a message.
        self._webex.messages._session.put(f"messages/{action.messageId}", json=body)

    def _send(self, room_id: str, card: dict[str, Any]) -> None:
        self._webex.messages.create(roomId=room_id, markdown="A card.", attachments=[card])

    def _read(self, path: str, **query: str) -> dict[str, Any]:
        return _body(self._calling.get(path, params=query))

    def _change(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return _body(self._calling.request(method, path, json=body))


def _body(response: httpx.Response) -> dict[str, Any]:
    response.raise_for_status()
    body: dict[str, Any] = response.json()
    return body


def _card(*lines: str, confirm: dict[str, str] | None = None) -> dict[str, Any]:
    body = [{"type": "TextBlock", "text": line, "wrap": True} for line in lines]
    actions = [{"type": "Action.Submit", "title": "Confirm", "data": confirm}] if confirm else []
    return {
        "contentType": CARD,
        "content": {"type": "AdaptiveCard", "version": "1.3", "body": body, "actions": actions},
    }


async def work(environ: Mapping[str, str]) -> None:
    """Answer events until the process is ended."""
    bot, app = BareBot(environ), App(connector=PsycopgConnector(conninfo=environ["DATABASE_URL"]))
    app.task(name="answer")(bot.answer)
    bot.register(environ["BARE_URL"], environ["WEBEX_WEBHOOK_SECRET"])
    async with app.open_async():
        await app.run_worker_async(
            concurrency=8, fetch_job_polling_interval=POLL_SECONDS, delete_jobs="successful"
        )


if __name__ == "__main__":
    asyncio.run(work(os.environ))
