"""Each call to Webex: a line of the log, in the metrics, and in the trace."""

import structlog

from bot.metrics import time_call
from bot.tracing import trace_call

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
    trace_call(api, method, path, status, seconds, tracking_id, reason)
    told = {"method": method, "path": path, "milliseconds": round(seconds * 1000)}
    if status is None:
        log.warning(f"{api}.lost", **told, reason=reason)
    else:
        log.info(f"{api}.answered", **told, status=status, tracking_id=tracking_id)
