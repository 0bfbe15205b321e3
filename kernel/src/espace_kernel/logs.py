"""Logs: one JSON object a line on standard output, through an allow-list, so that no personal data can reach them.

A key that is not on the list is written as withheld; an exception is written as its type and where it was raised, never as its message.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from opentelemetry import trace

ALLOWED = frozenset({
    "event", "level", "timestamp", "service", "logger", "trace_id", "error", "raised_at",
    "topic", "partition", "offset", "group", "event_type", "event_id", "attempt", "wait_ms", "outcome", "partitions",
    "method", "route", "status", "ms", "bytes", "count", "port", "reason", "part", "collection", "sweeper",
    "procedure", "document", "document_type", "letter", "print_run", "mailing", "means", "channel_rule", "worker", "kind", "pid", "actor",
})  # fmt: skip
"""Every key a log line may have. Ids of aggregates are allowed; names, numbers, addresses and texts of persons are not."""


def _withhold(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value if key in ALLOWED else "[withheld]" for key, value in line.items()}


def _exception(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    info = line.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else sys.exc_info()[1] if info else None
    if error is not None:
        line["error"] = type(error).__name__
        frames = traceback.extract_tb(error.__traceback__)[-6:]
        line["raised_at"] = [f"{frame.filename.rsplit('site-packages/', 1)[-1].rsplit('/src/', 1)[-1]}:{frame.lineno}" for frame in frames]
    return line


def _trace(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    context = trace.get_current_span().get_span_context()
    if context.is_valid:
        line["trace_id"] = f"{context.trace_id:032x}"
    return line


def start_logs(service: str, level: str) -> None:
    """Set up logging once, at the start of a process; the lines of libraries come through the same door from WARNING on."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.add_log_level,
        _trace,
        _exception,
    ]

    def _service(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        line["service"] = service
        return line

    structlog.configure(
        processors=[*shared, _service, _withhold, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _service,
                _withhold,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def logger() -> structlog.typing.FilteringBoundLogger:
    """A logger for one module: `log = logger()`, then `log.info("what happened", procedure=...)`."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return bound
