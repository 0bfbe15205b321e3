"""Trace context by W3C: one submission is one trace through every service and topic it reaches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()


@dataclass(frozen=True, slots=True)
class Cause:
    """What is being handled: every event recorded meanwhile names it."""

    correlation_id: UUID
    causation_id: UUID | None


_cause: ContextVar[Cause | None] = ContextVar("cause", default=None)


def start_tracing(service: str) -> None:
    """Make spans real in this process. Where they are sent to is decided by OpenTelemetry's own environment variables."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        trace.set_tracer_provider(TracerProvider(resource=Resource({"service.name": service})))


def current_cause() -> Cause | None:
    """What is being handled now, or None outside of any handling."""
    return _cause.get()


def current_headers() -> dict[str, str]:
    """The trace context as HTTP or Kafka headers: `traceparent`, or nothing outside of a trace."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier


@contextmanager
def handling(name: str, kind: SpanKind, headers: Mapping[str, str], cause: Cause) -> Iterator[None]:
    """A span that goes on the sender's trace; its exceptions are noted by type only, since messages may hold personal data."""
    tracer = trace.get_tracer("espace")
    with tracer.start_as_current_span(
        name, context=_propagator.extract(headers), kind=kind, record_exception=False, set_status_on_exception=False
    ):
        token = _cause.set(cause)
        try:
            yield
        finally:
            _cause.reset(token)
