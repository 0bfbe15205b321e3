from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from uuid import UUID

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.app.ports import ArchiveDamaged
from espace_documents.domain.document import Document
from espace_documents.storage.keys import PersonKeys
from espace_documents.storage.pieces import Belonging, decrypt, encrypt
from espace_documents.storage.wrapping import NotAuthentic
from espace_kernel.blobs import Altered, Blobs
from espace_kernel.logs import logger
from espace_kernel.outcomes import NeverWorks

log = logger()

_ENCRYPTED = "application/octet-stream"


class EncryptedArchive:
    """The documents' files, kept by the kernel's blobs: each encrypted with a key of its own, which its recipient's key opens."""

    def __init__(self, blobs: Blobs, keys: PersonKeys) -> None:
        self._blobs, self._keys = blobs, keys
        self.delete, self.older_than = blobs.delete, blobs.older_than

    async def put(self, pdf: bytes, document: DocumentId, recipient: InsuredId) -> UUID:
        """Encrypt and store a file; its id."""
        try:
            key = await self._keys.key_for(recipient)
        except ArchiveDamaged:
            raise NeverWorks(
                "The recipient's key in the archive is damaged, so nothing can be archived for them. "
                "Restore the collection person_keys from a backup, then replay."
            ) from None
        return (await self._blobs.put(encrypt(pdf, Belonging(document, recipient), key), _ENCRYPTED)).id

    async def open(self, document: Document) -> AsyncIterator[bytes]:
        """The document's file, piece by piece. Raises ArchiveDamaged, before any piece where that can be known, and as its keys."""
        key = await self._keys.key_of(document.insured)
        if key is None:
            log.error("a recipient's key is missing in the archive", document=str(document.id))
            raise ArchiveDamaged
        pieces = self._proven(document, key)
        return _joined(await anext(pieces), pieces)

    async def _proven(self, document: Document, key: bytes) -> AsyncIterator[bytes]:
        """The pieces; the last one once the hash of the whole is proven."""
        digest, belonging = hashlib.sha256(), Belonging(DocumentId(document.id), document.insured)
        try:
            async for piece, last in decrypt(self._blobs.stream(document.pdf.blob), belonging, key):
                digest.update(piece)
                if last and digest.hexdigest() != document.pdf.sha256:
                    raise NotAuthentic("The archived file is not the one that the document names.")
                yield piece
        except (Altered, KeyError, NotAuthentic) as damage:
            log.error("an archived document is damaged", document=str(document.id), kind=type(damage).__name__)
            raise ArchiveDamaged from damage


async def _joined(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece
