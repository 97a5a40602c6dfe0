"""How long the bot takes from the webhook to its reply, beyond the calls of the API, and how many those are."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import requests
from ground import Ground, Installation, suspended, wait_until
from measures import Extent, Goal, Report, median_of, milliseconds, percentile, times

from bot.sandbox.faults import Fault
from bot.sandbox.records import Call
from bot.sandbox.server import SandboxServer
from bot.sandbox.world import Event

API_DELAY = 50.0
"""Milliseconds that each call of the API takes."""

CHORES = {"/v1/webhooks", "/v1/people/me", "/v1/rooms", "/v1/messages"}
"""The paths that a worker reads by the clock: whether webhooks and tokens are in order, and nothing was missed."""

BEYOND = 30.0
METHOD = """\
One person writes or presses, and waits for the reply before going on; one web process and one worker, warm (the \
person and the locations are known). Timed from the moment at which the sandbox announces the event until it has \
answered the request that shows the reply. From this the time is taken away in which the sandbox was busy with a \
call of the bot, from the first line of its request to the answer that is ready to be sent; each call takes 50 \
ms and what the sandbox needs. What remains is the delivery of the webhook, the queue, both processes, the \
database, and the sending and reading of every request. What a worker asks by the clock, whether webhooks and \
tokens are in order and whether a message was missed, is not counted among the calls. The bare bot takes turns \
with it: the least that could answer, with the same queue (procrastinate), webexteamssdk, httpx and calls, which \
checks, keeps, counts and logs nothing. The worker that is not measured is held up meanwhile."""

NEEDED = {
    "show": ("GET messages/{id}", "GET virtualExtensions", "POST messages"),
    "list": ("GET messages/{id}", "GET virtualExtensions", "POST messages"),
    "add": (
        "GET messages/{id}",
        "GET virtualExtensions",
        "POST virtualExtensions/actions/validateNumbers/invoke",
        "POST messages",
    ),
    "confirm": (
        "GET attachment/actions/{id}",
        "GET virtualExtensions",
        "POST virtualExtensions",
        "GET virtualExtensions/{id}",
        "PUT messages/{id}",
    ),
}
"""The calls that each needs: to fetch what came, and to reply. Before a change, whether the extension is free and
the number fit; and then the change itself, and what has become of it."""


@dataclass(frozen=True)
class Reply:
    """One answered request: the milliseconds until the reply and beyond the calls, and the calls."""

    total: float
    beyond: float
    calls: tuple[str, ...]


Round = dict[str, list[Reply]]


class Conversation:
    """Alice and the bot in their direct space."""

    def __init__(self, sandbox: SandboxServer, bot: Installation) -> None:
        self._installation = bot
        self._world = sandbox.world
        self._api_url = sandbox.api_url
        self._bot = next(one for one in self._world.people.values() if one.type == "bot")
        self._announced: dict[str, datetime] = {}
        self._world.listeners.append(self._note)

    def ask(self, text: str) -> Reply:
        """Write to the bot."""
        return self._answered("messages", {"toPersonId": self._bot.id, "text": text}, "POST")

    def press(self, title: str) -> Reply:
        """Press the button of that title on the latest card of the bot."""
        card = self.latest_card()
        inputs = next(_submitted(card["content"], title))
        body = {"type": "submit", "messageId": card["message_id"], "inputs": inputs}
        return self._answered("attachment/actions", body, "PUT")

    def latest_card(self) -> dict[str, object]:
        """The content of the latest card of the bot, and the id of its message."""
        with self._world.lock:
            shown = [
                one for one in self._world.messages.values() if one.person_id == self._bot.id and one.attachments
            ]
        latest = max(shown, key=lambda one: one.created)
        return {"message_id": latest.id, **latest.attachments[0]}

    def _note(self, event: Event) -> None:
        self._announced[event.data["id"]] = self._world.now()

    def _answered(self, path: str, body: dict[str, object], method: str) -> Reply:
        before = len(self._world.calls)
        sent = requests.post(
            f"{self._api_url}/{path}", json=body, headers={"Authorization": "Bearer sandbox-alice"}, timeout=10
        )
        begun = self._announced[sent.json()["id"]]

        def is_reply(call: Call) -> bool:
            return call.method == method and call.path.startswith("/v1/messages")

        wait_until(lambda: any(map(is_reply, self._calls_from(before))), f"the bot has answered {body}")
        calls = self._calls_from(before)
        reply = next(call for call in calls if is_reply(call))
        wait_until(lambda: not self._installation.waiting(), "nothing is going on any more")
        total = _milliseconds(begun, reply.ended)
        return Reply(total, total - _busy(calls, begun), tuple(sorted(map(_template, calls))))

    def _calls_from(self, index: int) -> list[Call]:
        """The calls of the bot since so many were made."""
        calls = [call for call in list(self._world.calls)[index:] if call.token != "sandbox-alice"]
        return [call for call in calls if not (call.method == "GET" and call.path in CHORES)]


def measure(ground: Ground, extent: Extent) -> Report:
    """Run the benchmark."""
    with (
        SandboxServer() as sandbox,
        SandboxServer() as other,
        ground.installation(sandbox, "replies") as bot,
        ground.installation(other, "bare_replies") as bare,
    ):
        bot.start_web()
        worker, bare_worker = bot.start_worker(), bare.start_bare()
        conversations = Conversation(sandbox, bot), Conversation(other, bare)
        numbers = iter(range(6000, 9999))
        for one in conversations:
            _converse(one, numbers, questions=2)  # so that everything is warm
        for server in (sandbox, other):
            server.world.faults.add(Fault(path="/v1/", delay=API_DELAY))
        rounds = []
        for _ in range(extent.rounds):
            sandbox.world.calls.clear()
            other.world.calls.clear()
            with suspended(bare_worker):
                measured = _converse(conversations[0], numbers, extent.questions)
            with suspended(worker):
                rounds.append((measured, _converse(conversations[1], numbers, extent.questions)))
        return _report([one for one, _ in rounds], [one for _, one in rounds])


def _converse(conversation: Conversation, numbers: Iterator[int], questions: int) -> Round:
    found: Round = {name: [] for name in NEEDED}
    for _ in range(questions):
        number = next(numbers)
        found["show"].append(conversation.ask("show 5004"))
        found["list"].append(conversation.ask("list"))
        found["add"].append(conversation.ask(f"add {number} +1408555{number} Jane Doe"))
        found["confirm"].append(conversation.press("Confirm"))
    return found


def _report(rounds: Sequence[Round], bare: Sequence[Round]) -> Report:
    rows, goals = [], []
    for name, needed in NEEDED.items():
        totals, beyond, slowest = (
            median_of(rounds, figure)
            for figure in (_nth(name, "total", 50), _nth(name, "beyond", 50), _nth(name, "beyond", 99))
        )
        if any(reply.calls != tuple(sorted(needed)) for one in bare for reply in one[name]):
            raise ValueError(f"The bare bot makes other calls for {name} than are needed.")
        least = median_of(bare, _nth(name, "beyond", 50))
        made = [reply.calls for one in rounds for reply in one[name]]
        usual = Counter(made).most_common(1)[0][0]
        most = max(map(len, made))
        measured = map(milliseconds, (totals, beyond, slowest, least))
        rows.append((name, *measured, times(beyond / least), _listed(usual)))
        goals.append(
            Goal(f"`{name}` at most {BEYOND:.0f} ms beyond the calls", milliseconds(beyond), beyond <= BEYOND)
        )
        goals.append(
            Goal(f"`{name}` with the {len(needed)} calls that are needed", f"{most} at most", most <= len(needed))
        )
    return Report("From webhook to reply", METHOD, COLUMNS, tuple(rows), tuple(goals))


COLUMNS = (
    *("", "in all, p50", "beyond the calls, p50", "beyond the calls, p99"),
    *("the bare bot, beyond the calls, p50", "the bot to the bare bot", "calls"),
)


def _nth(name: str, figure: str, percent: float) -> Callable[[Round], float]:
    return lambda one: percentile((getattr(reply, figure) for reply in one[name]), percent)


def _listed(calls: Sequence[str]) -> str:
    return "<br>".join(f"{call} ({many})" if many > 1 else call for call, many in Counter(calls).items())


def _busy(calls: Sequence[Call], begun: datetime) -> float:
    """The milliseconds in which at least one of the calls was going on."""
    busy, until = 0.0, begun
    for call in sorted(calls, key=lambda one: one.started):
        if call.ended > until:
            busy += _milliseconds(max(call.started, until), call.ended)
            until = call.ended
    return busy


def _template(call: Call) -> str:
    path = call.path.removeprefix("/v1/").removeprefix("telephony/config/")
    return f"{call.method} {re.sub(r'[A-Za-z0-9_=-]{30,}', '{id}', path)}"


def _milliseconds(begun: datetime, ended: datetime) -> float:
    return (ended - begun).total_seconds() * 1000


def _submitted(node: object, title: str) -> Iterator[dict[str, object]]:
    """What the button of that title sends, wherever it is in a card."""
    if isinstance(node, dict):
        if node.get("type") == "Action.Submit" and node.get("title") == title:
            yield dict(node["data"])
        node = list(node.values())
    for below in node if isinstance(node, list) else ():
        yield from _submitted(below, title)
