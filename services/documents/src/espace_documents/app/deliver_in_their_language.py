from __future__ import annotations

from collections.abc import Awaitable, Callable

from espace_contracts.vocabulary import InsuredId, Locale
from espace_documents.app.on_file import recipient_on_file
from espace_documents.app.ports import Recipients
from espace_documents.domain.order import Order
from espace_documents.domain.recipient import Recipient


class DeliverInTheirLanguage:
    """The document of a benefit that says no language: it is written in the one that the fund's file on its recipient says."""

    def __init__(self, recipients: Recipients, deliver: Callable[[Order, Recipient], Awaitable[None]]) -> None:
        self._recipients, self._deliver = recipients, deliver

    async def __call__(self, insured: InsuredId, order_in: Callable[[Locale], Order]) -> None:
        """Raises RetryLater while the recipient is unknown, else as the delivery."""
        recipient = await recipient_on_file(insured, self._recipients)
        await self._deliver(order_in(recipient.locale), recipient)
