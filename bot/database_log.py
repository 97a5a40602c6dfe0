"""The log of the embedded PostgreSQL, the file `log` of its directory: always small, and without anybody's values.

PostgreSQL's own collector of logs does not keep it small. What is rotated by size goes on in the same file where
the name is the same, and is one file more where it is not. And why a server did not start would be in two places.
"""

import os
from contextlib import suppress
from pathlib import Path

# What of an error is DETAIL, STATEMENT or CONTEXT holds rows and parameters: phone numbers and names.
SETTINGS = """
log_min_messages = error
log_checkpoints = off
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""

KEPT_BYTES = 100_000
"""How long it may become before it begins anew, and how much of what was there until then is kept beside it: each
some eight hundred lines. All of it is shown where the server can't be started."""

BEFORE = "log.before"


def is_long(directory: Path) -> bool:
    """Whether it has become long."""
    log = directory / "log"
    return log.exists() and log.stat().st_size > KEPT_BYTES


def keep_small(directory: Path) -> None:
    """Begin it anew if it has become long. The server may be at it, which writes at the end, wherever that is."""
    if not is_long(directory):
        return
    log = directory / "log"
    with log.open("rb") as file:
        file.seek(-KEPT_BYTES, os.SEEK_END)
        kept = file.read(KEPT_BYTES)
    # First: a disk that is full has room for the copy then. A server starts without one, too.
    os.truncate(log, 0)
    with suppress(OSError):
        before = directory / BEFORE
        before.touch(mode=0o600)
        before.write_bytes(kept)


def forget(directory: Path) -> None:
    """Remove what was written by an older version, values and all. No server may be at it."""
    for name in ("log", BEFORE):
        (directory / name).unlink(missing_ok=True)
