"""One try of one message, and what its end means: done, try later, dead letter, or a defect that must stop the service."""

from __future__ import annotations

import time
from typing import Any, Generic, TypeVar

from aiokafka.structs import ConsumerRecord
from opentelemetry.trace import SpanKind

from espace_kernel.crashpoints import reach
from espace_kernel.dead_letters import DeadLetters, Failure
from espace_kernel.envelope import attributes_of, event_type_of, receive
from espace_kernel.logs import logger
from espace_kernel.metrics import EVENT_RETRIES, EVENT_SECONDS, EVENTS_HANDLED
from espace_kernel.outcomes import NeverWorks, RetryLater
from espace_kernel.store import STORE_AWAY
from espace_kernel.subscriptions import Subscriptions
from espace_kernel.tracing import Cause, handling

log = logger()
U = TypeVar("U")

STORE_AWAY_SECONDS = 1.0
"""Seconds between tries while the document store is away: that hits every message alike, so it is waited for without a bound."""


class Attempts(Generic[U]):
    """Tries messages of one group. `ladder` holds the seconds before each further try after RetryLater."""

    def __init__(self, subscriptions: Subscriptions[U], use_cases: U, dead_letters: DeadLetters, ladder: tuple[float, ...]) -> None:
        self._subscriptions, self._use_cases, self._dead_letters, self._ladder = subscriptions, use_cases, dead_letters, ladder

    async def attempt(self, record: ConsumerRecord[Any, Any], number: int) -> float | None:
        """Try a message for the `number`-th time. None when nothing more is to be done, else the seconds to wait before the next try.

        Any exception that leaves is a defect of the service, not of the message.
        """
        try:
            await self._handle(record)
        except NeverWorks as error:
            return await self._give_up(record, Failure("never_works", "NeverWorks", str(error), number))
        except RetryLater as error:
            if number > len(self._ladder):
                return await self._give_up(record, Failure("retries_exhausted", type(error).__name__, str(error), number))
            return self._wait(record, error, number, self._ladder[number - 1])
        except STORE_AWAY as error:
            return self._wait(record, error, number, STORE_AWAY_SECONDS)
        return None

    async def _handle(self, record: ConsumerRecord[Any, Any]) -> None:
        attributes = attributes_of(record.headers or ())
        contract = event_type_of(attributes)
        if contract.type not in self._subscriptions.handlers:
            return
        _, handler = self._subscriptions.handlers[contract.type]
        event = receive(contract, attributes, record.value)
        began = time.perf_counter()
        cause = Cause(event.correlation_id, event.id)
        with handling(f"process {record.topic}", SpanKind.CONSUMER, attributes, cause):
            reach("consumer.before_effect")
            await handler(event, self._use_cases)
            reach("consumer.after_effect")
        EVENT_SECONDS.labels(self._subscriptions.group, contract.type).observe(time.perf_counter() - began)
        EVENTS_HANDLED.labels(self._subscriptions.group, contract.type, "done").inc()

    async def _give_up(self, record: ConsumerRecord[Any, Any], failure: Failure) -> float | None:
        try:
            await self._dead_letters.keep(record, failure)
        except STORE_AWAY as error:
            return self._wait(record, error, failure.attempts, STORE_AWAY_SECONDS)
        log.error(
            "a message became a dead letter", group=self._subscriptions.group, topic=record.topic, partition=record.partition,
            offset=record.offset, reason=failure.reason, error=failure.error, attempt=failure.attempts,
        )  # fmt: skip
        return None

    def _wait(self, record: ConsumerRecord[Any, Any], error: Exception, number: int, seconds: float) -> float:
        say = log.error if number > 3 else log.info  # noqa: PLR2004  # the first tries are the normal course of a part starting
        say("a message is tried again", topic=record.topic, partition=record.partition, offset=record.offset,
            error=type(error).__name__, attempt=number, wait_ms=round(seconds * 1000))  # fmt: skip
        EVENT_RETRIES.labels(self._subscriptions.group, record.topic).inc()
        return seconds
