from __future__ import annotations

from collections.abc import Awaitable, Callable

from espace_contracts.vocabulary import InsuredId
from espace_documents.app.ports import Recipients
from espace_documents.domain.recipient import Recipient


class KeepRecipient:
    """The fund's file on a person has changed."""

    def __init__(self, recipients: Recipients, deliver_stuck: Callable[[InsuredId], Awaitable[None]]) -> None:
        self._recipients, self._deliver_stuck = recipients, deliver_stuck

    async def __call__(self, recipient: Recipient) -> None:
        """Keep it unless a later one is known; what was stuck goes to another address at once."""
        if await self._recipients.keep(recipient):
            await self._deliver_stuck(recipient.id)
