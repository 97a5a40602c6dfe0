"""How soon a webhook is acknowledged, beside a bare route and a bot made with webexteamsbot."""

from collections.abc import Callable, Sequence

from ground import Ground
from measures import Extent, Goal, Report, median_of, milliseconds, percentile, times
from webhook_load import Delivery, deliver, deliveries

from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer

RATE = 200.0
EASY_RATE = 4.0
"""Deliveries a second that webexteamsbot can answer without anybody waiting for a free thread."""

API_DELAY = 100.0
"""Milliseconds that each call of the API takes."""

METHOD = """\
Signed deliveries at 200 a second, each timed from the moment it was due until its answer was read, over 32 \
connections that stay open. The bot's web process, the bare route (Flask; verifies `X-Spark-Signature`, inserts \
one row through a psycopg pool of the same size into the same PostgreSQL) and webexteamsbot (0.1.4.2, its own \
`/echo`) run under the same gunicorn with the same settings, and take turns in every round. A call of the API \
takes 100 ms; only webexteamsbot makes any before it answers. It is measured at 4 a second as well, which it can \
keep up with: that is what the bot is compared to."""

Times = list[float]


def measure(ground: Ground, extent: Extent) -> Report:
    """Run the benchmark."""
    with SandboxServer() as sandbox, ground.installation(sandbox, "acknowledgement") as bot:
        sent = deliveries(sandbox, min(200, int(RATE * extent.seconds)))
        bot.start_web()
        _, bare_port = bot.start_other("bare")
        sandbox.world.faults.add(Fault(delay=API_DELAY))
        for port in (bot.port, bare_port):
            deliver(port, "/webex", sent, RATE, int(RATE * min(1.0, extent.seconds)))
        rounds = [_round(extent, sent, bot.port, bare_port) for _ in range(extent.rounds)]
        if not extent.others:
            return _report(rounds, (), "it is left out of the quick run")
        if not ground.fetch_others():
            return _report(rounds, (), "pip could not fetch it")
        _, port = bot.start_other("webexteamsbot")
        # The deliveries are ours: what the sandbox would add of the bot's own replies would only slow it down.
        sandbox.world.webhooks.clear()
        return _report(rounds, [_other_round(port, sent) for _ in range(min(3, extent.rounds))], "")


def _round(extent: Extent, sent: Sequence[Delivery], bot_port: int, bare_port: int) -> tuple[Times, Times]:
    number = int(RATE * extent.seconds)
    return deliver(bot_port, "/webex", sent, RATE, number), deliver(bare_port, "/webex", sent, RATE, number)


def _other_round(port: int, sent: Sequence[Delivery]) -> tuple[Times, Times]:
    return deliver(port, "/", sent, EASY_RATE, 20), deliver(port, "/", sent, RATE, 100)


def _report(rounds: Sequence[tuple[Times, Times]], others: Sequence[tuple[Times, Times]], missing: str) -> Report:
    bot_50, bot_99 = (median_of(rounds, _nth(0, percent)) for percent in (50, 99))
    bare_50, bare_99 = (median_of(rounds, _nth(1, percent)) for percent in (50, 99))
    to_bare = median_of(rounds, lambda one: percentile(one[0], 99) / percentile(one[1], 99))
    rows = [
        ("the bot, 200 a second", milliseconds(bot_50), milliseconds(bot_99)),
        ("the bare route, 200 a second", milliseconds(bare_50), milliseconds(bare_99)),
    ]
    goals = [Goal("p99 at most 2 x that of the bare route", times(to_bare), to_bare <= 2)]
    if not others:
        return Report(
            "Acknowledgement",
            METHOD,
            COLUMNS,
            tuple(rows),
            tuple(goals),
            (f"webexteamsbot was not measured: {missing}.",),
        )
    easy_50, easy_99 = (median_of(others, _nth(0, percent)) for percent in (50, 99))
    flood_50, flood_99 = (median_of(others, _nth(1, percent)) for percent in (50, 99))
    rows += [
        ("webexteamsbot, 4 a second", milliseconds(easy_50), milliseconds(easy_99)),
        ("webexteamsbot, the first 100 at 200 a second", milliseconds(flood_50), milliseconds(flood_99)),
    ]
    faster = easy_50 / bot_50
    flooded = f"at 200 a second {times(flood_50 / bot_50)} and {times(flood_99 / bot_99)}"
    found = f"{times(faster)} by p50, {times(easy_99 / bot_99)} by p99; {flooded}"
    goals.append(Goal("at least 20 x faster than webexteamsbot", found, min(faster, easy_99 / bot_99) >= 20))
    return Report("Acknowledgement", METHOD, COLUMNS, tuple(rows), tuple(goals))


COLUMNS = ("", "p50", "p99")


def _nth(subject: int, percent: float) -> Callable[[tuple[Times, Times]], float]:
    return lambda one: percentile(one[subject], percent)
