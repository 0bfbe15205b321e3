"""What lies in the store is sealed: with a key of its own, wrapped by one that can be replaced."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from espace_kernel import blobs
from espace_procedures.app.ports import Altered
from espace_procedures.storage.encrypted_files import EncryptedFiles
from espace_procedures.storage.sealing import seal_of

SECRET = b"a bank statement of Sophie Hoffmann"


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def test_what_is_sealed_shows_nothing_and_opens_again():
    seal = seal_of(new_key() + "\n")
    first, second = seal.close(SECRET), seal.close(SECRET)
    assert first != second, "each has a key and a nonce of its own"
    assert SECRET not in first
    assert seal.open(first) == seal.open(second) == SECRET
    assert seal.open(seal.close(b"")) == b""


def test_a_new_key_on_the_first_line_seals_and_the_old_one_still_opens():
    old, new = new_key(), new_key()
    before = seal_of(old).close(SECRET)
    rotated = seal_of(f"{new}\n{old}\n")
    assert rotated.open(before) == SECRET
    after = rotated.close(SECRET)
    assert seal_of(new).open(after) == SECRET
    with pytest.raises(Altered, match="Put the old key back"):
        seal_of(new).open(before)


def test_a_changed_bit_anywhere_is_noticed():
    seal = seal_of(new_key())
    sealed = seal.close(SECRET)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Altered):
            seal.open(bytes(changed))


@pytest.mark.parametrize("length", [0, 2, 50, 90])
def test_a_cut_off_file_is_noticed(length):
    seal = seal_of(new_key())
    with pytest.raises(Altered):
        seal.open(seal.close(SECRET)[:length])


@pytest.mark.parametrize("text", ["", "\n", "no base64!", base64.b64encode(b"too short").decode()])
def test_a_key_file_without_usable_keys_is_refused_without_being_quoted(text):
    with pytest.raises(ValueError, match="32 random bytes in base64") as error:
        seal_of(text)
    assert not text.strip() or text not in str(error.value)


class Bucket:
    """Blobs in memory."""

    def __init__(self) -> None:
        self.bytes: dict[UUID, bytes] = {}

    async def put(self, data: bytes, media_type: str) -> blobs.Blob:
        blob = blobs.Blob(uuid4(), hashlib.sha256(data).hexdigest(), len(data), media_type)
        self.bytes[blob.id] = data
        return blob

    async def read(self, blob_id: UUID) -> bytes:
        return self.bytes[blob_id]

    async def delete(self, blob_id: UUID) -> None:
        del self.bytes[blob_id]

    async def older_than(self, _moment: datetime) -> AsyncIterator[UUID]:
        for blob_id in list(self.bytes):
            yield blob_id


async def test_a_file_that_was_exchanged_for_another_is_not_given_back():
    bucket = Bucket()
    files = EncryptedFiles(bucket, seal_of(new_key()))
    mine, other = await files.put(SECRET), await files.put(b"somebody else's statement")
    digest = hashlib.sha256(SECRET).hexdigest()
    assert await files.read(mine, digest) == SECRET
    bucket.bytes[mine] = bucket.bytes[other]
    with pytest.raises(Altered, match="Another file"):
        await files.read(mine, digest)
    await files.delete(mine)
    with pytest.raises(Altered, match="or are gone"):
        await files.read(mine, digest)
