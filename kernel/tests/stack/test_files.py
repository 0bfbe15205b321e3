from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from espace_kernel.blobs import Altered, Blobs
from espace_kernel.clock import utc_now


@pytest.fixture
def blobs(notebook) -> Blobs:
    return Blobs(notebook().kernel.database, "files")


@pytest.mark.parametrize("size", [1, 255 * 1024, 255 * 1024 + 1, 900_000])
async def test_a_file_comes_back_as_it_was_stored(blobs, size):
    data = bytes(number % 251 for number in range(size))
    blob = await blobs.put(data, "application/pdf")
    assert (blob.size, await blobs.read(blob.id)) == (size, data)


async def test_a_file_that_was_changed_is_never_given_out_whole(blobs):
    blob = await blobs.put(b"a" * 300_000, "application/pdf")
    await blobs._chunks.update_one({"files_id": blob.id, "n": 1}, {"$set": {"data": b"b" * (300_000 - 255 * 1024)}})
    pieces = []
    with pytest.raises(Altered):
        async for piece in blobs.stream(blob.id):
            pieces.append(piece)  # noqa: PERF401  # what came before the refusal counts
    assert len(pieces) == 1


async def test_a_missing_part_is_told(blobs):
    blob = await blobs.put(b"a" * 300_000, "application/pdf")
    await blobs._chunks.delete_one({"files_id": blob.id, "n": 1})
    with pytest.raises(Altered):
        await blobs.read(blob.id)


async def test_a_deleted_file_is_gone_and_deleting_again_is_harmless(blobs):
    blob = await blobs.put(b"x", "text/plain")
    await blobs.delete(blob.id)
    await blobs.delete(blob.id)
    with pytest.raises(KeyError):
        await blobs.read(blob.id)
    assert await blobs._chunks.count_documents({"files_id": blob.id}) == 0


async def test_a_file_that_never_was_is_told(blobs):
    with pytest.raises(KeyError):
        await blobs.read(uuid4())


async def test_old_files_are_found(blobs):
    before = utc_now()
    await asyncio.sleep(0.01)  # the moments of storing and asking differ, at the store's resolution of 1 ms
    blob = await blobs.put(b"x", "text/plain")
    assert blob.id not in [found async for found in blobs.older_than(before)]
    assert blob.id in [found async for found in blobs.older_than(utc_now().replace(year=2999))]
