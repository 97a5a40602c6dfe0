"""Why the database can't be used, in a sentence with what to do.

In words of our own: the driver's quote what it takes for the name of a host, a user or a database, and where a
password holds an `@` or a `/` that is not written as %40 or %2F, that is a part of it.
"""

from collections.abc import Iterator

from psycopg import Error
from psycopg.errors import InsufficientPrivilege, InvalidSchemaName

REFUSING = (InsufficientPrivilege, InvalidSchemaName)
"""What the server raises where its user may not do something. The latter: there is no schema that they may use."""

UNKNOWN = "The database does not answer, or has no room. Check that PostgreSQL runs, and DATABASE_URL."
UNREADABLE = (
    "DATABASE_URL can't be read: check its options, and that user name and password have %40 for @, %2F for / and "
    "%25 for %."
)
NOT_ALLOWED = (
    "The database does not let its user do this. As its owner `GRANT CREATE, USAGE ON SCHEMA public TO` the user "
    "of DATABASE_URL, to whom all tables of the bot must belong."
)

REASONS = (
    (("password authentication failed",), "The database refuses the user name or password in DATABASE_URL."),
    (("no password supplied",), "The database wants a password, and DATABASE_URL has none."),
    (
        ("no pg_hba.conf entry", "pg_hba.conf rejects"),
        "The database lets nobody in from here: see its pg_hba.conf.",
    ),
    (("FATAL:  role",), "The database has no such user, or does not let it log in: check DATABASE_URL."),
    (("FATAL:  permission denied for database",), "The user in DATABASE_URL may not connect to that database."),
    (
        ("FATAL:  database",),
        "There is no database of that name on the server: create it, or correct DATABASE_URL.",
    ),
    (
        ("failed to resolve host", "could not translate host name"),
        "The host in DATABASE_URL is not known: check its name, and that an @ in the password is written as %40.",
    ),
    (("invalid percent-encoded", "invalid URI", "invalid connection option"), UNREADABLE),
    (("invalid port", "invalid integer value"), "The port in DATABASE_URL is no number of a port."),
    (
        ("too many clients", "connection slots", "too many connections"),
        "The database has no connection left: raise its `max_connections`, or see what else uses it.",
    ),
    (
        ("starting up", "shutting down", "recovery mode"),
        "The database is just starting or stopping: try again soon.",
    ),
    (("invalid sslmode value",), "`sslmode` in DATABASE_URL has no such value: write require, or verify-full."),
    (("SSL", "certificate"), "The connection can't be encrypted as asked: check `sslmode` in DATABASE_URL."),
    (("No space left",), "The disk of the database is full: make room on it."),
    (
        ("Connection refused", "No such file or directory"),
        "Nothing listens at the host and port in DATABASE_URL: check that PostgreSQL runs there.",
    ),
    (
        ("timeout expired", "timed out", "No route to host", "unreachable"),
        "The host in DATABASE_URL does not answer: check the address, and the firewall.",
    ),
)
"""By what the driver or the server says, the first one that fits. Most have no SQLSTATE."""


def tell_reason(error: BaseException) -> str:
    """Why the database could not be asked, and what to do, from an error that the driver's one is the cause of."""
    causes = [each for each in _causes(error) if isinstance(each, Error)]
    if any(isinstance(each, REFUSING) for each in causes):
        return NOT_ALLOWED
    said = "\n".join(map(str, causes))
    return next((sentence for words, sentence in REASONS if any(word in said for word in words)), UNKNOWN)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
