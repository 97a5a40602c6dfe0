"""Each call to Webex, as a line of the log and in the metrics."""

import structlog

from bot.metrics import time_call

log = structlog.get_logger()


def note_call(
    api: str,
    method: str,
    path: str,
    status: int | None,
    seconds: float,
    *,
    tracking_id: str | None = None,
    reason: str | None = None,
) -> None:
    """Note a call that is over: `path` is the template; without an answer there is no status, but a reason."""
    time_call(api, method, path, status, seconds)
    told = {"method": method, "path": path, "milliseconds": round(seconds * 1000)}
    if status is None:
        log.warning(f"{api}.lost", **told, reason=reason)
    else:
        log.info(f"{api}.answered", **told, status=status, tracking_id=tracking_id)
