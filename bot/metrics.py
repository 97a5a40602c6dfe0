"""What is counted and timed, in the words of Prometheus. No label holds a name, a number or an id."""

from prometheus_client import Counter, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
WAITS = (0.005, 0.025, 0.1, 0.5, 1.0, 3.0, 10.0, 60.0, 300.0, 1800.0)

KNOWN_RESOURCES = frozenset({"messages", "attachmentActions", "memberships"})
"""All others are one label: anybody may send any."""

_events = Counter("extbot_events", "Webhook deliveries, by what became of them.", ("resource", "result"))
_delivery = Histogram(
    "extbot_webhook_delivery_seconds",
    "From what happened in Webex to the delivery of its webhook.",
    ("resource",),
    buckets=WAITS,
)
_queue_wait = Histogram(
    "extbot_queue_wait_seconds", "From the delivery of an event to the begin of its answer.", buckets=WAITS
)
_commands = Histogram(
    "extbot_command_seconds", "Commands, by how they ended.", ("command", "outcome"), buckets=SECONDS
)
_chores = Counter("extbot_chores", "What workers do by the clock, by how it ended.", ("chore", "outcome"))
_calls = Histogram(
    "extbot_api_call_seconds",
    "Calls to Webex, by method, path template and HTTP status.",
    ("api", "method", "path", "status"),
    buckets=SECONDS,
)


def count_event(resource: str, result: str) -> None:
    """Count a delivery: `deferred`, `own`, `refused`, or `duplicate` where it had been answered already."""
    _events.labels(resource if resource in KNOWN_RESOURCES else "other", result).inc()


def time_delivery(resource: str, seconds: float) -> None:
    """Note how old an event was when it was delivered. Clocks that differ can make it look younger than new."""
    _delivery.labels(resource).observe(max(0.0, seconds))


def time_wait(seconds: float) -> None:
    """Note how long an event waited for a worker."""
    _queue_wait.observe(max(0.0, seconds))


def time_command(command: str, outcome: str, seconds: float) -> None:
    """Note a command: `ok`, `refused`, `mistake` (of the person), `failed` (by Webex) or `crashed`.

    Or `taken over` by another worker, or `interrupted` by the loss of the database: then it begins anew.
    """
    _commands.labels(command, outcome).observe(seconds)


def count_chore(chore: str, *, failed: bool) -> None:
    """Count what a worker does by the clock, beside the events."""
    _chores.labels(chore, "failed" if failed else "ok").inc()


def time_call(api: str, method: str, path: str, status: int | None, seconds: float) -> None:
    """Note a call to Webex: `path` is a template, `status` None without answer.

    `api` is `calling`, `directory` (people and roles) or `messaging`.
    """
    _calls.labels(api, method, path, "none" if status is None else str(status)).observe(seconds)
