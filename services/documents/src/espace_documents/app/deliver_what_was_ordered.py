from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from espace_documents.domain.order import Order
from espace_kernel.outcomes import NeverWorks, RetryLater


class DeliverWhatWasOrdered:
    """The documents that one event orders, each for itself: one that fails keeps no other from its recipient."""

    def __init__(self, deliver: Callable[[Order], Awaitable[None]]) -> None:
        self._deliver = deliver

    async def __call__(self, orders: Sequence[Order]) -> None:
        """Raises RetryLater when an order may still succeed, else NeverWorks when one cannot; a repeat does only what is missing."""
        failures = [failure for order in orders if (failure := await self._failure_of(order))]
        for failure in sorted(failures, key=lambda failure: isinstance(failure, NeverWorks)):
            raise failure

    async def _failure_of(self, order: Order) -> RetryLater | NeverWorks | None:
        try:
            await self._deliver(order)
        except (RetryLater, NeverWorks) as failure:
            return failure
        return None
