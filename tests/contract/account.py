"""Somebody who calls the sandbox's REST API with a token, by plain requests."""

from typing import Any, Self

import requests

Json = dict[str, Any]


class Account:
    """One token. Paths are below /v1; `json` unless `files` are sent. Answers are as they come, errors too."""

    def __init__(self, api_url: str, token: str) -> None:
        self.api_url = api_url
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(self, path: str, /, **query: str | int) -> requests.Response:
        return self.send("GET", path, params=query)

    def post(self, path: str, /, **body: Any) -> requests.Response:
        return self.send("POST", path, json=body)

    def put(self, path: str, /, **body: Any) -> requests.Response:
        return self.send("PUT", path, json=body)

    def delete(self, path: str) -> requests.Response:
        return self.send("DELETE", path)

    def send(self, method: str, path: str, **options: Any) -> requests.Response:
        address = path if path.startswith("http") else f"{self.api_url}{path}"
        return self._session.request(method, address, timeout=10, **options)

    def says(self, room_id: str, markdown: str, **fields: Any) -> Json:
        """Post a message to a room. Returns the message."""
        return self._done(self.post("/messages", roomId=room_id, markdown=markdown, **fields))

    def writes_to(self, email: str, text: str, **fields: Any) -> Json:
        """Post a 1:1 message. Returns the message."""
        return self._done(self.post("/messages", toPersonEmail=email, text=text, **fields))

    def group(self) -> str:
        """The id of the group space that is there from the start."""
        return str(self._done(self.get("/rooms", type="group"))["items"][0]["id"])

    def me(self) -> Json:
        """The profile of the token's owner."""
        return self._done(self.get("/people/me"))

    @staticmethod
    def _done(response: requests.Response) -> Json:
        response.raise_for_status()
        body: Json = response.json()
        return body
