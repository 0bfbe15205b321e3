from __future__ import annotations

import copy
from datetime import timedelta
from uuid import uuid4

import pytest

from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.attach_file import AttachFile
from espace_procedures.app.remove_attachment import NoSuchAttachment
from espace_procedures.app.sweep_files import AT_ONCE
from espace_procedures.app.take_file import TakeFile
from espace_procedures.domain.attachments import ATTACHED_WITHIN, MAX_BYTES, MAX_FILES, ORPHANED_AFTER, Attachment
from espace_procedures.domain.refusals import EmptyFile, FileTooLarge, FileTypeNotTaken, TookTooLong, TooManyFiles, UnknownRole

from .conftest import EHIC, PDF, correction, situation


@pytest.mark.parametrize(
    ("role", "content", "refusal"),
    [
        ("bank_statement", b"", EmptyFile),
        ("bank_statement", b"%PDF-" + bytes(MAX_BYTES - 4), FileTooLarge),
        ("bank_statement", b"PK\x03\x04 a document of an office suite", FileTypeNotTaken),
        ("bank_statement", b" %PDF-1.7", FileTypeNotTaken),
        ("passport", PDF, UnknownRole),
    ],
)
async def test_a_file_that_is_not_taken_is_not_stored(world, role, content, refusal):
    procedure = await world.has_started()
    with pytest.raises(refusal):
        await world.attach(world.seen(procedure), uuid4(), role, content)
    assert world.files.kept == {}


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (b"\xff\xd8\xff\xe0 a photograph", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n a picture", "image/png"),
        (b"%PDF-" + bytes(MAX_BYTES - 5), "application/pdf"),
    ],
)
async def test_a_file_is_taken_by_its_content(world, content, media_type):
    procedure = await world.has_started()
    assert [role.name for role in procedure.missing_attachments(situation())] == ["bank_statement"]
    procedure = await world.attach(world.seen(procedure), uuid4(), "bank_statement", content)
    [attachment] = procedure.attachments
    assert (attachment.media_type, attachment.size) == (media_type, len(content))
    assert procedure.missing_attachments(situation()) == ()


async def test_a_certificate_asks_for_no_file(world):
    procedure = await world.has_started(EHIC)
    assert procedure.missing_attachments(situation()) == ()
    with pytest.raises(UnknownRole):
        await world.attach(world.seen(procedure), uuid4(), "bank_statement", PDF)


async def test_a_procedure_takes_so_many_files_and_no_more(world):
    procedure = await world.has_started()
    for _ in range(MAX_FILES):
        await world.attach(world.seen(procedure), uuid4(), "bank_statement", PDF)
    with pytest.raises(TooManyFiles):
        await world.attach(world.seen(procedure), uuid4(), "bank_statement", PDF)
    assert len(world.files.kept) == MAX_FILES


async def test_attaching_again_with_the_same_request_attaches_once(world):
    procedure = await world.has_started()
    request = uuid4()
    await world.attach(world.seen(procedure), request, "bank_statement", PDF)
    again = await world.attach(world.seen(procedure), request, "bank_statement", PDF)
    assert len(again.attachments) == len(world.files.kept) == 1


async def test_a_request_sent_again_while_its_file_is_looked_into_attaches_once(world):
    procedure, request = await world.has_started(), uuid4()

    async def inspect(content: bytes, _media_type: str) -> bytes:
        await world.attach(world.seen(procedure), request, "bank_statement", PDF)
        return content

    slow = AttachFile(world.procedures, TakeFile(world.files, inspect), world.clock)
    attached = await slow(world.seen(procedure), request, "bank_statement", PDF)
    assert [attachment.id for attachment in attached.attachments] == [request]


async def changed_meanwhile(world, procedure):
    """Somebody saves the procedure between the next load and the next save."""
    other = copy.deepcopy(await world.now(procedure))
    other.answers = {"holder": "somebody else's tab"}
    world.procedures.before_next_save.append(other)


async def test_files_that_come_at_once_are_all_attached(world):
    procedure = await world.has_started()
    await changed_meanwhile(world, procedure)
    attached = await world.attach(world.seen(procedure), uuid4(), "bank_statement", PDF)
    assert attached.answers == {"holder": "somebody else's tab"}
    assert len(attached.attachments) == 1


async def test_a_file_for_a_version_that_changed_is_refused_when_the_version_was_named(world):
    procedure = await world.has_started()
    await changed_meanwhile(world, procedure)
    with pytest.raises(VersionConflict):
        await world.attach(world.seen(procedure, procedure.version), uuid4(), "bank_statement", PDF)


async def test_a_removed_file_is_gone_unless_it_was_submitted(world):
    procedure = await world.has_a_complete_draft()
    for _ in range(2):
        procedure = await world.attach(world.seen(procedure), uuid4(), "bank_statement", PDF)
    removed, kept = procedure.attachments
    await world.remove_attachment(world.seen(procedure), removed.id)
    assert list(world.files.kept) == [kept.blob]
    await world.submit(world.seen(procedure), uuid4(), locale=None, freshly_logged_in=True)
    await world.send_back(procedure.id, world.insured, correction())
    corrected = await world.remove_attachment(world.seen(procedure), kept.id)
    assert corrected.attachments == ()
    assert corrected.submissions[0].attachments == (kept,)
    assert list(world.files.kept) == [kept.blob]


async def test_a_file_that_is_not_there_cannot_be_removed(world):
    procedure = await world.has_started()
    with pytest.raises(NoSuchAttachment):
        await world.remove_attachment(world.seen(procedure), uuid4())


async def test_the_sweeper_removes_what_a_crash_left_and_nothing_else(world):
    procedure = await world.has_a_complete_draft()
    procedure = await world.attach(world.seen(procedure), uuid4(), "bank_statement", PDF)
    [attachment] = procedure.attachments
    await world.submit(world.seen(procedure), uuid4(), locale=None, freshly_logged_in=True)
    await world.files.put(PDF)
    assert await world.sweep() == 0, "a file may wait an hour for its procedure"
    world.later(timedelta(hours=1, seconds=1))
    young = await world.files.put(PDF)
    assert await world.sweep() == 1
    assert set(world.files.kept) == {attachment.blob, young}
    assert await world.sweep() == 0


async def refers(world, procedure, blob):
    """The procedure comes to refer to this file, however late."""
    loaded = await world.now(procedure)
    loaded.attach(Attachment(uuid4(), "bank_statement", blob, "", 1, "application/pdf"), world.clock())
    await world.procedures.save(loaded)


async def test_a_file_taken_into_use_after_it_was_listed_as_old_survives(world, monkeypatch):
    procedure, late = await world.has_started(), await world.files.put(PDF)
    left = await world.files.put(PDF)
    world.later(ORPHANED_AFTER + timedelta(seconds=1))

    async def older_than(moment, listed=world.files.older_than):
        async for blob in listed(moment):
            yield blob
        await refers(world, procedure, late)

    monkeypatch.setattr(world.files, "older_than", older_than)
    assert await world.sweep() == 1
    assert late in world.files.kept
    assert left not in world.files.kept


async def test_a_file_taken_into_use_after_nothing_was_found_to_refer_to_it_survives(world, monkeypatch):
    """Between the look at a part of the files and the deletion of this one, which comes after others of its part."""
    procedure, late = await world.has_started(), await world.files.put(PDF)
    world.later(ORPHANED_AFTER + timedelta(seconds=1))
    looks = []

    async def files_in_use(among, look=world.procedures.files_in_use):
        found = await look(among)
        looks.append(set(among))
        if len(looks) == 1:
            assert found == set(), "the first look finds nothing"
            await refers(world, procedure, late)
        return found

    monkeypatch.setattr(world.procedures, "files_in_use", files_in_use)
    assert await world.sweep() == 0
    assert late in world.files.kept
    assert looks == [{late}, {late}]


async def test_however_many_files_there_are_the_sweeper_looks_at_a_bounded_number_at_once(world, monkeypatch):
    procedure = await world.attach(world.seen(await world.has_started()), uuid4(), "bank_statement", PDF)
    [attachment] = procedure.attachments
    for _ in range(2 * AT_ONCE):
        await world.files.put(PDF)
    world.later(ORPHANED_AFTER + timedelta(seconds=1))
    listed, looked = 0, []

    async def older_than(moment, listing=world.files.older_than):
        nonlocal listed
        async for blob in listing(moment):
            listed += 1
            yield blob

    async def files_in_use(among, look=world.procedures.files_in_use):
        looked.append((listed, len(among)))
        return await look(among)

    monkeypatch.setattr(world.files, "older_than", older_than)
    monkeypatch.setattr(world.procedures, "files_in_use", files_in_use)
    assert await world.sweep() == 2 * AT_ONCE
    assert list(world.files.kept) == [attachment.blob]
    parts = [(read, size) for read, size in looked if size > 1]
    assert parts == [(AT_ONCE, AT_ONCE), (2 * AT_ONCE, AT_ONCE)], "no more is read before what was read is dealt with"


async def test_a_file_that_waited_too_long_for_its_procedure_is_not_attached(world):
    """The process stood still after the file was stored; the sweeper may have taken it for an orphan."""
    procedure = await world.has_started()

    async def inspect(content: bytes, _media_type: str) -> bytes:
        world.later(ATTACHED_WITHIN + timedelta(seconds=1))
        return content

    slow = AttachFile(world.procedures, TakeFile(world.files, inspect), world.clock)
    with pytest.raises(TookTooLong):
        await slow(world.seen(procedure), uuid4(), "bank_statement", PDF)
    assert (await world.now(procedure)).attachments == ()
    assert ATTACHED_WITHIN < ORPHANED_AFTER, "a file is given up by its request before the sweeper takes it"
