from __future__ import annotations

from espace_contracts.vocabulary import InsuredId
from espace_documents.app.noted import noted
from espace_documents.app.ports import Clock, Documents, Keys, Preferences, Recipients


class ErasePerson:
    """Erases a person here for good: without their key no archived file of theirs can be read again, wherever a copy of it lies.

    The key goes first. Whoever dies later on leaves nothing readable, and a repeat, or the sweeper, does what is missing.
    """

    def __init__(self, *, keys: Keys, recipients: Recipients, preferences: Preferences, documents: Documents, now: Clock) -> None:
        self._keys, self._recipients, self._preferences = keys, recipients, preferences
        self._documents, self._now = documents, now

    async def __call__(self, insured: InsuredId) -> int | None:
        """How many documents were erased by this call; None when nobody with this id is known here, and nothing was done."""
        if await self._recipients.get(insured) is None and not await self._recipients.erased(insured):
            return None
        at = self._now()
        await self._keys.erase(insured, at)
        await self._recipients.erase(insured)
        await self._preferences.erase(insured)
        readable = [document for document in await self._documents.all_of(insured) if document.erased_at is None]
        for document in readable:
            await noted(self._documents, document, lambda document: document.erase(at))
        return len(readable)
