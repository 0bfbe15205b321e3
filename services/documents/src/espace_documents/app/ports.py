"""What the use cases need of the outside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from espace_contracts.vocabulary import DocumentId, InsuredId, LetterId
from espace_documents.domain.document import Document
from espace_documents.domain.order import Order
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import Recipient
from espace_documents.domain.selection import Selection
from espace_kernel.outcomes import NeverWorks, RetryLater

Clock = Callable[[], datetime]
StuckPlace = tuple[datetime, DocumentId]
"""A place in the list of what is stuck: since when, and which."""


class ArchiveDamaged(Exception):
    """The archived file is gone, or is not the one that was archived; or the key that opens it is."""


class ArchiveLocked(RetryLater):
    """A master key of the archive is not among the secrets: what it guards stays closed until it is put back."""


class RecipientErased(NeverWorks):
    """The recipient was erased: nothing can be archived for them any more, and nothing of theirs can be read."""

    def __init__(self) -> None:
        super().__init__("The recipient was erased, so nothing is delivered to them here. Discard this; the fund answers by other means.")


class Documents(Protocol):
    """Every document that was rendered."""

    async def add(self, document: Document) -> bool:
        """Store a new document with its event. False when it is there already."""

    async def save(self, document: Document) -> None:
        """Store what changed. Raises VersionConflict when somebody else saved it since it was loaded."""

    async def get(self, document_id: DocumentId) -> Document | None:
        """The document with this id, whoever receives it."""

    async def by_letter(self, letter: LetterId) -> Document | None:
        """The document that this letter brings."""

    async def in_espace_of(self, insured: InsuredId, selection: Selection, *, after: Document | None, limit: int) -> Sequence[Document]:
        """At most `limit` of the selected ones among what the person received by eDelivery, newest first: behind `after`."""

    async def unread_in_espace_of(self, insured: InsuredId) -> int:
        """How many nobody opened yet, of what the person received by eDelivery and did not put away."""

    async def sent_to(self, insured: InsuredId, *, after: Document | None, limit: int) -> Sequence[Document]:
        """At most `limit` of what was made for the person, by whichever channel, newest order first: behind `after`; none erased."""

    async def unread_due(self, now: datetime, limit: int) -> Sequence[Document]:
        """At most `limit` of those whose next step of the unread ladder is due, longest due first."""

    async def stuck(self, *, after: StuckPlace | None, limit: int) -> Sequence[Document]:
        """At most `limit` of those that are stuck, longest first: behind `after`."""

    async def stuck_of(self, insured: InsuredId) -> Sequence[Document]:
        """Those of one person that are stuck, longest first."""

    async def how_many_are_stuck(self) -> int:
        """All of them."""

    async def letters_waiting_since(self, moment: datetime) -> tuple[int, Document | None]:
        """How many documents have a letter that was requested before this moment and neither posted, nor failed, nor called off, and the
        oldest of them; none of erased persons."""

    async def refer_to(self, blob: UUID) -> bool:
        """Whether there is a document with this file, whose recipient was not erased."""

    async def all_of(self, insured: InsuredId) -> Sequence[Document]:
        """Every document that was made for the person, whatever became of it."""


class Recipients(Protocol):
    """The fund's file on persons, as far as it is known here."""

    async def keep(self, recipient: Recipient) -> bool:
        """Remember a person's file unless a later revision is known, or the person was erased. True when it brings another address."""

    async def get(self, insured: InsuredId) -> Recipient | None:
        """The latest revision known; None of who was erased."""

    async def erase(self, insured: InsuredId) -> None:
        """Forget the person's file, and keep none of theirs any more."""

    async def erased(self, insured: InsuredId) -> bool:
        """Whether the person's file was erased."""


class Preferences(Protocol):
    """What persons chose."""

    async def of(self, insured: InsuredId) -> Preference:
        """The person's choice; one without a switch when they never chose."""

    async def save(self, preference: Preference) -> None:
        """Store it with its event. Raises VersionConflict when somebody else saved it since it was loaded."""

    async def erase(self, insured: InsuredId) -> None:
        """Forget what the person chose, and when."""


class Keys(Protocol):
    """A key a person, without which nothing archived for them can be read."""

    async def erase(self, insured: InsuredId, at: datetime) -> None:
        """Delete the person's key, and let none be made for them ever after. Nothing when that was done before."""

    async def erased_and_unsettled(self, before: datetime, limit: int) -> Sequence[InsuredId]:
        """At most `limit` of those who were erased before this moment and are not settled yet."""

    async def settle(self, insured: InsuredId, at: datetime) -> None:
        """Nothing that began before the erasure can still be under way."""


class Archive(Protocol):
    """The files themselves, encrypted. Written once, never changed."""

    async def put(self, pdf: bytes, document: DocumentId, recipient: InsuredId) -> UUID:
        """Store a file; its id. Raises RecipientErased, ArchiveLocked, NeverWorks."""

    async def open(self, document: Document) -> AsyncIterator[bytes]:
        """The document's file, piece by piece; the last piece comes once the hash is proven.

        Raises ArchiveDamaged: at once when the file is gone, or of one piece and altered; with a later piece otherwise. Raises
        RecipientErased and ArchiveLocked at once.
        """

    def older_than(self, moment: datetime) -> AsyncIterator[UUID]:
        """The ids of the files stored before this moment, read bit by bit."""

    async def delete(self, blob: UUID) -> None:
        """Remove a file."""


class RenderedPdf(Protocol):
    """A typeset document."""

    @property
    def pdf(self) -> bytes:
        """The file."""

    @property
    def sha256(self) -> str:
        """Of the file, in lower-case hexadecimal."""

    @property
    def pages(self) -> int:
        """How many sheets' sides it fills."""

    @property
    def title(self) -> str:
        """The subject, in the document's language."""


class Renderer(Protocol):
    """Typesets documents."""

    async def __call__(self, order: Order, recipient: Recipient) -> RenderedPdf:
        """The document that was ordered. Raises NeverWorks when it can never be typeset, RetryLater when it may be later."""


class AddressSheets(Protocol):
    """Typesets what is put before a letter."""

    async def __call__(self, letter: LetterId, document: Document, recipient: Recipient) -> RenderedPdf:
        """The sheet with the recipient's address. Raises NeverWorks and RetryLater as Renderer does."""
