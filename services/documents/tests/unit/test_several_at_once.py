"""Several documents as one ZIP: whole and proven, or visibly broken; each opened and downloaded as if it were asked for alone."""

from __future__ import annotations

import io
import struct
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4
from zipfile import BadZipFile, ZipFile

import pytest

from espace_documents.api.zip_stream import length_of, name_of, zipped
from espace_documents.app.ports import ArchiveDamaged, RecipientErased
from espace_documents.domain.document import OpenedBy

from .conftest import a_recipient

SELF = OpenedBy.SELF


@pytest.fixture
async def documents(service):
    """Three of one person."""
    person = service.knows()
    await service.switch(person, active=True)
    return [await service.delivered(person) for _ in range(3)]


async def opened(service, documents, by=SELF):
    return await service.open_together([document.id for document in documents], documents[0].insured, by)


async def facts(service, documents):
    """Of each document, whether it was opened, and whether it went out whole."""
    stored = [await service.documents.get(document.id) for document in documents]
    return [(document.first_opened_by, document.downloaded_at is not None) for document in stored]


async def test_the_zip_holds_each_document_as_it_was_archived_and_is_as_long_as_announced(service, documents):
    together = await opened(service, documents)
    whole = b"".join([piece async for piece in zipped(together)])
    assert len(whole) == length_of(documents)
    with ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            name_of(document): service.archive.files[document.pdf.blob] for document in documents
        }
        assert all(entry.compress_size == entry.file_size for entry in archive.infolist())
        assert archive.infolist()[0].date_time == (2026, 3, 2, 13, 0, documents[0].available_at.second // 2 * 2)


async def test_sizes_and_checksums_stand_before_each_file_so_that_everything_unpacks_it(service, documents):
    whole = b"".join([piece async for piece in zipped(await opened(service, documents))])
    with ZipFile(io.BytesIO(whole)) as archive:
        for entry in archive.infolist():
            _, _, flags, _, _, _, checksum, stored, size, _, _ = struct.unpack_from("<4sHHHHHIIIHH", whole, entry.header_offset)
            assert (flags & 0b1000, checksum, stored, size) == (0, entry.CRC, entry.file_size, entry.file_size)


async def test_each_document_is_opened_at_its_turn_and_downloaded_once_it_went_out_whole(service, documents):
    together = await opened(service, documents, OpenedBy.MANDATE)
    by = OpenedBy.MANDATE
    assert await facts(service, documents) == [(by, False), (None, False), (None, False)]
    pieces = zipped(together)
    first = await anext(pieces)
    assert service.archive.files[documents[0].pdf.blob] in first
    assert await facts(service, documents) == [(by, False), (None, False), (None, False)]
    await anext(pieces)
    assert await facts(service, documents) == [(by, True), (by, False), (None, False)]
    await pieces.aclose()
    assert await facts(service, documents) == [(by, True), (by, False), (None, False)]


async def test_what_was_downloaded_whole_counts_as_if_each_were_downloaded_alone(service, documents):
    async for _ in zipped(await opened(service, documents)):
        pass
    assert await facts(service, documents) == [(SELF, True)] * 3


async def altered(_pdf):
    yield b"%PDF"
    raise ArchiveDamaged


async def short(_pdf):
    yield b"%PDF"


@pytest.mark.parametrize("damage", [altered, short])
async def test_a_damaged_file_breaks_the_zip_off_so_that_it_is_none(service, documents, damage):
    pieces, sent = zipped(await opened(service, documents)), b""
    service.archive._pieces_of = damage
    with pytest.raises(ArchiveDamaged):
        while True:
            sent += await anext(pieces)
    assert 0 < len(sent) < length_of(documents)
    with pytest.raises(BadZipFile):
        ZipFile(io.BytesIO(sent))
    assert await facts(service, documents) == [(SELF, True), (None, False), (None, False)], "nothing of the damaged one went out"


async def test_a_first_file_that_is_damaged_is_told_before_anything_is_sent(service, documents):
    del service.archive.files[documents[0].pdf.blob]
    with pytest.raises(ArchiveDamaged):
        await opened(service, documents)


@pytest.mark.parametrize("damage", [altered, short])
async def test_a_first_file_that_is_found_damaged_at_its_end_is_not_opened(service, documents, damage):
    service.archive._pieces_of = damage
    with pytest.raises(ArchiveDamaged):
        await opened(service, documents)
    assert await facts(service, documents) == [(None, False)] * 3


async def test_of_what_is_not_all_the_persons_nothing_is_opened(service, documents):
    for foreign in (await service.delivered(service.knows()), replace(documents[0], id=uuid4())):
        assert await opened(service, [*documents, foreign]) is None
    assert await service.open_together([documents[0].id], a_recipient().id, SELF) is None
    assert await facts(service, documents) == [(None, False)] * 3


async def test_who_is_erased_meanwhile_has_no_documents_any_more(service, documents):
    together = await opened(service, documents)
    await service.erase(documents[0].insured)
    with pytest.raises(RecipientErased):
        b"".join([piece async for piece in zipped(together)])


async def test_whose_key_goes_just_before_finds_nothing_to_open(service, documents):
    await service.keys.erase(documents[0].insured, service.now())
    assert await opened(service, documents) is None
    assert await service.open(documents[0].id, documents[0].insured, SELF) is None
    assert await facts(service, documents) == [(None, False)] * 3


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Détail de remboursement", "Détail de remboursement"),
        ('a/b\\c:d*e?f"g<h>i|j', "a b c d e f g h i j"),
        ("../../etc/passwd", "etc passwd"),
        ("line\r\nbreak\x00\x1b[31m\u202etxt.exe", "line break[31mtxt.exe"),
        ("…  \t...", "…"),
        ("long " * 40, ("long " * 16).strip()),
        ("De\u0301tail", "Détail"),
    ],
)
async def test_a_file_bears_the_date_on_the_paper_its_title_made_safe_and_its_reference(service, documents, title, named):
    late = replace(documents[0].source, ordered_at=datetime(2026, 1, 14, 23, 30, tzinfo=UTC))
    document = replace(documents[0], source=late, pdf=replace(documents[0].pdf, title=title))
    assert name_of(document) == f"2026-01-15 {named} {document.reference}.pdf"
