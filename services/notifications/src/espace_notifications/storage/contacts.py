from __future__ import annotations

from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId
from espace_kernel.store import Collection
from espace_notifications.domain.contact import Contact


class ContactsInStore:
    """One contact a person, kept by the highest revision."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def keep(self, contact: Contact) -> None:
        """Put it on file unless a higher revision is there."""
        older = {"_id": contact.insured, "revision": {"$lt": contact.revision}}
        change = {"$set": {"email": contact.email, "revision": contact.revision}}
        try:
            await self._collection.update_one(older, change, upsert=True)
        except DuplicateKeyError:  # this revision, or a higher one, is on file
            return

    async def address_of(self, insured: InsuredId) -> str | None:
        """The person's e-mail address; None when they confirmed none."""
        contact = await self._collection.find_one({"_id": insured})
        return contact["email"] if contact else None
