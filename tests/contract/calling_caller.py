"""Callers of the sandbox's virtual extension API: by wxc_sdk unchanged, and by plain requests."""

from collections.abc import Callable
from typing import Any

import requests
from requests import Response
from wxc_sdk import WebexSimpleApi
from wxc_sdk.rest import RestSession
from wxc_sdk.tokens import Tokens

EXTENSIONS = "/telephony/config/virtualExtensions"
RANGES = "/telephony/config/virtualExtensionRanges"


class Caller:
    """Somebody with a token. `virtual` is wxc_sdk's virtual extension API, `send` a plain request."""

    def __init__(self, base_url: str, token: str, check: Callable[..., None]) -> None:
        session_type = type("SandboxSession", (RestSession,), {"BASE": base_url})
        tokens = Tokens(access_token=token)
        self._session = session_type(tokens=tokens, concurrent_requests=8, retry_429=False)
        self._session.hooks["response"].append(check)
        self._base_url = base_url
        self._headers = {"Authorization": f"Bearer {token}"}
        self.api = WebexSimpleApi(tokens=tokens, session=self._session)
        self.virtual = self.api.telephony.virtual_extensions

    def send(self, method: str, path: str, body: Any = None, **query: Any) -> Response:
        """Send a request; `path` is below /v1, `body` goes as JSON."""
        url = self._base_url + path
        return self._session.request(method, url, params=query, json=body, headers=self._headers)

    def send_unchecked(self, method: str, path: str, body: Any) -> Response:
        """Send a request that the document does not have."""
        return requests.request(method, self._base_url + path, json=body, headers=self._headers, timeout=10)

    def add(self, extension: str, number: str, **more: str) -> str:
        """Create a virtual extension and return its id."""
        return self.virtual.create_extension(
            **{"display_name": f"Test {extension}", "phone_number": number, "extension": extension, **more}
        )

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


def error_of(response: Response) -> tuple[int, int | None, str]:
    """Return status, Webex error code and description of an answer that is an error."""
    error = response.json()["errors"][0]
    return response.status_code, error.get("errorCode"), error["description"]
