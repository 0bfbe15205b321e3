from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pymongo.errors import DuplicateKeyError
from pymongo.results import UpdateResult

from espace_contracts.vocabulary import InsuredId, NoticeMeans
from espace_kernel.store import Collection
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.notice import Notice

_NONE_YET = 0
"""The revision of a contact that is only waited for."""


class ContactsInStore:
    """One contact a person and means, kept by the highest revision, with the notices that wait for it: no notice misses its coming."""

    def __init__(self, collections: Mapping[NoticeMeans, Collection]) -> None:
        self._collections = collections

    async def keep(self, contact: Contact) -> None:
        """Put it on file unless a higher revision is there."""
        older = {"_id": contact.insured, "revision": {"$lt": contact.revision}}
        newer = {contact.means.value: contact.address, "revision": contact.revision}
        await self._change_or_insert(contact.means, older, {"$set": newer, "$unset": {"bounced_by": ""}})

    async def has_mobile(self, insured: InsuredId) -> bool:
        """Whether the person confirmed a mobile number that messages reach."""
        contact = await self._contact_of(insured, NoticeMeans.SMS)
        return contact is not None and contact.address is not None and contact.bounced_by is None

    async def contact_for(self, notice: Notice) -> Contact | None:
        """The contact of the notice's person, by its means. None, or without an address, or bounced by another notice: from now on the
        notice waits for a later one."""
        contact = await self._contact_of(notice.insured, notice.means)
        if contact is not None and contact.address is not None and contact.bounced_by in {None, notice.id}:
            return contact
        still = {"_id": notice.insured, "revision": contact.revision if contact else _NONE_YET}
        waits = await self._change_or_insert(notice.means, still, {"$addToSet": {"waiting": notice.id}})
        return contact if waits else await self._contact_of(notice.insured, notice.means)

    async def bounced(self, notice: Notice) -> None:
        """Nobody reads at the contact that the notice was handed over for. Changes nothing when that is known, or when a later one came."""
        tried = {"_id": notice.insured, "revision": notice.contact_revision, "bounced_by": {"$exists": False}}
        await self._collections[notice.means].update_one(tried, {"$set": {"bounced_by": notice.id}})

    async def waiting_for(self, insured: InsuredId, means: NoticeMeans) -> Sequence[UUID]:
        """The notices that wait for the person's contact."""
        contact = await self._collections[means].find_one({"_id": insured})
        return contact.get("waiting", []) if contact else []

    async def no_longer_waits(self, insured: InsuredId, means: NoticeMeans, notice: UUID) -> None:
        """Strike the notice off those that wait."""
        await self._collections[means].update_one({"_id": insured}, {"$pull": {"waiting": notice}})

    async def _contact_of(self, insured: InsuredId, means: NoticeMeans) -> Contact | None:
        """None as well while it is only waited for."""
        found = await self._collections[means].find_one({"_id": insured})
        if found is None or found["revision"] == _NONE_YET:
            return None
        return Contact(insured, found.get(means.value), found["revision"], means, found.get("bounced_by"))

    async def _change_or_insert(self, means: NoticeMeans, condition: Mapping[str, Any], change: Mapping[str, Any]) -> bool:
        """Whether it took effect: not when a contact is there that does not meet the condition."""
        collection = self._collections[means]
        try:
            result: UpdateResult = await collection.update_one(condition, change, upsert=True)
        except DuplicateKeyError:  # one is there, perhaps since this very moment
            result = await collection.update_one(condition, change)
        return result.matched_count > 0 or result.upserted_id is not None
