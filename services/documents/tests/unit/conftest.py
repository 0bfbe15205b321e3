"""The service with everything outside of it in memory: a store that keeps what was saved, a typesetter that writes one line."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from espace_contracts.contents import BankAccountChange
from espace_contracts.vocabulary import Channel, DocumentType, InsuredId, Locale, PostalAddress
from espace_documents.app.deliver_document import DeliverDocument
from espace_documents.app.deliver_what_was_ordered import DeliverWhatWasOrdered
from espace_documents.app.get_document import GetDocument
from espace_documents.app.get_letter import GetLetter
from espace_documents.app.list_documents import ListDocuments
from espace_documents.app.note_letter_failure import NoteLetterFailure
from espace_documents.app.note_posting import NotePosting
from espace_documents.app.open_letter import OpenLetter
from espace_documents.app.open_pdf import OpenPdf
from espace_documents.app.ports import ArchiveDamaged
from espace_documents.app.switch_edelivery import SwitchEdelivery
from espace_documents.app.typeset_address_sheet import TypesetAddressSheet
from espace_documents.domain.document import Document, Order, Source
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import Recipient
from espace_kernel.outcomes import NeverWorks, VersionConflict

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


async def nothing(*_: object) -> None:
    """What happens in between unless a test says otherwise."""


class Kept:
    """Aggregates as the store keeps them: copies, versions, and what was told."""

    def __init__(self) -> None:
        self.by_id: dict[UUID, Any] = {}
        self.told: list[object] = []
        self.before_add: Callable[[Any], Awaitable[None]] = nothing
        self.before_save: Callable[[Any], Awaitable[None]] = nothing

    async def add(self, aggregate: Any) -> bool:
        await self.before_add(aggregate)
        if aggregate.id in self.by_id:
            return False
        self._keep(aggregate, 1)
        return True

    async def save(self, aggregate: Any) -> None:
        await self.before_save(aggregate)
        if self.by_id[aggregate.id].version != aggregate.version:
            raise VersionConflict("Somebody else was faster.")
        self._keep(aggregate, aggregate.version + 1)

    async def get(self, aggregate_id: UUID) -> Any:
        return copy.deepcopy(self.by_id.get(aggregate_id))

    def _keep(self, aggregate: Any, version: int) -> None:
        aggregate.version = version
        self.told += aggregate.recorded
        aggregate.recorded.clear()
        self.by_id[aggregate.id] = copy.deepcopy(aggregate)

    def all(self) -> list[Any]:
        return [copy.deepcopy(aggregate) for aggregate in self.by_id.values()]


class DocumentsInMemory(Kept):
    async def by_letter(self, letter: UUID) -> Document | None:
        return next((document for document in self.all() if document.letter == letter), None)

    async def in_espace_of(self, insured: UUID, only: DocumentType | None, *, after: Document | None, limit: int) -> list[Document]:
        received = [
            document
            for document in self.all()
            if document.insured == insured and document.channel is Channel.EDELIVERY and only in (None, document.type)
        ]
        newest_first = sorted(received, key=_age, reverse=True)
        return [document for document in newest_first if after is None or _age(document) < _age(after)][:limit]

    async def letters_waiting_since(self, moment: datetime) -> list[Document]:
        return [
            document
            for document in sorted(self.all(), key=lambda document: document.pdf.rendered_at)
            if document.letter_requested_at and document.letter_requested_at < moment and not (document.posted_at or document.failed_at)
        ]

    async def referred_blobs(self) -> set[UUID]:
        return {document.pdf.blob for document in self.all()}


def _age(document: Document) -> tuple[datetime, UUID]:
    assert document.available_at is not None
    return document.available_at, document.id


class PreferencesInMemory(Kept):
    async def of(self, insured: UUID) -> Preference:
        return await self.get(insured) or Preference(id=insured)

    async def save(self, preference: Preference) -> None:
        await self.before_save(preference)
        if preference.version == 0:
            if not await self.add(preference):
                raise VersionConflict("Somebody else was faster.")
        else:
            await super().save(preference)


class RecipientsInMemory(dict[UUID, Recipient]):
    async def keep(self, recipient: Recipient) -> None:
        self[recipient.id] = recipient

    async def get(self, insured: UUID) -> Recipient | None:
        return dict.get(self, insured)


class ArchiveInMemory:
    def __init__(self, now: Callable[[], datetime]) -> None:
        self.files: dict[UUID, bytes] = {}
        self.stored_at: dict[UUID, datetime] = {}
        self._now = now

    async def put(self, pdf: bytes) -> UUID:
        blob = uuid4()
        self.files[blob], self.stored_at[blob] = pdf, self._now()
        return blob

    async def open(self, document: Document) -> AsyncIterator[bytes]:
        if document.pdf.blob not in self.files:
            raise ArchiveDamaged
        return self._pieces_of(self.files[document.pdf.blob])

    async def _pieces_of(self, pdf: bytes) -> AsyncIterator[bytes]:
        yield pdf[:5]
        yield pdf[5:]

    async def older_than(self, moment: datetime) -> list[UUID]:
        return [blob for blob, at in self.stored_at.items() if at < moment]

    async def delete(self, blob: UUID) -> None:
        del self.files[blob], self.stored_at[blob]


@dataclass
class Typesetter:
    """Writes one line. `meanwhile` is what happens while it does; it refuses the holders in `refuses`."""

    made: list[Order] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] = nothing
    refuses: set[str] = field(default_factory=set)

    async def __call__(self, order: Order, recipient: Recipient) -> Any:
        await self.meanwhile()
        if getattr(order.content, "holder", None) in self.refuses:
            raise NeverWorks("The field 'holder' cannot be printed.")
        self.made.append(order)
        pdf = f"%PDF of {order.reference} to {recipient.name}".encode()
        return SimpleNamespace(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), pages=2, title="Your new account")

    async def address_sheet(self, document: Document, recipient: Recipient) -> Any:
        assert recipient.address is not None
        return SimpleNamespace(pdf=f"%PDF {document.letter} {recipient.address.lines}".encode())


class Service:
    """The use cases over memory. `clock` goes on by a second with each look."""

    def __init__(self) -> None:
        self.clock = NOON
        self.documents, self.preferences, self.recipients = DocumentsInMemory(), PreferencesInMemory(), RecipientsInMemory()
        self.archive, self.typesetter = ArchiveInMemory(self.now), Typesetter()
        self.deliver = DeliverDocument(
            documents=self.documents,
            recipients=self.recipients,
            preferences=self.preferences,
            archive=self.archive,
            renderer=self.typesetter,
            now=self.now,
        )
        self.deliver_what_was_ordered = DeliverWhatWasOrdered(self.deliver)
        self.switch = SwitchEdelivery(self.preferences, self.recipients, self.now)
        self.get = GetDocument(self.documents)
        self.list = ListDocuments(self.get, self.documents)
        self.open = OpenPdf(self.get, self.documents, self.archive, self.now)
        self.get_letter = GetLetter(self.documents, self.recipients)
        self.open_letter = OpenLetter(self.documents, self.archive)
        self.typeset_address_sheet = TypesetAddressSheet(self.get_letter, self.typesetter.address_sheet)
        self.note_posting = NotePosting(self.documents)
        self.note_letter_failure = NoteLetterFailure(self.documents)

    def now(self) -> datetime:
        self.clock += timedelta(seconds=1)
        return self.clock

    def knows(self, *, deceased: bool = False, address: bool = True) -> InsuredId:
        """A person on file."""
        person = a_recipient(deceased=deceased, address=address)
        self.recipients[person.id] = person
        return person.id

    async def delivered(self, insured: InsuredId) -> Document:
        """A document made for this person now."""
        order = an_order(insured)
        await self.deliver(order)
        document: Document = await self.documents.get(order.document)
        return document


def a_recipient(*, deceased: bool = False, address: bool = True, revision: int = 4) -> Recipient:
    return Recipient(
        id=InsuredId(uuid4()),
        revision=revision,
        name="Sophie Hoffmann",
        address=PostalAddress(lines=("14, rue de la Gare", "L-4571 Oberkorn"), country="LU") if address else None,
        locale=Locale.FRENCH,
        deceased=deceased,
    )


def an_order(recipient: UUID, holder: str = "Sophie Hoffmann", ordered_at: datetime = NOON, without_login: bool = False) -> Order:
    content = BankAccountChange(
        procedure_reference="P-7F3K-2M9Q",
        old_iban_masked=None,
        new_iban_masked="LU28 **** **** **** 0000",
        holder=holder,
        effective_on=date(2026, 3, 3),
    )
    source = Source(procedure=uuid4(), event=uuid4(), ordered_at=ordered_at)
    return Order(
        document=uuid4(),
        recipient=InsuredId(recipient),
        content=content,
        locale=Locale.GERMAN,
        source=source,
        without_login=without_login,
    )


@pytest.fixture
def service() -> Service:
    return Service()
