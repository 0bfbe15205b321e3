from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from uuid import UUID

from pydantic import TypeAdapter
from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from espace_kernel import store
from espace_procedures.app.ports import Place
from espace_procedures.domain.direct_submission import DirectSubmission
from espace_procedures.storage.sealing import Seal

_ADAPTER = TypeAdapter(DirectSubmission)
_IN_ORDER = [("received_at", ASCENDING), ("_id", ASCENDING)]


class StoredDirectSubmissions:
    """What was sent without login, sealed; the store sees when it came, and which files belong to it."""

    def __init__(self, collection: store.Collection, seal: Seal) -> None:
        self._collection, self._seal = collection, seal

    async def prepare(self) -> None:
        """Make the plain indexes: for the order in which they came, and for whose file it is."""
        for fields in (_IN_ORDER, [("blobs", ASCENDING)]):
            await self._collection.create_index(fields)

    async def add(self, submission: DirectSubmission) -> None:
        """Store it; does nothing when it is there."""
        document = {
            "_id": submission.id,
            "received_at": submission.received_at,
            "blobs": [attachment.blob for attachment in submission.attachments],
            "sealed": self._seal.close(_ADAPTER.dump_json(submission)),
        }
        try:
            await self._collection.insert_one(document)
        except DuplicateKeyError:
            return

    async def get(self, submission_id: UUID) -> DirectSubmission | None:
        """One of them. Raises Altered."""
        document = await self._collection.find_one({"_id": submission_id})
        return self._opened(document) if document is not None else None

    async def behind(self, place: Place | None, limit: int) -> list[DirectSubmission]:
        """At most so many that came after the one at this place, or from the first on, the oldest first. Raises Altered."""
        query: store.Document = {}
        if place is not None:
            moment, submission_id = place
            query["$or"] = [{"received_at": {"$gt": moment}}, {"received_at": moment, "_id": {"$gt": submission_id}}]
        return [self._opened(document) async for document in self._collection.find(query, sort=_IN_ORDER, limit=limit)]

    async def between(self, first: UUID, last: UUID) -> list[DirectSubmission]:
        """Those whose ids are these or lie between them. Raises Altered."""
        return [self._opened(document) async for document in self._collection.find({"_id": {"$gte": first, "$lte": last}})]

    async def all(self) -> AsyncIterator[DirectSubmission]:
        """All of them, the oldest first, read bit by bit. Raises Altered."""
        async with self._collection.find({}, sort=_IN_ORDER) as found:
            async for document in found:
                yield self._opened(document)

    async def remove(self, submission_id: UUID) -> bool:
        """Delete it. False when it is gone."""
        return (await self._collection.delete_one({"_id": submission_id})).deleted_count == 1

    async def files_in_use(self, among: Collection[UUID]) -> set[UUID]:
        """Those of these blobs that any of them refers to."""
        found = self._collection.find({"blobs": {"$in": list(among)}}, {"blobs": 1})
        return {blob async for document in found for blob in document["blobs"]}.intersection(among)

    def _opened(self, document: store.Document) -> DirectSubmission:
        return _ADAPTER.validate_json(self._seal.open(bytes(document["sealed"])))
