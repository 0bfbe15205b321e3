from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from espace_kernel.outcomes import VersionConflict

from .conftest import NOTES, Note, alive


async def test_what_a_save_records_reaches_its_reader_once(notebook):
    async with alive(notebook()) as service:
        note = await service.written("first")
        await service.handled.until(lambda events: [e for e in events if e.data.note == note.id])
        assert [e.data.text for e in service.handled.events if e.data.note == note.id] == ["first"]


async def test_one_persons_events_arrive_in_the_order_they_were_saved(notebook):
    async with alive(notebook()) as service:
        note = await service.written("0")
        for number in range(1, 30):
            note.write(str(number))
            await service.notes.save(note)
        await service.handled.until(lambda events: len([e for e in events if e.data.note == note.id]) == 30)
        assert [e.data.text for e in service.handled.events if e.data.note == note.id] == [str(number) for number in range(30)]


async def test_a_sent_event_leaves_the_outbox(notebook):
    async with alive(notebook()) as service:
        note = await service.written("gone")
        await service.handled.until(lambda events: [e for e in events if e.data.note == note.id])
    document = await notebook().notes.collection.find_one({"_id": note.id})
    assert document is not None
    assert document["outbox"] == []


async def test_what_a_dead_process_left_is_found_and_sent_with_its_first_id(notebook):
    died = notebook()
    note = await died.written("left behind")  # its relay never ran: as if the process died after the save
    document = await died.notes.collection.find_one({"_id": note.id})
    assert document is not None
    async with alive(notebook()) as service:
        await service.handled.until(lambda events: [e for e in events if e.data.note == note.id])
        assert [str(e.id) for e in service.handled.events if e.data.note == note.id] == [document["outbox"][0]["id"]]


async def test_a_save_of_an_old_version_is_refused_and_records_nothing(notebook):
    service = notebook()
    note = await service.written("one")
    old = replace(note)
    note.write("two")
    await service.notes.save(note)
    old.write("other")
    with pytest.raises(VersionConflict):
        await service.notes.save(old)
    document = await service.notes.collection.find_one({"_id": note.id})
    assert document is not None
    assert (document["text"], len(document["outbox"])) == ("two", 2)


async def test_an_id_that_is_taken_is_told_and_changes_nothing(notebook):
    service = notebook()
    note = await service.written("one")
    assert await service.notes.add(Note(id=note.id, insured=note.insured, text="other")) is False
    stored = await service.notes.get(note.id)
    assert stored is not None
    assert stored.text == "one"


async def test_each_of_many_is_read_once_also_by_who_changes_and_removes_them_meanwhile(notebook):
    """More than the store sends in one go."""
    service, insured = notebook(), uuid4()
    written = [Note(id=uuid4(), insured=insured, text=str(number)) for number in range(250)]
    for note in written:
        await service.notes.add(note)
    seen = []
    async for note in service.notes.each({"insured": insured}):
        seen.append(note.text)
        if len(seen) % 2:
            await service.notes.remove(note)
        else:
            note.remark = "seen"
            await service.notes.save(note)
    assert sorted(seen) == sorted(note.text for note in written)
    assert [note.remark async for note in service.notes.each({"insured": insured})] == ["seen"] * 125


async def test_an_aggregate_comes_back_as_it_was_saved(notebook):
    service = notebook()
    note = await service.written("text")
    note.remark, note.tags = "seen", ("a", "b")
    await service.notes.save(note)
    assert await service.notes.get(note.id) == note
    note.remark = None
    await service.notes.save(note)
    assert await service.notes.get(note.id) == note
    document = await service.notes.collection.find_one({"_id": note.id})
    assert document is not None
    assert "remark" not in document, "an absent value is an absent field, so that sparse unique keys ignore it"


async def test_an_aggregate_of_another_person_is_not_found(notebook):
    service = notebook()
    note = await service.written("private")
    assert await service.notes.get(note.id, insured=note.insured) is not None
    assert await service.notes.get(note.id, insured=note.id) is None


async def test_a_message_is_a_cloudevent_in_binary_mode(notebook, wire):
    async with alive(notebook()) as service:
        note = await service.written("hello")
        await service.handled.until(lambda events: [e for e in events if e.data.note == note.id])
    (record,) = await wire.messages(NOTES.name, lambda r: dict(r.headers).get("ce_subject") == str(note.id).encode(), count=1)
    headers = {name: value.decode() for name, value in record.headers}
    assert headers["ce_specversion"] == "1.0"
    assert headers["ce_type"] == "test.note.written.v1"
    assert headers["ce_partitionkey"] == record.key.decode() == str(note.insured)
    assert headers["content-type"] == "application/json"


async def test_two_members_of_a_group_send_and_handle_side_by_side(notebook):
    """A repeat on the wire is allowed; it is recognised by its id."""
    first, second = notebook(), notebook()
    async with alive(first), alive(second):
        notes = [await first.written(str(number)) for number in range(50)]
        wanted = {note.id for note in notes}
        seen = first.handled.events, second.handled.events
        await first.handled.until(lambda _: wanted <= {e.data.note for events in seen for e in events})
    ids = [e.id for events in seen for e in events if e.data.note in wanted]
    assert len(set(ids)) == 50
