"""Files in GridFS: bytes that never travel in events. Written once under a new id, never changed."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from gridfs import AsyncGridFSBucket
from pymongo.asynchronous.database import AsyncDatabase

AT_ONCE = 1000
"""So many ids are read from the store in one go, however many files there are."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A stored file. `size` in bytes."""

    id: UUID
    sha256: str
    size: int
    media_type: str


class Altered(Exception):
    """The stored bytes are not those that were stored: their hash differs, or some are missing."""


class Blobs:
    """One GridFS bucket. Chunks are read by their full unique key, which every store finds without a scan."""

    def __init__(self, database: AsyncDatabase[dict[str, Any]], bucket: str) -> None:
        self._bucket = AsyncGridFSBucket(database, bucket_name=bucket)
        self._files, self._chunks = database[f"{bucket}.files"], database[f"{bucket}.chunks"]

    async def put(self, data: bytes, media_type: str) -> Blob:
        """Store a file. It counts once an aggregate refers to it; a sweeper deletes what nobody refers to."""
        blob = Blob(uuid4(), hashlib.sha256(data).hexdigest(), len(data), media_type)
        await self._bucket.upload_from_stream_with_id(
            blob.id, blob.sha256, data, metadata={"sha256": blob.sha256, "media_type": media_type}
        )
        return blob

    async def stream(self, blob_id: UUID) -> AsyncIterator[bytes]:
        """The file piece by piece; the last piece is held back until the hash is proven. Raises Altered, KeyError when there is none."""
        file = await self._files.find_one({"_id": blob_id})
        if file is None:
            raise KeyError(blob_id)
        digest, held = hashlib.sha256(), b""
        for number in range(-(-file["length"] // file["chunkSize"])):
            chunk = await self._chunks.find_one({"files_id": blob_id, "n": number})
            if chunk is None:
                raise Altered("A part of the stored file is missing.")
            if held:
                yield held
            held = bytes(chunk["data"])
            digest.update(held)
        if digest.hexdigest() != file["metadata"]["sha256"]:
            raise Altered("The stored file is not the one that was stored.")
        yield held

    async def read(self, blob_id: UUID) -> bytes:
        """The whole file. Raises as stream()."""
        return b"".join([piece async for piece in self.stream(blob_id)])

    async def delete(self, blob_id: UUID) -> None:
        """Remove a file nobody refers to; silently when it is gone already."""
        file = await self._files.find_one({"_id": blob_id})
        if file is None:
            return
        for number in range(-(-file["length"] // file["chunkSize"])):
            await self._chunks.delete_one({"files_id": blob_id, "n": number})
        await self._files.delete_one({"_id": blob_id})

    async def older_than(self, moment: datetime) -> AsyncIterator[UUID]:
        """Ids of the files stored before this moment, read bit by bit: where a sweeper looks for those that nobody refers to."""
        async with self._files.find({"uploadDate": {"$lt": moment}}, {"_id": 1}, batch_size=AT_ONCE) as found:
            async for file in found:
                yield file["_id"]
