from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from espace_contracts.vocabulary import Channel, DocumentId, DocumentType, InsuredId, LetterId
from espace_documents.domain.document import Document
from espace_kernel.store import AggregateStore


class StoredDocuments:
    """The documents; found by id and by letter through unique keys."""

    def __init__(self, store: AggregateStore[Document]) -> None:
        self._store = store
        self.add, self.save = store.add, store.save

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._store.collection.create_index("letter", unique=True, sparse=True)
        await self._store.collection.create_index([("insured", 1), ("available_at", -1), ("_id", -1)])

    async def get(self, document_id: DocumentId) -> Document | None:
        """The document with this id, whoever receives it."""
        return await self._store.get(document_id)

    async def by_letter(self, letter: LetterId) -> Document | None:
        """The document that this letter brings."""
        return await self._store.find_one({"letter": letter})

    async def in_espace_of(
        self, insured: InsuredId, only: DocumentType | None, *, after: Document | None, limit: int
    ) -> Sequence[Document]:
        """At most `limit` of what the person received by eDelivery, newest first: behind `after`, of one type if `only` names it."""
        query: dict[str, object] = {"insured": insured, "channel": Channel.EDELIVERY}
        if only is not None:
            query["type"] = only
        if after is not None:
            as_old = {"available_at": after.available_at, "_id": {"$lt": after.id}}
            query["$or"] = [{"available_at": {"$lt": after.available_at}}, as_old]
        return await self._store.find(query, sort=[("available_at", -1), ("_id", -1)], limit=limit)

    async def letters_waiting_since(self, moment: datetime) -> Sequence[Document]:
        """Documents whose letter was requested before this moment and neither posted nor failed, oldest first."""
        waiting = {"letter_requested_at": {"$lt": moment}, "posted_at": None, "failed_at": None}
        return await self._store.find(waiting, sort=[("letter_requested_at", 1)])

    async def referred_blobs(self) -> set[UUID]:
        """The ids of all files that documents refer to."""
        return {document["pdf"]["blob"] async for document in self._store.collection.find({}, {"pdf.blob": 1})}
