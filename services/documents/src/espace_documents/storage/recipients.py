from __future__ import annotations

from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId
from espace_documents.domain.recipient import Recipient
from espace_kernel.store import Collection


class StoredRecipients:
    """Each person's file by its highest revision, whatever order the revisions come in."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._adapter = TypeAdapter(Recipient)

    async def keep(self, recipient: Recipient) -> None:
        """Remember a person's file unless a later revision is known."""
        older = {"_id": recipient.id, "revision": {"$lt": recipient.revision}}
        file = {"$set": self._adapter.dump_python(recipient, mode="json", exclude={"id"})}
        try:
            await self._collection.update_one(older, file, upsert=True)
        except DuplicateKeyError:  # a file is there: as late as this one, or an older one that came at this very moment
            await self._collection.update_one(older, file)

    async def get(self, insured: InsuredId) -> Recipient | None:
        """The latest revision known."""
        file = await self._collection.find_one({"_id": insured})
        return self._adapter.validate_python({"id": insured, **file}) if file else None
