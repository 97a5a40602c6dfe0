"""The delivery of webhooks: signed, in order for each webhook, counted, and stopped after too many failures."""

import hmac
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import urllib3

from bot.sandbox.records import Webhook
from bot.sandbox.representations import webhook_json
from bot.sandbox.subscriptions import hears
from bot.sandbox.world import Event, World

MOST_FAILURES = 100
WINDOW = timedelta(minutes=5)

# A kept connection would be no faster (0.42 ms to gunicorn, both ways), and a delivery would be lost whenever the
# receiver closes it for idleness at the moment of sending.
_HEADERS = {"Content-Type": "application/json", "Connection": "close"}


class Delivery:
    """Tells webhooks of events, each in a thread of its own so that a slow receiver holds up only itself."""

    def __init__(self, world: World, timeout: float = 10) -> None:
        self._world = world
        self._timeout = timeout
        self._connections = urllib3.PoolManager(maxsize=8, retries=False)
        self._threads: dict[str, ThreadPoolExecutor] = {}

    def tell(self, event: Event) -> None:
        """Deliver the event, in the background, to every webhook that hears of it."""
        with self._world.lock:
            for webhook in self._world.webhooks.values():
                if hears(webhook, event):
                    self._enqueue(webhook, envelope(self._world, webhook, event))

    def close(self) -> None:
        """Deliver nothing more."""
        for thread in self._threads.values():
            thread.shutdown(wait=True, cancel_futures=True)
        self._connections.clear()

    def _enqueue(self, webhook: Webhook, body: bytes) -> None:
        met = self._world.faults.meet_delivery()
        times = {"duplicate": 2, "lost": 0, None: 1}[met]
        for _ in range(times):
            self._thread_of(webhook).submit(self._deliver, webhook.id, body)

    def _thread_of(self, webhook: Webhook) -> ThreadPoolExecutor:
        if webhook.id not in self._threads:
            self._threads[webhook.id] = ThreadPoolExecutor(1, f"webhook-{webhook.name}")
        return self._threads[webhook.id]

    def _deliver(self, webhook_id: str, body: bytes) -> None:
        webhook = self._world.webhooks.get(webhook_id)
        if webhook is not None and webhook.status == "active" and not self._post(webhook, body):
            self._count_failure(webhook_id)

    def _post(self, webhook: Webhook, body: bytes) -> bool:
        headers = _HEADERS | signatures(webhook.secret, body)
        try:
            answer = self._connections.request(
                "POST", webhook.target_url, body=body, headers=headers, timeout=self._timeout, redirect=False
            )
        except urllib3.exceptions.HTTPError:
            return False
        return 200 <= answer.status < 300

    def _count_failure(self, webhook_id: str) -> None:
        with self._world.lock:
            webhook = self._world.webhooks.get(webhook_id)
            if webhook is None:
                return
            now = self._world.now()
            failures = (*(time for time in webhook.failures if now - time < WINDOW), now)
            webhook = replace(webhook, failures=failures)
            if webhook.fragile or len(failures) >= MOST_FAILURES:
                webhook = replace(webhook, status="inactive", disabled=now)
            self._world.webhooks[webhook_id] = webhook


def envelope(world: World, webhook: Webhook, event: Event) -> bytes:
    """Return the body of a delivery: the webhook, who acted, and what happened, without words or inputs."""
    about = {name: value for name, value in webhook_json(world, webhook).items() if name != "secret"}
    happened = {"resource": event.resource, "event": event.name, "actorId": event.actor_id, "data": event.data}
    return json.dumps(about | happened).encode()


def signatures(secret: str | None, body: bytes) -> dict[str, str]:
    """Return the headers that prove that the body came from Webex; none where no secret was set."""
    if not secret:
        return {}
    digests = {name: hmac.new(secret.encode(), body, name).hexdigest() for name in ("sha1", "sha256", "sha512")}
    newer = f"SHA-256={digests['sha256']}, SHA-512={digests['sha512']}"
    return {"X-Spark-Signature": digests["sha1"], "X-Webex-Signature": newer}
