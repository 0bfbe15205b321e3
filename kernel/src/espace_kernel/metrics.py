"""What Prometheus reads of every service. Labels hold names of parts and routes, never ids of persons."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

EVENTS_HANDLED = Counter("espace_events_handled_total", "Events by how their handling ended", ["group", "event_type", "outcome"])
EVENT_SECONDS = Histogram("espace_event_handling_seconds", "Time from taking an event up to its effect", ["group", "event_type"])
EVENT_RETRIES = Counter("espace_event_retries_total", "Tries of an event after the first", ["group", "event_type"])
DEAD_LETTERS = Counter("espace_dead_letters_total", "Messages kept because they could not be handled", ["group", "reason"])
CONSUMER_LAG = Gauge("espace_consumer_lag_messages", "Messages that wait in the topics a group reads", ["group"])
OUTBOX_PUBLISHED = Counter("espace_outbox_published_total", "Messages the broker acknowledged", ["topic"])
OUTBOX_WAITING = Gauge("espace_outbox_waiting_messages", "Messages found unsent by the last poll")
SWEEPER_REPAIRS = Counter("espace_sweeper_repairs_total", "What sweepers found stuck and repaired; 0 in the steady state", ["sweeper"])
HTTP_SECONDS = Histogram("espace_http_request_seconds", "Time from request to answer", ["method", "route", "status"])
