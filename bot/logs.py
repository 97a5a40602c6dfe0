"""The log: one JSON object a line on standard error, a name and keys. No bodies, tokens or whole phone numbers."""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO, cast

import structlog
from structlog.typing import EventDict, Processor


def configure_logs(level: str) -> None:
    """Write what is as serious as `level` or more; of libraries, never less than a warning."""
    number = logging.getLevelNamesMapping()[level]
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]
    last: list[Processor] = [tell_exception, structlog.processors.JSONRenderer()]
    structlog.configure(
        processors=[*common, *last],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # Of a file, it needs the two methods that there are.
        logger_factory=structlog.WriteLoggerFactory(cast(TextIO, _Unfailing())),
        cache_logger_on_first_use=True,
    )
    _configure_libraries(max(number, logging.WARNING), common, last)
    sys.excepthook = _tell_end
    threading.excepthook = lambda ended: _tell_end(ended.exc_type, ended.exc_value, ended.exc_traceback)


def _tell_end(_type: type[BaseException], error: BaseException | None, _trace: TracebackType | None) -> None:
    """Log what ends a process or a thread. Python would print its words."""
    structlog.get_logger().critical("ended.by_exception", exc_info=error)


class _Unfailing:
    """Standard error, where a line is lost if there is no room for it: the bot goes on without a log.

    The handlers of `logging`, for what libraries tell, do so by themselves.
    """

    def write(self, text: str) -> None:
        """Write a line, if that can be done."""
        with suppress(OSError):
            sys.stderr.write(text)

    def flush(self) -> None:
        """Pass it on, if that can be done."""
        with suppress(OSError):
            sys.stderr.flush()


def _configure_libraries(number: int, common: list[Processor], last: list[Processor]) -> None:
    handler = logging.StreamHandler(sys.stderr)
    drop_record = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=common, processors=[drop_record, *last])
    )
    logging.basicConfig(level=number, handlers=[handler])


def tell_exception(_log: Any, _method: str, event: EventDict) -> EventDict:
    """Put in the place of `exc_info` what was raised and where, without its words.

    The text of an exception may hold what somebody wrote: ValueError quotes it, SQLAlchemy shows whole rows.
    """
    error = _raised(event.pop("exc_info", None))
    if error is not None:
        event["exception"] = [
            {"type": type(one).__qualname__, "at": list(_places(one.__traceback__))} for one in _chain(error)
        ]
    return event


def _raised(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, what it was raised for, and those in a group."""
    yield error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for one in (*inner, *([before] if before else [])):
        yield from _chain(one)


def _places(trace: TracebackType | None) -> Iterator[str]:
    for frame, line in walk_tb(trace):
        yield f"{frame.f_globals.get('__name__', '?')}:{line} {frame.f_code.co_name}"
