"""Webhook deliveries at a steady rate, as Webex signs them, and how long each waited for its answer."""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count

import requests
from ground import SECRET

from bot.sandbox.delivery import envelope, signatures
from bot.sandbox.records import Webhook
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import Event

SENDERS = 32
"""Connections, so that a slow answer does not keep the next delivery from being sent in time."""


@dataclass(frozen=True)
class Delivery:
    """The body of one webhook delivery, with its headers."""

    body: bytes
    headers: dict[str, str]


def deliveries(sandbox: SandboxServer, number: int) -> list[Delivery]:
    """What Webex would deliver for so many messages, which are really there, to the bot, by Alice."""
    events: list[Event] = []
    sandbox.world.listeners.append(events.append)
    bot = next(one for one in sandbox.world.people.values() if one.type == "bot")
    for each in range(number):
        requests.post(
            f"{sandbox.api_url}/messages",
            json={"toPersonId": bot.id, "text": f"/echo {each}"},
            headers={"Authorization": "Bearer sandbox-alice"},
            timeout=10,
        ).raise_for_status()
    sandbox.world.listeners.remove(events.append)
    webhook = Webhook("id", "benchmark", "", "messages", "created", bot.id, sandbox.world.stamp(), secret=SECRET)
    bodies = [envelope(sandbox.world, webhook, event) for event in events if event.resource == "messages"]
    return [Delivery(body, {"Content-Type": "application/json", **signatures(SECRET, body)}) for body in bodies]


def deliver(port: int, path: str, sent: Sequence[Delivery], rate: float, number: int) -> list[float]:
    """Send so many deliveries at so many a second; the milliseconds from when each was due to its answer.

    An answer that is late makes nobody wait but itself: what is due is sent, as Webex does it.
    Raises RuntimeError for an answer that is not 200.
    """
    begun, numbers = time.perf_counter() + 0.1, count()

    def send_while_due() -> list[float]:
        connection, pause, taken = HTTPConnection("127.0.0.1", port, timeout=120), threading.Event(), []
        while (index := next(numbers)) < number:
            due = begun + index / rate
            pause.wait(max(0.0, due - time.perf_counter()))
            _post(connection, path, sent[index % len(sent)])
            taken.append((time.perf_counter() - due) * 1000)
        connection.close()
        return taken

    with ThreadPoolExecutor(SENDERS) as senders:
        running = [senders.submit(send_while_due) for _ in range(min(SENDERS, number))]
        return [each for future in running for each in future.result()]


def _post(connection: HTTPConnection, path: str, delivery: Delivery) -> None:
    connection.request("POST", path, delivery.body, delivery.headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"POST {path} was answered with status {answer.status}.")
