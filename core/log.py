"""One structured line for each thing that happened; never a document's text, a question or a key."""

import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog

from core.settings import settings


def _configure() -> Any:
    structlog.configure(
        processors=[
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], drop_missing=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings().log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    return structlog.get_logger()


_logger = _configure()
# A log that can't be written to (a full disk, a terminal or pipe that was closed) must not end the work it tells of.
_UNWRITABLE = (OSError, ValueError)


_listeners: list[Callable[[str, dict[str, Any]], None]] = []


def listen(hear: Callable[[str, dict[str, Any]], None]) -> None:
    """Have every line of ``log`` told to this function as well, in the thread that writes it."""
    _listeners.append(hear)


def log(event: str, **facts: Any) -> None:
    """Write one line: what happened (``thing.happened``) and facts that are ids, counts, codes or seconds."""
    for hear in _listeners:
        hear(event, facts)
    with suppress(*_UNWRITABLE):
        _logger.info(event, **facts)


def log_failure(event: str, error: BaseException, **facts: Any) -> None:
    """Write one line for a failure: the error's class, its code and where it was raised; its text only if ours."""
    from core.errors import AnswerbookError

    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else "?"
    code = error.code if isinstance(error, AnswerbookError) else ""
    with suppress(*_UNWRITABLE):
        _logger.error(event, error=type(error).__name__, code=code, where=where, **facts)
