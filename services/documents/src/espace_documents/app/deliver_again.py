from __future__ import annotations

from espace_documents.app.ports import Clock, Preferences, Recipients
from espace_documents.domain.channel import decide
from espace_documents.domain.document import Document
from espace_documents.domain.ladder import Ladders, class_of


class DeliverAgain:
    """Decides anew how to bring a document that is stuck, by what is on file now."""

    def __init__(self, recipients: Recipients, preferences: Preferences, ladders: Ladders, now: Clock) -> None:
        self._recipients, self._preferences, self._ladders, self._now = recipients, preferences, ladders, now

    async def __call__(self, document: Document) -> bool:
        """Whether there is a new delivery, which is saved with the document by the caller. If not, an operator has to act."""
        recipient = await self._recipients.get(document.insured)
        if recipient is None:
            return False
        preference = await self._preferences.of(document.insured)
        decision = decide(document.circumstances(recipient, preference), self._now())
        return document.deliver_again(decision, recipient, self._ladders[class_of(document.type)])
