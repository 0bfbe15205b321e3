from __future__ import annotations

from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId
from espace_documents.domain.recipient import Recipient
from espace_kernel.store import Collection, Document

_LAST_REVISION = 2**63 - 1
"""What stands in the place of an erased file: no revision is later, so none is kept."""


class StoredRecipients:
    """Each person's file by its highest revision, whatever order the revisions come in."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._adapter = TypeAdapter(Recipient)

    async def keep(self, recipient: Recipient) -> bool:
        """Remember a person's file unless a later revision is known, or the person was erased. True when it brings another address."""
        while True:
            known = await self._collection.find_one({"_id": recipient.id})
            if known is not None and known["revision"] >= recipient.revision:
                return False
            file = self._adapter.dump_python(recipient, mode="json", exclude={"id", "address_revision"})
            moved = known is not None and known["address"] != file["address"]
            file["address_revision"] = recipient.revision if moved or known is None else known.get("address_revision", 0)
            if await self._in_place_of(known, recipient.id, file):
                return moved

    async def _in_place_of(self, known: Document | None, insured: InsuredId, file: Document) -> bool:
        """Whether the file was stored; not when another revision came at this very moment."""
        if known is not None:
            return (await self._collection.update_one({"_id": insured, "revision": known["revision"]}, {"$set": file})).matched_count == 1
        try:
            await self._collection.insert_one({"_id": insured, **file})
        except DuplicateKeyError:
            return False
        return True

    async def get(self, insured: InsuredId) -> Recipient | None:
        """The latest revision known; None of who was erased."""
        file = await self._collection.find_one({"_id": insured, "revision": {"$ne": _LAST_REVISION}})
        return self._adapter.validate_python({"id": insured, **file}) if file else None

    async def erase(self, insured: InsuredId) -> None:
        """Forget the person's file, and keep none of theirs any more."""
        await self._collection.replace_one({"_id": insured}, {"revision": _LAST_REVISION}, upsert=True)

    async def erased(self, insured: InsuredId) -> bool:
        """Whether the person's file was erased."""
        return await self._collection.find_one({"_id": insured, "revision": _LAST_REVISION}) is not None
