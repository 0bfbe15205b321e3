"""What lies in the archive can be read by whoever has the keys, and as nothing but what it is."""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.app.ports import ArchiveLocked
from espace_documents.storage.master_keys import MasterKeys
from espace_documents.storage.pieces import BLOCK, MAGIC, Belonging, decrypt, encrypt
from espace_documents.storage.wrapping import NotAuthentic, new_key, unwrap, wrap

PDF = b"%PDF-1.7 an account of Sophie Hoffmann"
LARGE = os.urandom(3 * BLOCK)
FIRST = BLOCK - 79  # what of a file fits into its first block


async def in_parts(stored: bytes, size: int = BLOCK) -> AsyncIterator[bytes]:
    for start in range(0, len(stored), size):
        yield stored[start : start + size]


def of_somebody() -> Belonging:
    return Belonging(DocumentId(uuid4()), InsuredId(uuid4()))


async def read(stored: bytes, belonging: Belonging, key: bytes, *, size: int = BLOCK) -> bytes:
    return b"".join([piece async for piece, _ in decrypt(in_parts(stored, size), belonging, key)])


@given(
    length=st.sampled_from([0, 1, FIRST - 1, FIRST, FIRST + 1, FIRST + BLOCK - 16, FIRST + BLOCK - 15, 2 * BLOCK]),
    size=st.integers(1, 2 * BLOCK),
)
async def test_a_file_of_any_length_comes_back_in_whatever_parts_it_is_read(length, size):
    belonging, key = of_somebody(), new_key()
    stored = encrypt(LARGE[:length], belonging, key)
    assert await read(stored, belonging, key, size=max(size, length // 100)) == LARGE[:length]


async def test_a_file_is_read_as_a_stream_and_only_its_last_piece_says_so():
    belonging, key = of_somebody(), new_key()
    given = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal given
        async for part in in_parts(encrypt(LARGE, belonging, key)):
            given += 1
            yield part

    pieces = decrypt(counted(), belonging, key)
    first, last = await anext(pieces)
    assert (first, last, given) == (LARGE[:FIRST], False, 2)  # one block ahead, to know whether it is the last
    assert [last async for _, last in pieces] == [False, False, True]


async def test_the_same_pdf_for_two_persons_or_twice_for_one_shares_nothing():
    key, one = new_key(), of_somebody()
    stored = [encrypt(PDF, one, key), encrypt(PDF, one, key), encrypt(PDF, of_somebody(), new_key())]
    assert len({each[len(MAGIC) :] for each in stored}) == 3
    for each in stored:
        assert PDF not in each
        assert not any(each[start : start + 8] in other for other in stored if other is not each for start in range(3, len(each) - 8))


async def test_a_flipped_bit_anywhere_is_noticed():
    belonging, key = of_somebody(), new_key()
    stored = encrypt(PDF, belonging, key)
    for place in range(len(stored)):
        changed = bytearray(stored)
        changed[place] ^= 1
        with pytest.raises(NotAuthentic):
            await read(bytes(changed), belonging, key)


@pytest.mark.parametrize("kept", [0, 2, 40, 62, 63, 78, 79, FIRST, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK])
async def test_a_file_that_ends_early_is_noticed(kept):
    belonging, key = of_somebody(), new_key()
    with pytest.raises(NotAuthentic):
        await read(encrypt(LARGE, belonging, key)[:kept], belonging, key)


async def test_a_file_that_goes_on_after_its_end_is_noticed():
    belonging, key = of_somebody(), new_key()
    stored = encrypt(LARGE[: FIRST + BLOCK - 16], belonging, key)
    assert len(stored) == 2 * BLOCK
    for more in (b"!", stored[BLOCK:]):
        with pytest.raises(NotAuthentic):
            await read(stored + more, belonging, key)


@pytest.mark.parametrize("order", [[1, 0, 2, 3], [0, 2, 1, 3], [0, 1, 1, 3], [0, 2, 3], [0, 1, 3, 2]])
async def test_pieces_that_changed_places_are_noticed(order):
    belonging, key = of_somebody(), new_key()
    stored = encrypt(LARGE, belonging, key)
    blocks = [stored[start : start + BLOCK] for start in range(0, len(stored), BLOCK)]
    with pytest.raises(NotAuthentic):
        await read(b"".join(blocks[number] for number in order), belonging, key)


async def test_a_file_is_read_as_no_other_document_not_even_of_the_same_person():
    belonging, key = of_somebody(), new_key()
    stored = encrypt(PDF, belonging, key)
    with pytest.raises(NotAuthentic):
        await read(stored, replace(belonging, document=DocumentId(uuid4())), key)
    with pytest.raises(NotAuthentic):
        await read(stored, replace(belonging, recipient=InsuredId(uuid4())), key)


async def test_another_persons_key_opens_nothing():
    belonging = of_somebody()
    with pytest.raises(NotAuthentic):
        await read(encrypt(PDF, belonging, new_key()), belonging, new_key())


@pytest.mark.parametrize("stored", [b"", PDF, PDF * 10_000])
async def test_what_was_never_encrypted_is_not_given_out(stored):
    with pytest.raises(NotAuthentic):
        await read(stored, of_somebody(), new_key())


def test_a_wrapped_key_opens_for_its_purpose_alone():
    key, under = new_key(), new_key()
    wrapped = wrap(key, under=under, bound_to=b"Sophie")
    assert key not in wrapped
    assert unwrap(wrapped, under=under, bound_to=b"Sophie") == key
    for other in ({"under": new_key(), "bound_to": b"Sophie"}, {"under": under, "bound_to": b"Marc"}):
        with pytest.raises(NotAuthentic):
            unwrap(wrapped, **other)
    with pytest.raises(NotAuthentic):
        unwrap(wrapped[:-1], under=under, bound_to=b"Sophie")


def put_master_key(folder: Path, name: str = "documents-archive.key") -> Path:
    file = folder / name
    file.write_text(base64.b64encode(secrets.token_bytes(32)).decode() + "\n", encoding="ascii")
    return file


def test_the_newest_master_key_wraps_and_the_earlier_ones_still_open(tmp_path):
    put_master_key(tmp_path)
    key, masters = new_key(), MasterKeys(tmp_path)
    before = masters.wrap(key, b"Sophie")
    put_master_key(tmp_path, "documents-archive.2026-12-01.key")
    after = masters.wrap(key, b"Sophie")  # without a restart
    assert after.master != before.master
    assert masters.unwrap(before, b"Sophie") == masters.unwrap(after, b"Sophie") == key
    assert MasterKeys(tmp_path).newest() == after.master


def test_a_key_that_another_replica_wrapped_with_a_newer_master_key_opens_without_a_restart(tmp_path):
    put_master_key(tmp_path)
    here = MasterKeys(tmp_path)
    put_master_key(tmp_path, "documents-archive.2026-12-01.key")
    key = new_key()
    assert here.unwrap(MasterKeys(tmp_path).wrap(key, b"Sophie"), b"Sophie") == key


def test_without_its_master_key_a_key_stays_closed_until_the_file_is_put_back(tmp_path):
    first = put_master_key(tmp_path)
    key, masters = new_key(), MasterKeys(tmp_path)
    wrapped = masters.wrap(key, b"Sophie")
    put_master_key(tmp_path, "documents-archive.2026-12-01.key")
    content = first.read_text()
    first.unlink()
    masters = MasterKeys(tmp_path)
    with pytest.raises(ArchiveLocked, match=f"{wrapped.master} is not among the secrets.*Put its file back"):
        masters.unwrap(wrapped, b"Sophie")
    first.write_text(content)
    assert masters.unwrap(wrapped, b"Sophie") == key


def test_a_master_key_half_written_changes_nothing(tmp_path):
    put_master_key(tmp_path)
    masters = MasterKeys(tmp_path)
    newest = masters.newest()
    (tmp_path / "documents-archive.2026-12-01.key").write_text("c2hvcnQ=")
    assert masters.newest() == newest


@pytest.mark.parametrize("text", [None, "", "no base64!", base64.b64encode(b"too short").decode(), "ü"])
def test_without_a_usable_master_key_the_service_does_not_start_and_the_file_is_not_quoted(tmp_path, text):
    if text is not None:
        (tmp_path / "documents-archive.key").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"documents-archive.*key") as error:
        MasterKeys(tmp_path)
    assert not text or text not in str(error.value)
