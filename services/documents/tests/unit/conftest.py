"""The service with everything outside of it in memory: a store that keeps what was saved, a typesetter that writes one line."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from espace_contracts.contents import BankAccountChange, ClosingLetter, DocumentContent, SubmissionReceipt
from espace_contracts.vocabulary import Channel, InsuredId, Locale, PostalAddress, ProcedureKind
from espace_documents.app.archive_document import ArchiveDocument
from espace_documents.app.deliver_again import DeliverAgain
from espace_documents.app.deliver_document import DeliverDocument
from espace_documents.app.deliver_in_their_language import DeliverInTheirLanguage
from espace_documents.app.deliver_stuck import DeliverStuck
from espace_documents.app.deliver_what_was_ordered import DeliverWhatWasOrdered
from espace_documents.app.erase_person import ErasePerson
from espace_documents.app.get_document import GetDocument
from espace_documents.app.get_letter import GetLetter
from espace_documents.app.keep_recipient import KeepRecipient
from espace_documents.app.list_documents import ListDocuments
from espace_documents.app.note_call_off import NoteCallOff
from espace_documents.app.note_contact import NoteContact
from espace_documents.app.note_dispatch import NoteDispatch
from espace_documents.app.note_letter_failure import NoteLetterFailure
from espace_documents.app.note_notice import NoteNotice
from espace_documents.app.note_posting import NotePosting
from espace_documents.app.note_return import NoteReturn
from espace_documents.app.open_letter import OpenLetter
from espace_documents.app.open_pdf import OpenPdf
from espace_documents.app.open_together import OpenTogether
from espace_documents.app.ports import ArchiveDamaged, RecipientErased, StuckPlace
from espace_documents.app.show_document import ShowDocument
from espace_documents.app.switch_edelivery import SwitchEdelivery
from espace_documents.app.tell_evidence import TellEvidence
from espace_documents.app.typeset_address_sheet import TypesetAddressSheet
from espace_documents.app.verify_document import VerifyDocument
from espace_documents.app.watch_unread import WatchUnread
from espace_documents.app.withdraw_document import WithdrawDocument
from espace_documents.domain.document import Document
from espace_documents.domain.ladder import DEFAULT_LADDERS
from espace_documents.domain.order import Order, Source
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import Recipient
from espace_documents.domain.selection import Selection
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
        return next((document for document in self.all() if letter in (document.letters or ())), None)

    async def in_espace_of(self, insured: UUID, selection: Selection, *, after: Document | None, limit: int) -> list[Document]:
        selected = [document for document in self._received_by(insured) if _is_selected(document, selection)]
        newest_first = sorted(selected, key=_age, reverse=True)
        return [document for document in newest_first if after is None or _age(document) < _age(after)][:limit]

    async def unread_in_espace_of(self, insured: UUID) -> int:
        return len([document for document in self._received_by(insured) if document.unread and document.archived_at is None])

    def _received_by(self, insured: UUID) -> list[Document]:
        received = [document for document in self.all() if document.insured == insured and document.channel is Channel.EDELIVERY]
        return [document for document in received if document.erased_at is None]

    async def letters_waiting_since(self, moment: datetime) -> tuple[int, Document | None]:
        waiting = [
            document
            for document in sorted(self.all(), key=lambda document: document.pdf.rendered_at)
            if document.letter
            and document.last.decision.at < moment
            and not (document.last.posted_at or document.last.failed_at or document.last.called_off_at or document.erased_at)
        ]
        return len(waiting), waiting[0] if waiting else None

    async def sent_to(self, insured: UUID, *, after: Document | None, limit: int) -> list[Document]:
        sent = sorted([each for each in await self.all_of(insured) if each.erased_at is None], key=_order_of, reverse=True)
        return [document for document in sent if after is None or _order_of(document) < _order_of(after)][:limit]

    async def unread_due(self, now: datetime, limit: int) -> list[Document]:
        return [document for document in self.all() if document.unread_due_at and document.unread_due_at <= now][:limit]

    async def stuck(self, *, after: StuckPlace | None = None, limit: int = 100) -> list[Document]:
        stuck = [document for document in self.all() if document.stuck_since]
        longest_first = sorted(stuck, key=lambda document: (document.stuck_since, document.id))
        return [document for document in longest_first if after is None or (document.stuck_since, document.id) > after][:limit]

    async def stuck_of(self, insured: UUID) -> list[Document]:
        return [document for document in await self.stuck() if document.insured == insured]

    async def how_many_are_stuck(self) -> int:
        return len([document for document in self.all() if document.stuck_since])

    async def refer_to(self, blob: UUID) -> bool:
        return any(document.pdf.blob == blob and document.erased_at is None for document in self.all())

    async def all_of(self, insured: UUID) -> list[Document]:
        return [document for document in self.all() if document.insured == insured]


def _is_selected(document: Document, selection: Selection) -> bool:
    assert document.available_at is not None
    return (
        selection.archived is (document.archived_at is not None)
        and (not selection.types or document.type in selection.types)
        and (selection.since is None or document.available_at >= selection.since)
        and (selection.before is None or document.available_at < selection.before)
        and (document.unread or not selection.unread)
        and all(any(word.startswith(beginning) for word in document.words) for beginning in selection.words)
    )


def _order_of(document: Document) -> tuple[datetime, UUID]:
    return document.source.ordered_at, document.id


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

    async def erase(self, insured: UUID) -> None:
        self.by_id.pop(insured, None)


class RecipientsInMemory(dict[UUID, Recipient]):
    def __init__(self) -> None:
        super().__init__()
        self.forgotten: set[UUID] = set()

    async def keep(self, recipient: Recipient) -> bool:
        known = await self.get(recipient.id)
        if recipient.id in self.forgotten or (known is not None and known.revision >= recipient.revision):
            return False
        moved = known is None or known.address != recipient.address
        self[recipient.id] = replace(recipient, address_revision=recipient.revision if moved else known.address_revision)
        return known is not None and moved

    async def get(self, insured: UUID) -> Recipient | None:
        return dict.get(self, insured)

    async def erase(self, insured: UUID) -> None:
        self.pop(insured, None)
        self.forgotten.add(insured)

    async def erased(self, insured: UUID) -> bool:
        return insured in self.forgotten


class KeysInMemory:
    """Who was erased, when, and whether that is settled."""

    def __init__(self) -> None:
        self.erased_at: dict[UUID, datetime] = {}
        self.settled: set[UUID] = set()

    async def erase(self, insured: UUID, at: datetime) -> None:
        self.erased_at.setdefault(insured, at)

    async def erased_and_unsettled(self, before: datetime, limit: int) -> list[UUID]:
        return [insured for insured, at in self.erased_at.items() if at < before and insured not in self.settled][:limit]

    async def settle(self, insured: UUID, at: datetime) -> None:
        self.settled.add(insured)


class ArchiveInMemory:
    def __init__(self, keys: KeysInMemory, now: Callable[[], datetime]) -> None:
        self.files: dict[UUID, bytes] = {}
        self.stored_at: dict[UUID, datetime] = {}
        self._keys, self._now = keys, now

    async def put(self, pdf: bytes, document: UUID, recipient: UUID) -> UUID:
        if recipient in self._keys.erased_at:
            raise RecipientErased
        blob = uuid4()
        self.files[blob], self.stored_at[blob] = pdf, self._now()
        return blob

    async def open(self, document: Document) -> AsyncIterator[bytes]:
        if document.insured in self._keys.erased_at:
            raise RecipientErased
        if document.pdf.blob not in self.files:
            raise ArchiveDamaged
        return self._pieces_of(self.files[document.pdf.blob])

    async def _pieces_of(self, pdf: bytes) -> AsyncIterator[bytes]:
        yield pdf[:5]
        yield pdf[5:]

    async def older_than(self, moment: datetime) -> AsyncIterator[UUID]:
        for blob in [blob for blob, at in self.stored_at.items() if at < moment]:
            yield blob

    async def delete(self, blob: UUID) -> None:
        del self.files[blob], self.stored_at[blob]


@dataclass
class Typesetter:
    """Writes one line. `meanwhile` is what happens while it does; it refuses the holders in `refuses`."""

    made: list[Order] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[None]] = nothing
    refuses: set[str] = field(default_factory=set)
    title: str = "Your new account"

    async def __call__(self, order: Order, recipient: Recipient) -> Any:
        await self.meanwhile()
        if getattr(order.content, "holder", None) in self.refuses:
            raise NeverWorks("The field 'holder' cannot be printed.")
        self.made.append(order)
        pdf = f"%PDF of {order.reference} to {recipient.name}".encode()
        return SimpleNamespace(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest(), pages=2, title=self.title)

    async def address_sheet(self, letter: UUID, document: Document, recipient: Recipient) -> Any:
        assert recipient.address is not None
        return SimpleNamespace(pdf=f"%PDF {letter} {recipient.address.lines}".encode())


class Service:
    """The use cases over memory. `clock` goes on by a second with each look."""

    def __init__(self) -> None:
        self.clock, self.keys = NOON, KeysInMemory()
        self.documents, self.preferences, self.recipients = DocumentsInMemory(), PreferencesInMemory(), RecipientsInMemory()
        self.archive, self.typesetter = ArchiveInMemory(self.keys, self.now), Typesetter()
        self.deliver = DeliverDocument(
            documents=self.documents,
            recipients=self.recipients,
            preferences=self.preferences,
            archive=self.archive,
            renderer=self.typesetter,
            ladders=DEFAULT_LADDERS,
            now=self.now,
        )
        self.again = DeliverAgain(self.recipients, self.preferences, DEFAULT_LADDERS, self.now)
        self.deliver_stuck = DeliverStuck(self.documents, self.again)
        self.keep_recipient = KeepRecipient(self.recipients, self.deliver_stuck.of)
        self.deliver_what_was_ordered = DeliverWhatWasOrdered(self.deliver)
        self.deliver_in_their_language = DeliverInTheirLanguage(self.recipients, self.deliver)
        self.switch = SwitchEdelivery(self.preferences, self.recipients, self.deliver_stuck.of, self.now)
        self.get = GetDocument(self.documents)
        self.show = ShowDocument(self.get)
        self.list = ListDocuments(self.get, self.documents, self.show)
        self.sort = ArchiveDocument(self.get, self.documents, self.now)
        self.open = OpenPdf(self.get, self.documents, self.archive, self.now)
        self.open_together = OpenTogether(self.get, self.open)
        self.get_letter = GetLetter(self.documents, self.recipients)
        self.open_letter = OpenLetter(self.documents, self.archive)
        self.typeset_address_sheet = TypesetAddressSheet(self.get_letter, self.typesetter.address_sheet, self.documents)
        self.note_posting = NotePosting(self.documents)
        self.note_dispatch = NoteDispatch(self.documents)
        self.note_return = NoteReturn(self.documents, self.again)
        self.note_letter_failure = NoteLetterFailure(self.documents)
        self.note_call_off = NoteCallOff(self.documents)
        self.note_notice = NoteNotice(self.documents)
        self.note_contact = NoteContact(self.preferences, self.recipients, self.deliver_stuck.of)
        self.watch_unread = WatchUnread(self.documents, self.recipients, self.again, DEFAULT_LADDERS, self.now)
        self.tell_evidence = TellEvidence(self.documents, self.recipients)
        self.verification_key = ec.generate_private_key(ec.SECP256R1())
        self.verify = VerifyDocument(self.documents, self.verification_key.public_key())
        self.withdraw = WithdrawDocument(self.documents, self.now)
        self.erase = ErasePerson(
            keys=self.keys, recipients=self.recipients, preferences=self.preferences, documents=self.documents, now=self.now
        )

    def now(self) -> datetime:
        self.clock += timedelta(seconds=1)
        return self.clock

    def knows(self, *, deceased: bool = False, address: bool = True) -> InsuredId:
        """A person on file."""
        person = a_recipient(deceased=deceased, address=address)
        self.recipients[person.id] = person
        return person.id

    async def moves(self, insured: InsuredId, *, to: str | None) -> None:
        """The fund records another address, or that there is none."""
        known = self.recipients[insured]
        address = PostalAddress(lines=(to,), country="LU") if to else None
        await self.keep_recipient(replace(known, revision=known.revision + 1, address=address))

    async def records(self, insured: InsuredId, *, deceased: bool, revision: int | None = None) -> None:
        """The fund records that the person has died, or that they live after all."""
        known = self.recipients[insured]
        await self.keep_recipient(replace(known, revision=revision or known.revision + 1, deceased=deceased))

    async def delivered(self, insured: InsuredId, content: DocumentContent | None = None) -> Document:
        """A document made for this person now."""
        order = an_order(insured)
        if content is not None:
            order = replace(order, content=content)
        await self.deliver(order)
        document: Document = await self.documents.get(order.document)
        return document


A_REFUSAL = ClosingLetter(
    procedure_reference="P-7F3K-2M9Q", procedure_kind=ProcedureKind.BANK_DETAILS_CHANGE, decided_on=date(2026, 3, 2), reason="Not yours."
)
"""A document of a class with a deadline."""
A_RECEIPT = SubmissionReceipt(
    procedure_reference="P-7F3K-2M9Q", procedure_kind=ProcedureKind.BANK_DETAILS_CHANGE, submitted_at=NOON, submission=1, answers=()
)


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
