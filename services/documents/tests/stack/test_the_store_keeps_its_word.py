"""What the rules of delivery rest on, on the real store: the instant of the decision, the highest revision, and what sweepers look for."""

from __future__ import annotations

import asyncio
import hashlib
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from pymongo.errors import DuplicateKeyError

from espace_contracts.contents import ClosingLetter
from espace_contracts.vocabulary import Channel, DocumentId, InsuredId, Locale, ProcedureId, ProcedureKind
from espace_documents.app.delete_orphan_files import DeleteOrphanFiles
from espace_documents.app.deliver_again import DeliverAgain
from espace_documents.app.deliver_document import DeliverDocument
from espace_documents.app.deliver_stuck import DeliverStuck
from espace_documents.app.note_contact import NoteContact
from espace_documents.app.noted import noted
from espace_documents.app.ports import ArchiveDamaged
from espace_documents.app.switch_edelivery import SwitchEdelivery
from espace_documents.app.watch_unread import WatchUnread
from espace_documents.domain.document import Document, OpenedBy
from espace_documents.domain.ladder import DEFAULT_LADDERS
from espace_documents.domain.order import Order, Source
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import Recipient
from espace_documents.events.outgoing import contract_of
from espace_documents.storage.archive import EncryptedArchive
from espace_documents.storage.documents import StoredDocuments
from espace_documents.storage.preferences import StoredPreferences
from espace_documents.storage.recipients import StoredRecipients
from espace_documents.wiring import person_keys
from espace_kernel.blobs import Blobs
from espace_kernel.clock import utc_now
from espace_kernel.outcomes import VersionConflict

from .conftest import HOME, bank_account_change


class Storage:
    """The service's storage, without the service: nothing is sent, nobody else writes."""

    def __init__(self, kernel) -> None:
        self.kernel = kernel
        self.documents = StoredDocuments(kernel.aggregates("documents", Document, contract_of))
        self.preferences = StoredPreferences(kernel.aggregates("preferences", Preference, contract_of))
        self.recipients = StoredRecipients(kernel.database["recipients"])
        self.archive = EncryptedArchive(Blobs(kernel.database, "pdfs"), person_keys(kernel))
        self.again = DeliverAgain(self.recipients, self.preferences, DEFAULT_LADDERS, utc_now)
        self.deliver_stuck = DeliverStuck(self.documents, self.again)
        self.switch = SwitchEdelivery(self.preferences, self.recipients, self.deliver_stuck.of, utc_now)

    async def person(self) -> InsuredId:
        person = a_person()
        await self.recipients.keep(person)
        return person.id

    async def delivered(self, insured, *, during_rendering=None, just_before_storing=None, pdf=b"%PDF", content=None) -> Document:
        """A document whose making is interrupted at the given moments."""

        async def render(order, recipient):
            if during_rendering is not None:
                await during_rendering()
            return SimpleNamespace(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), pages=1, title="Your new account")

        documents = Interrupted(self.documents, just_before_storing)
        deliver = DeliverDocument(
            documents=documents,
            recipients=self.recipients,
            preferences=self.preferences,
            archive=self.archive,
            renderer=render,
            ladders=DEFAULT_LADDERS,
            now=utc_now,
        )
        order = an_order(insured)
        order = replace(order, content=content or order.content)
        await deliver(order)
        document = await self.documents.get(order.document)
        assert document is not None
        return document


@dataclass
class Interrupted:
    """Documents, with something happening just before one is stored."""

    documents: StoredDocuments
    before: object

    async def get(self, document_id):
        return await self.documents.get(document_id)

    async def add(self, document):
        if self.before is not None:
            await self.before()
        return await self.documents.add(document)


def a_person(revision: int = 1) -> Recipient:
    return Recipient(id=InsuredId(uuid4()), revision=revision, name="Sophie Hoffmann", address=HOME, locale=Locale.FRENCH, deceased=False)


def an_order(insured) -> Order:
    source = Source(procedure=ProcedureId(uuid4()), event=uuid4(), ordered_at=utc_now())
    return Order(document=DocumentId(uuid4()), recipient=insured, content=bank_account_change(), locale=Locale.GERMAN, source=source)


@pytest.fixture
async def storage(store, new_kernel):
    """A storage in a database of its own."""
    kernel = new_kernel()
    kernel.name = f"documents-{uuid4().hex[:8]}"
    storage = Storage(kernel)
    await storage.documents.prepare()
    yield storage
    await kernel.client.close()


async def test_a_document_comes_back_as_it_was_stored(storage):
    person = await storage.person()
    document = await storage.delivered(person)
    assert document.source.ordered_at.tzinfo is not None
    assert document.decision.rule.channel is Channel.POST
    assert await storage.documents.by_letter(document.letter) == document
    order = an_order(person)
    again = replace(document, id=order.document)
    assert await storage.documents.add(again) is False  # its letter is taken


async def test_a_switch_before_the_decision_takes_effect(storage):
    person = await storage.person()
    for active in (True, False):

        async def the_person_switches(active=active):
            await storage.switch(person, active=active)

        document = await storage.delivered(person, during_rendering=the_person_switches)
        assert document.channel is (Channel.EDELIVERY if active else Channel.POST)


async def test_a_switch_after_the_decision_holds_from_the_next_one(storage):
    person = await storage.person()
    for active in (True, False):

        async def the_person_switches(active=active):
            await storage.switch(person, active=active)

        document = await storage.delivered(person, just_before_storing=the_person_switches)
        assert document.channel is (Channel.POST if active else Channel.EDELIVERY)
        preference = await storage.preferences.of(person)
        assert preference.revision == document.decision.preference_revision + 1


async def test_every_document_of_a_person_who_keeps_switching_has_exactly_one_channel(storage):
    person = await storage.person()

    async def keep_switching():
        for number in range(20):
            await storage.switch(person, active=number % 2 == 0)

    async def keep_closing():
        return [await storage.delivered(person) for _ in range(20)]

    _, documents = await asyncio.gather(keep_switching(), keep_closing())
    preference = await storage.preferences.of(person)
    assert preference.revision == 20
    for document in documents:
        upon = document.decision.preference_revision
        active = upon > 0 and preference.history[upon - 1].active
        assert document.channel is (Channel.EDELIVERY if active else Channel.POST)
        assert (document.available_at is None) != (document.letter is None)


async def test_of_two_first_choices_at_once_the_second_is_told_that_it_is_late(storage):
    person = await storage.person()
    first, second = await storage.preferences.of(person), await storage.preferences.of(person)
    for preference in (first, second):
        preference.switch(active=True, at=utc_now(), locale=Locale.FRENCH)
    await storage.preferences.save(first)
    with pytest.raises(VersionConflict):
        await storage.preferences.save(second)


async def test_the_highest_revision_of_a_person_stays_in_whatever_order_and_however_close_they_come(storage):
    for _ in range(10):
        person = a_person()
        revisions = [replace(person, revision=revision, name=f"Revision {revision}") for revision in range(1, 9)]
        random.shuffle(revisions)
        await asyncio.gather(*(storage.recipients.keep(revision) for revision in revisions))
        kept = await storage.recipients.get(person.id)
        assert kept == replace(person, revision=8, name="Revision 8", address_revision=kept.address_revision)
        assert 1 <= kept.address_revision <= 8, "all have the same address: the first that came brought it"


async def test_a_later_revision_is_kept_though_an_older_one_is_inserted_at_this_very_moment(storage):
    person, collection = a_person(revision=2), storage.kernel.database["recipients"]

    class Beaten:
        """What MongoDB answers to the slower of two inserts: the other's document is there, under the same id."""

        find_one, update_one = collection.find_one, collection.update_one

        async def insert_one(self, _document):
            await storage.recipients.keep(replace(person, revision=1))
            raise DuplicateKeyError("another inserted it")

    assert await StoredRecipients(Beaten()).keep(person) is False
    assert await storage.recipients.get(person.id) == replace(person, address_revision=1)


async def test_another_address_is_told_by_the_revision_that_brought_it(storage):
    person = a_person()
    elsewhere = HOME.model_copy(update={"lines": ("3, Um Weier", "L-7307 Steinsel")})
    moves = [(1, HOME), (2, HOME), (4, elsewhere), (3, HOME), (5, elsewhere), (6, None), (7, elsewhere)]
    told = [await storage.recipients.keep(replace(person, revision=revision, address=address)) for revision, address in moves]
    assert told == [False, False, True, False, False, True, True]
    assert (await storage.recipients.get(person.id)).address_revision == 7


async def test_an_old_file_without_a_document_is_deleted_and_no_other(storage):
    document = await storage.delivered(person := await storage.person())
    orphan = await storage.archive.put(b"left by a process that died", DocumentId(uuid4()), person)
    assert await DeleteOrphanFiles(storage.documents, storage.archive, utc_now)() == 0
    in_two_hours = DeleteOrphanFiles(storage.documents, storage.archive, lambda: utc_now() + timedelta(hours=2))
    assert await in_two_hours() == 1
    assert await in_two_hours() == 0
    left = {blob async for blob in storage.archive.older_than(utc_now() + timedelta(hours=2))}
    assert left == {document.pdf.blob} != {orphan}


async def test_only_letters_of_which_nothing_was_heard_are_waiting(storage):
    posted, failed, called_off, silent, later = [await storage.delivered(await storage.person()) for _ in range(5)]
    await storage.switch(person := await storage.person(), active=True)
    await storage.delivered(person)
    posted.note_of_letter(posted.letter, lambda delivery: delivery.posted(datetime(2026, 3, 2, tzinfo=UTC)))
    failed.note_of_letter(failed.letter, lambda delivery: delivery.failed("no_usable_address", datetime(2026, 3, 2, tzinfo=UTC)))
    called_off.note_of_letter(
        called_off.letter, lambda delivery: delivery.called_off("document_withdrawn", datetime(2026, 3, 2, tzinfo=UTC))
    )
    for document in (posted, failed, called_off):
        await storage.documents.save(document)
    count, oldest = await storage.documents.letters_waiting_since(utc_now() + timedelta(days=1))
    assert (count, oldest.id) == (2, min(silent, later, key=lambda document: document.source.ordered_at).id)
    assert await storage.documents.letters_waiting_since(silent.decision.at) == (0, None)


async def test_what_is_stuck_is_found_in_parts_the_longest_stuck_first(storage):
    documents = [await storage.delivered(await storage.person()) for _ in range(5)]
    for document, day in zip(documents, (3, 1, 2, 2, 2), strict=True):
        document.note_return(document.letter, "moved", datetime(2026, 3, day, tzinfo=UTC))
        await storage.documents.save(document)
    found, after = [], None
    while part := await storage.documents.stuck(after=after, limit=2):
        found += [document.id for document in part]
        after = part[-1].stuck_since, part[-1].id
    same_day = sorted(document.id for document in documents[2:])
    assert found == [documents[1].id, *same_day, documents[0].id]
    assert await storage.documents.how_many_are_stuck() == 5
    assert [document.id for document in await storage.documents.stuck_of(documents[0].insured)] == [documents[0].id]


async def test_a_large_file_that_was_altered_breaks_off_before_its_end(storage):
    pdf = random.randbytes(600_000)
    document = await storage.delivered(await storage.person(), pdf=pdf)
    assert b"".join([piece async for piece in await storage.archive.open(document)]) == pdf
    chunks = storage.kernel.database["pdfs.chunks"]
    await chunks.update_one({"files_id": document.pdf.blob, "n": 2}, {"$set": {"data": random.randbytes(600_000 % (255 * 1024))}})
    pieces = await storage.archive.open(document)
    assert pdf.startswith(first := await anext(pieces))
    assert 0 < len(first) < 255 * 1024
    with pytest.raises(ArchiveDamaged):
        await anext(pieces)


REFUSAL = ClosingLetter(
    procedure_reference="P-7F3K-2M9Q", procedure_kind=ProcedureKind.BANK_DETAILS_CHANGE, decided_on=date(2026, 3, 2), reason="Not yours."
)
"""A document of a class with a deadline."""


async def test_each_letter_of_a_document_is_found_and_no_other_document_can_have_it(storage):
    person = await storage.person()
    document = await storage.delivered(person)
    home = await storage.recipients.get(person)
    await storage.recipients.keep(replace(home, revision=2, address=HOME.model_copy(update={"lines": ("3, Um Weier",)})))
    document.note_return(document.letter, "moved", utc_now())
    assert await storage.again(document)
    await storage.documents.save(document)
    first, second = document.letters
    assert await storage.documents.by_letter(first) == await storage.documents.by_letter(second) == document
    other = await storage.delivered(person)
    other.letters = (*other.letters, second)
    with pytest.raises(DuplicateKeyError):
        await storage.documents.save(other)


async def test_replicas_that_look_at_unread_documents_while_they_are_opened_order_one_letter_or_none(storage):
    person = await storage.person()
    await storage.switch(person, active=True)
    documents = [await storage.delivered(person, content=REFUSAL) for _ in range(12)]
    later = [timedelta(0)]
    watches = [
        WatchUnread(storage.documents, storage.recipients, storage.again, DEFAULT_LADDERS, lambda: utc_now() + later[0]) for _ in range(3)
    ]

    async def opens(document):
        stored = await storage.documents.get(document.id)
        await noted(storage.documents, stored, lambda opened: opened.note_opening(utc_now(), OpenedBy.SELF))

    for days in (4, 8, 11.5):
        later[0] = timedelta(days=days)
        openers = [opens(document) for document in documents[:6]] if days > 10 else []
        await asyncio.gather(*(watch() for watch in watches), *openers)
        await asyncio.gather(*(watch() for watch in watches))
    for number, document in enumerate(documents):
        stored = await storage.documents.get(document.id)
        told = await storage.kernel.database["documents"].find_one({"_id": document.id}, {"outbox": 1})
        assert stored.reminders == 2
        assert len(told["outbox"]) == 1 + 2 + len(stored.letters or ()), "each step was told once"
        assert (stored.first_opened_at is not None) is (number < 6)
        if number >= 6 or stored.letters:
            (letter,) = stored.letters
            assert letter == stored.last.letter
    assert await storage.documents.unread_due(utc_now() + timedelta(days=90), 10) == []


async def test_a_bounce_before_the_decision_takes_effect_and_one_after_it_holds_from_the_next_one(storage):
    person = await storage.person()
    await storage.switch(person, active=True)
    note = NoteContact(storage.preferences, storage.recipients, storage.deliver_stuck.of)

    async def bounces(revision):
        await note(person, lambda contact: contact.bounce(revision, utc_now()))

    document = await storage.delivered(person, just_before_storing=lambda: bounces(1))
    assert (document.channel, document.decision.contact_bounced) == (Channel.EDELIVERY, 0)
    await note(person, lambda contact: contact.confirm(2, utc_now()))
    document = await storage.delivered(person, during_rendering=lambda: bounces(2))
    assert (document.channel, document.decision.contact_bounced) == (Channel.POST, 2)


async def test_everything_that_was_sent_to_a_person_is_listed_part_by_part(storage):
    person = await storage.person()
    documents = []
    for number in range(5):
        await storage.switch(person, active=number % 2 == 0)
        documents.append(await storage.delivered(person))
    first = await storage.documents.sent_to(person, after=None, limit=3)
    rest = await storage.documents.sent_to(person, after=first[-1], limit=3)
    assert [document.id for document in (*first, *rest)] == [document.id for document in reversed(documents)]
