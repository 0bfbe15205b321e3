from __future__ import annotations

import asyncio
import hashlib
from uuid import UUID

from espace_kernel import blobs
from espace_procedures.app.ports import Altered
from espace_procedures.storage.sealing import Seal

_SEALED = "application/octet-stream"


class EncryptedFiles:
    """Attached files in GridFS, sealed. What the store sees of them is when they came and how large they are."""

    def __init__(self, stored: blobs.Blobs, seal: Seal) -> None:
        self._stored, self._seal = stored, seal
        self.delete, self.older_than = stored.delete, stored.older_than

    async def put(self, data: bytes) -> UUID:
        """Seal and store."""
        return (await self._stored.put(await asyncio.to_thread(self._seal.close, data), _SEALED)).id

    async def read(self, blob_id: UUID, sha256: str) -> bytes:
        """The bytes as they were put. Raises Altered, also when another sealed file lies in their place."""
        try:
            data = await asyncio.to_thread(self._seal.open, await self._stored.read(blob_id))
        except (blobs.Altered, KeyError):
            raise Altered("The stored bytes are not those that were stored, or are gone.") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Altered("Another file lies where this one was stored.")
        return data
