"""Which event goes to which handler: a table a stranger can read in a service's events/incoming.py."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from espace_contracts.event import Event
from espace_kernel.envelope import Received

E = TypeVar("E", bound=Event)
U = TypeVar("U")

Handler = Callable[[Received[Any], U], Awaitable[None]]


class Subscriptions(Generic[U]):
    """The events a consumer group reads. `U` is the type of the service's use cases, handed to each handler.

    A handler returns when the effect is stored; it raises RetryLater or NeverWorks otherwise. It is called again for the same event
    after a crash, so its effect has an id derived from the event.
    """

    def __init__(self, group: str) -> None:
        self.group = group
        self.handlers: dict[str, tuple[type[Event], Handler[U]]] = {}

    def to(self, contract: type[E]) -> Callable[[Callable[[Received[E], U], Awaitable[None]]], Callable[[Received[E], U], Awaitable[None]]]:
        """Decorate the one handler of this event."""
        if contract.type in self.handlers:
            raise TypeError(f"{contract.type} has a handler already; an event arrives at one use case.")

        def register(handler: Callable[[Received[E], U], Awaitable[None]]) -> Callable[[Received[E], U], Awaitable[None]]:
            self.handlers[contract.type] = (contract, handler)
            return handler

        return register

    @property
    def topics(self) -> tuple[str, ...]:
        """The topics to read, sorted."""
        return tuple(sorted({contract.topic.name for contract, _ in self.handlers.values()}))
