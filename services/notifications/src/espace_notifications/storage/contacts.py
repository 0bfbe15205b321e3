from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pymongo.errors import DuplicateKeyError
from pymongo.results import UpdateResult

from espace_contracts.vocabulary import InsuredId
from espace_kernel.store import Collection
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.notice import Notice

_NONE_YET = 0
"""The revision of a contact that is only waited for."""


class ContactsInStore:
    """One contact a person, kept by the highest revision, together with the notices that wait for it: no notice misses its coming."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def keep(self, contact: Contact) -> None:
        """Put it on file unless a higher revision is there."""
        older = {"_id": contact.insured, "revision": {"$lt": contact.revision}}
        await self._change_or_insert(older, {"$set": {"email": contact.email, "revision": contact.revision}})

    async def address_for(self, notice: Notice) -> str | None:
        """The e-mail address of the notice's person. None when they confirmed none: from now on the notice waits for it."""
        if (address := await self._address_of(notice.insured)) is not None:
            return address
        none_yet = {"_id": notice.insured, "revision": _NONE_YET}
        waits = await self._change_or_insert(none_yet, {"$addToSet": {"waiting": notice.id}})
        return None if waits else await self._address_of(notice.insured)

    async def waiting_for(self, insured: InsuredId) -> Sequence[UUID]:
        """The notices that wait for the person's address."""
        contact = await self._collection.find_one({"_id": insured})
        return contact.get("waiting", []) if contact else []

    async def no_longer_waits(self, insured: InsuredId, notice: UUID) -> None:
        """Strike the notice off those that wait."""
        await self._collection.update_one({"_id": insured}, {"$pull": {"waiting": notice}})

    async def _address_of(self, insured: InsuredId) -> str | None:
        contact = await self._collection.find_one({"_id": insured})
        return contact.get("email") if contact else None

    async def _change_or_insert(self, condition: Mapping[str, Any], change: Mapping[str, Any]) -> bool:
        """Whether it took effect: not when a contact is there that does not meet the condition."""
        try:
            result: UpdateResult = await self._collection.update_one(condition, change, upsert=True)
        except DuplicateKeyError:  # one is there, perhaps since this very moment
            result = await self._collection.update_one(condition, change)
        return result.matched_count > 0 or result.upserted_id is not None
