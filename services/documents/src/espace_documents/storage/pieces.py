"""A file as it lies in the archive: encrypted piece by piece, so that it is read as a stream and each piece is proven before it goes on.

A stored file is cut into blocks of BLOCK bytes, in which the blobs keep it. The first begins with MAGIC and the file's own key, wrapped
with its recipient's; the rest of it, and each further block, is one piece: AES-256-GCM by the file's own key. The nonce is the number of
the piece and whether it is the last (STREAM, by Hoang, Reyhanitabar, Rogaway and Vizár, 2015), and the piece is bound to document and
recipient. So a piece that was changed, left out, moved or taken from another document is noticed, and so is a file that ends early. The
key is fresh for each file, so no nonce comes twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.storage.wrapping import NONCE_BYTES, TAG_BYTES, WRAPPED_BYTES, NotAuthentic, decrypted, new_key, unwrap, wrap

MAGIC = b"eD1"
BLOCK = 255 * 1024
"""Bytes of a block: what GridFS keeps in one document."""
_HEADER = len(MAGIC) + WRAPPED_BYTES
_FIRST, _FURTHER = BLOCK - _HEADER - TAG_BYTES, BLOCK - TAG_BYTES


@dataclass(frozen=True, slots=True)
class Belonging:
    """Whose file it is: the document, and the person who receives it. It can be read as nothing else."""

    document: DocumentId
    recipient: InsuredId

    @property
    def bytes(self) -> bytes:
        """What the keys and pieces of the file are bound to."""
        return MAGIC + self.document.bytes + self.recipient.bytes


def encrypt(content: bytes, belonging: Belonging, person_key: bytes) -> bytes:
    """The file as it is stored, by a key of its own."""
    key, bound_to = new_key(), belonging.bytes
    cipher = AESGCM(key)
    starts = [0, *range(_FIRST, len(content), _FURTHER)]
    ends = [*starts[1:], len(content)]
    last = len(starts) - 1
    pieces = [
        cipher.encrypt(_nonce(number, last=number == last), content[start:end], bound_to)
        for number, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]
    return b"".join([MAGIC, wrap(key, under=person_key, bound_to=bound_to), *pieces])


async def decrypt(stored: AsyncIterator[bytes], belonging: Belonging, person_key: bytes) -> AsyncIterator[tuple[bytes, bool]]:
    """The content piece by piece, each proven, with whether it is the last. `stored` may come in parts of any size. Raises NotAuthentic."""
    key, bound_to, number = b"", belonging.bytes, 0
    async for block, last in _told_which_is_last(_blocks(stored)):
        piece = block
        if number == 0:
            if not block.startswith(MAGIC):
                raise NotAuthentic("This file was not encrypted by the archive.")
            key = unwrap(block[len(MAGIC) : _HEADER], under=person_key, bound_to=bound_to)
            piece = block[_HEADER:]
        yield decrypted(piece, _nonce(number, last=last), key=key, bound_to=bound_to), last
        number += 1


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1) + bytes([last])


async def _blocks(stored: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    waiting = bytearray()
    async for part in stored:
        waiting += part
        while len(waiting) >= BLOCK:
            yield bytes(waiting[:BLOCK])
            del waiting[:BLOCK]
    if waiting:
        yield bytes(waiting)


async def _told_which_is_last(blocks: AsyncIterator[bytes]) -> AsyncIterator[tuple[bytes, bool]]:
    held = b""
    async for block in blocks:
        if held:
            yield held, False
        held = block
    yield held, True
