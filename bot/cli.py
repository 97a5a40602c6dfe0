"""The command `extbot`. Each subcommand imports what it needs itself: the web process never loads the worker's."""

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING

import click

from bot.errors import StoreAway, UnusableDatabase, UnusableToken
from bot.logs import configure_logs
from bot.settings import Settings, SettingsError, load, read_environment

if TYPE_CHECKING:
    from bot.doctor import CallingToken
    from bot.history import History

FLEETING = ("DYNO", "VCAP_APPLICATION")
"""What only platforms set whose processes have a disk for as long as they run: Heroku and Cloud Foundry."""

NO_LASTING_DISK = (
    "DATABASE_URL is missing, and {sign} says that this is a platform whose disk does not last: a database of the "
    "bot's own would be lost with it. Add a PostgreSQL to the app, and see that DATABASE_URL is set."
)


class Commands(click.Group):
    """Says in a sentence, in place of a traceback, why the settings, a token or the database can't be used."""

    def invoke(self, context: click.Context) -> object:
        """Run the subcommand."""
        try:
            return super().invoke(context)
        except (SettingsError, UnusableDatabase, UnusableToken) as error:
            raise click.ClickException(str(error)) from error
        except StoreAway as error:
            from bot.database_reasons import tell_reason

            raise click.ClickException(tell_reason(error)) from error


@click.group(cls=Commands)
@click.version_option(package_name="virtual-extension-bot")
def main() -> None:
    """Manage Webex Calling virtual extensions from a Webex space."""
    signal.signal(signal.SIGTERM, _leave)


@main.command()
@click.option("--port", default=8765, show_default=True, help="Port of the local Webex.")
@click.option("--extensions", default=40, show_default=True, help="How many there are at first.")
@click.option("--no-browser", is_flag=True, help="Don't open the chat page.")
def sandbox(port: int, extensions: int, no_browser: bool) -> None:
    """Start a local Webex with the bot in it, and open its chat page."""
    from bot.sandbox.run import announce, environment
    from bot.sandbox.server import SandboxServer

    with TemporaryDirectory(prefix="extbot-") as directory, SandboxServer(port, extensions) as server:
        environ = {**os.environ, **environment(server, directory)}
        environ["ACCESS_FILE"] = os.environ.get("ACCESS_FILE", environ["ACCESS_FILE"])
        settings = _settings(environ)
        announce(server, settings.public_url, open_browser=not no_browser)
        _serve(settings, environ)


@main.command()
def run() -> None:
    """Receive webhooks and answer them: web and worker, for a small installation."""
    environ = read_environment(os.environ)
    _serve(_settings(environ), environ)


@main.command()
def web() -> None:
    """Only receive webhooks."""
    from bot.web import WebServer

    settings = _settings(read_environment(os.environ))
    with _database(settings) as database_url:
        WebServer(settings, database_url).run()


@main.command()
def worker() -> None:
    """Only answer events; run as many as you like."""
    from bot.supervise import end_with_parent
    from bot.worker import work

    end_with_parent(os.getpid())
    settings = _settings(read_environment(os.environ))
    with _database(settings) as database_url, _webex_explained():
        _require_tables(database_url)
        work(settings, database_url)


@main.command()
@click.option("--tables-only", is_flag=True, help="Leave the webhooks as they are.")
def setup(tables_only: bool) -> None:
    """Create or migrate the tables, register the webhooks and remove stale ones."""
    settings = _settings(read_environment(os.environ))
    configure_logs("WARNING")
    with _database(settings, create=True) as database_url:
        _upgrade(database_url)
    click.echo("The tables are up to date.")
    if tables_only:
        return
    from bot.webex.messaging import Messaging
    from bot.webex.webhooks import ensure_webhooks

    with _webex_explained():
        messaging = Messaging.of(settings)
        messaging.own()
        for line in ensure_webhooks(messaging, settings).lines():
            click.echo(line)


@main.command()
def doctor() -> None:
    """Say what is wrong with the configuration, and how to mend it."""
    from bot.doctor import run_checks

    configure_logs("WARNING")
    checks = run_checks(read_environment(os.environ), _trouble_with_database, _calling_token)
    for check in checks:
        click.echo(f"{'ok  ' if check.ok else 'FAIL'}  {check.name}: {check.detail}")
        if not check.ok:
            click.echo(f"      {check.repair}")
    sys.exit(0 if all(check.ok for check in checks) else 1)


@main.command()
@click.argument("text")
def explain(text: str) -> None:
    """Print as JSON what the bot would understand by TEXT."""
    from bot.commands import all_commands
    from bot.language import explain as explain_text

    click.echo(json.dumps(explain_text(text, all_commands()), ensure_ascii=False))


@main.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--create", is_flag=True, help="Make a new and empty embedded database, where there is none.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def database(command: tuple[str, ...], create: bool) -> None:
    """Run COMMAND with the bot's database, such as psql or pg_dump; the exit status is the command's.

    An embedded database is started for it where it does not run. PostgreSQL's tools come with the bot.
    """
    from bot.database_tools import environment

    environ = read_environment(os.environ)
    with _database(_settings(environ), create=create) as address:
        # By env, which looks the command up on the path that is given to it.
        done = subprocess.run(["env", *command], env=environment(address, environ))  # noqa: S603, S607
    sys.exit(done.returncode)


@main.group()
def audit() -> None:
    """Check and export the history."""


@audit.command()
def verify() -> None:
    """Say whether any entry of the history was edited, removed, inserted or moved; then the exit code is 1."""
    with _history() as history:
        head, broken = history.check()
    if broken:
        click.echo(f"Entry {broken.sequence}: {broken.problem}")
        sys.exit(1)
    click.echo(f"{head.sequence} entries, unbroken. The last hash is {head.hash}.")


@audit.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only entries from that day on, in UTC.")
def export(since: datetime | None) -> None:
    """Write the history as JSON Lines, the oldest entry first."""
    from bot.audit import as_line

    with _history() as history:
        for link in history.links(since.replace(tzinfo=UTC) if since else None):
            click.echo(as_line(link))


def _leave(number: int, _frame: FrameType | None) -> None:
    """End as on Ctrl-C, so that what is open is closed: a database of our own must not be left behind."""
    sys.exit(128 + number)


def _settings(environ: Mapping[str, str]) -> Settings:
    settings = load(environ)
    configure_logs(settings.log_level)
    # OpenTelemetry reads the rest of its settings itself, from there alone; they may also be in .env.
    os.environ.update({name: value for name, value in environ.items() if name.startswith("OTEL_")})
    return settings


def _serve(settings: Settings, environ: Mapping[str, str]) -> None:
    """Web and worker in one process tree, until SIGTERM or SIGINT."""
    from bot.supervise import Supervisor, stopped_by_signals

    gc.enable()
    with _database(settings, create=True) as database_url:
        environ = {**environ, "DATABASE_URL": database_url}
        # In a process of its own: what migrating loads would stay in this one, which is to live long.
        migrated = subprocess.run(
            [sys.executable, "-m", "bot.cli", "setup", "--tables-only"],
            env=environ,
            stdout=subprocess.DEVNULL,
        )
        if migrated.returncode:
            # It has said why itself.
            sys.exit(migrated.returncode)
        supervisor = Supervisor(("web", "worker"), environ)
        with stopped_by_signals(supervisor):
            supervisor.run()


@contextmanager
def _database(settings: Settings, *, create: bool = False) -> Iterator[str]:
    """The address of the database: the one that is configured, else the embedded one while the block lasts."""
    if settings.database_url:
        yield settings.database_url.get_secret_value()
        return
    if sign := next((name for name in FLEETING if name in os.environ), None):
        raise UnusableDatabase(NO_LASTING_DISK.format(sign=sign))
    from bot.database import tended_database

    with tended_database(Path(settings.data_dir), create=create) as address:
        yield address


@contextmanager
def _webex_explained() -> Iterator[None]:
    """What fails at the start, as a sentence in place of a traceback."""
    from bot.calling.mending import BOT_TOKEN, explain_to_operator
    from bot.errors import WebexError

    try:
        yield
    except WebexError as error:
        raise click.ClickException(f"{explain_to_operator(error, BOT_TOKEN)} ({error})") from error


@contextmanager
def _history() -> "Iterator[History]":
    """The history of the database, whose tables must be up to date. Raises UnusableDatabase."""
    from bot.schema import require_current
    from bot.store import Store, connect

    # A history may be long.
    gc.enable()
    settings = _settings(read_environment(os.environ))
    with _database(settings) as database_url:
        engine = connect(database_url)
        with closing(Store(engine)) as store:
            require_current(engine)
            yield store.history


def _upgrade(database_url: str) -> None:
    from bot.overview import is_up_to_date, reading

    if is_up_to_date(reading(database_url)):
        return
    from bot.schema import upgrade
    from bot.store import connect

    engine = connect(database_url)
    upgrade(engine)
    engine.dispose()


def _require_tables(database_url: str) -> None:
    # Not by Alembic, which takes a quarter of the time that a worker needs to start.
    from bot.overview import Overview, newest_revision, reading

    Overview(reading(database_url), newest_revision()).require_tables()


@contextmanager
def _calling_token(settings: Settings) -> "Iterator[CallingToken]":
    """The token for Webex Calling, to be looked at. One that is refreshed is kept in the database."""
    from bot.calling.refreshed import RefreshedToken, TriedToken
    from bot.calling.token import StaticToken
    from bot.doctor import TokenOutOfReach
    from bot.store import connect
    from bot.token_store import TokenStore
    from bot.worker import utc_now

    if settings.webex_calling_token:
        yield StaticToken.of(settings.webex_calling_token)
        return
    with ExitStack() as stack:
        source: CallingToken
        try:
            engine = connect(stack.enter_context(_database(settings)))
        except UnusableDatabase as error:
            source = TokenOutOfReach(error)
        else:
            stack.callback(engine.dispose)
            app = settings.service_app
            source = TriedToken(RefreshedToken.of(app, settings.webex_base_url, TokenStore(engine), utc_now))
        yield source


def _trouble_with_database(settings: Settings) -> str | None:
    from sqlalchemy.exc import SQLAlchemyError

    from bot.database_reasons import tell_reason
    from bot.schema import require_current
    from bot.store import connect

    try:
        with _database(settings) as database_url:
            require_current(connect(database_url))
    except StoreAway as error:
        return tell_reason(error)
    except SQLAlchemyError as error:
        return f"It answers with an error: {type(error).__name__}."
    return None


def start() -> None:
    """Run the command of this process.

    While modules are loaded all that is made stays, and at the end the system takes back everything: to look for
    garbage then takes a third of the time of a short command. What goes on for long has it looked for again.
    """
    gc.disable()
    atexit.register(gc.freeze)
    main()


if __name__ == "__main__":
    start()
