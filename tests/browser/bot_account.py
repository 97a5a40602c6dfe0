"""The bot's side of a conversation, played by the tests of the page alone: plain REST with the bot's token."""

from typing import Any

import httpx
from sample_cards import CARD_TYPE


class BotAccount:
    """Posts, replaces and deletes messages as the sandbox's bot."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/v1/", headers={"Authorization": "Bearer sandbox-bot"})
        self.name: str = self._answer(self._http.get("people/me"))["displayName"]

    def post(self, to_email: str, **fields: Any) -> dict[str, Any]:
        """Post to the direct space with this person. Returns the message."""
        return self._answer(self._http.post("messages", json={"toPersonEmail": to_email, **fields}))

    def show(self, to_email: str, card: dict[str, Any]) -> dict[str, Any]:
        """Post a card to the direct space with this person. Returns the message."""
        return self.post(to_email, text="A card.", attachments=_attached(card))

    def replace(self, message: dict[str, Any], card: dict[str, Any]) -> None:
        """Put another card in the place of the one that the message holds."""
        body = {"roomId": message["roomId"], "text": "A card.", "attachments": _attached(card)}
        self._answer(self._http.put(f"messages/{message['id']}", json=body))

    def delete(self, message: dict[str, Any]) -> None:
        """Delete a message of the bot."""
        self._http.delete(f"messages/{message['id']}").raise_for_status()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    @staticmethod
    def _answer(response: httpx.Response) -> dict[str, Any]:
        response.raise_for_status()
        answer: dict[str, Any] = response.json()
        return answer


def _attached(card: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"contentType": CARD_TYPE, "content": card}]
