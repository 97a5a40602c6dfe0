"""Reading an answer until a deadline: the timeouts of requests are between bytes, and drops keep them off."""

from collections.abc import Callable, Iterator
from io import BytesIO

import requests
from urllib3 import BaseHTTPResponse, HTTPResponse
from urllib3.exceptions import HTTPError


def read_until(deadline: float, response: requests.Response, clock: Callable[[], float]) -> None:
    """Read the whole body of a response that was asked for with `stream`, so that nothing is waited for after it.

    Raises requests.RequestException where it is cut off, or not at its end by the deadline of the clock.
    """
    try:
        body = b"".join(_chunks(response.raw, deadline, clock))
    except HTTPError as error:
        raise requests.exceptions.ChunkedEncodingError(error, request=response.request) from error
    # Not decoded so far: requests does that, as with any other answer.
    response.raw = HTTPResponse(BytesIO(body), response.headers, response.status_code, preload_content=False)


def _chunks(answer: BaseHTTPResponse, deadline: float, clock: Callable[[], float]) -> Iterator[bytes]:
    while chunk := answer.read1(decode_content=False):
        yield chunk
        if clock() > deadline:
            answer.close()
            raise requests.ReadTimeout("The answer takes longer than a call may.")
