"""The edge of the API: every request is noted, and meets the faults that were ordered for it."""

import io
import json
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from bot.sandbox.faults import Fault
from bot.sandbox.records import Call
from bot.sandbox.world import World
from bot.sandbox.wsgi import RECEIVED


class Edge:
    """The WSGI application around the sandbox's. `wait` takes seconds; it is how a delay and a hold pass."""

    def __init__(self, app: WSGIApplication, world: World, wait: Callable[[float], None] = time.sleep) -> None:
        self._app = app
        self._world = world
        self._wait = wait

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        _read_body(environ)
        if not environ["PATH_INFO"].startswith(("/v1/", "/identity/")):
            return self._app(environ, start_response)
        response = self._noted(environ)
        if response is None:
            raise ConnectionAbortedError("A fault drops this connection.")
        return response(environ, start_response)

    def _noted(self, environ: WSGIEnvironment) -> Response | None:
        begun = environ.get(RECEIVED, time.perf_counter())
        response = self._answer(environ)
        took, ended = timedelta(seconds=time.perf_counter() - begun), self._world.now()
        request = Request(environ)
        token = self._world.tokens.get(request.headers.get("Authorization", "").removeprefix("Bearer "))
        name, status = token.name if token else "", response.status_code if response else None
        query = request.query_string.decode()
        milliseconds = round(took.total_seconds() * 1000, 3)
        self._world.calls.append(
            Call(request.method, request.path, query, status, milliseconds, name, ended - took, ended)
        )
        return response

    def _answer(self, environ: WSGIEnvironment) -> Response | None:
        """Return the answer after all faults, or None where the connection is to be dropped."""
        faults = self._world.faults.meet_request(environ["REQUEST_METHOD"], environ["PATH_INFO"])
        self._wait_for(sum(fault.delay for fault in faults))
        if any(fault.drop == "before" for fault in faults):
            return None
        refusal = next((fault for fault in faults if fault.status), None)
        response = _refuse(refusal) if refusal else Response.from_app(self._app, environ, buffered=True)
        self._wait_for(sum(fault.hold for fault in faults))
        if any(fault.truncate for fault in faults):
            response.data = response.data[: len(response.data) // 2]
        return None if any(fault.drop for fault in faults) else response

    def _wait_for(self, milliseconds: float) -> None:
        if milliseconds:
            self._wait(milliseconds / 1000)


def _read_body(environ: WSGIEnvironment) -> None:
    """Take the body off the connection: what nobody reads would be taken for the next request on it."""
    body = Request(environ).get_data(cache=False)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def _refuse(fault: Fault) -> Response:
    text, media_type = _body(fault)
    return Response(text, fault.status, headers=fault.headers, content_type=media_type)


def _body(fault: Fault) -> tuple[str, str]:
    if isinstance(fault.body, str):
        return fault.body, fault.headers.get("Content-Type", "text/html")
    message = f"The sandbox was asked to answer with status {fault.status}."
    ours: dict[str, Any] = {"message": message, "errors": [{"description": message}], "trackingId": "ROUTER_fault"}
    return json.dumps(fault.body if fault.body is not None else ours), "application/json"
