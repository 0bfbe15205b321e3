from __future__ import annotations

from uuid import UUID

from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from espace_kernel.store import Collection, Document
from espace_procedures.domain.direct_submission import DirectSubmission
from espace_procedures.storage.sealing import Seal

_ADAPTER = TypeAdapter(DirectSubmission)


class StoredDirectSubmissions:
    """What was sent without login, sealed; the store sees when it came, and which files belong to it."""

    def __init__(self, collection: Collection, seal: Seal) -> None:
        self._collection, self._seal = collection, seal

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

    async def all(self) -> list[DirectSubmission]:
        """All of them, the oldest first. Raises Altered."""
        return sorted([self._opened(document) async for document in self._collection.find({})], key=lambda found: found.received_at)

    async def remove(self, submission_id: UUID) -> None:
        """Delete it; silently when it is gone."""
        await self._collection.delete_one({"_id": submission_id})

    async def files_in_use(self) -> set[UUID]:
        """The blobs that any of them refers to."""
        return {blob async for document in self._collection.find({}, {"blobs": 1}) for blob in document["blobs"]}

    def _opened(self, document: Document) -> DirectSubmission:
        return _ADAPTER.validate_json(self._seal.open(bytes(document["sealed"])))
