"""What the use cases need of the outside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from espace_contracts.vocabulary import DocumentId, DocumentType, InsuredId, LetterId
from espace_documents.domain.document import Document, Order
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import Recipient

Clock = Callable[[], datetime]


class ArchiveDamaged(Exception):
    """The archived file is gone, or is not the one that was archived."""


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

    async def in_espace_of(
        self, insured: InsuredId, only: DocumentType | None, *, after: Document | None, limit: int
    ) -> Sequence[Document]:
        """At most `limit` of what the person received by eDelivery, newest first: behind `after`, of one type if `only` names it."""

    async def letters_waiting_since(self, moment: datetime) -> Sequence[Document]:
        """Documents whose letter was requested before this moment and neither posted nor failed, oldest first."""

    async def referred_blobs(self) -> set[UUID]:
        """The ids of all files that documents refer to."""


class Recipients(Protocol):
    """The fund's file on persons, as far as it is known here."""

    async def keep(self, recipient: Recipient) -> None:
        """Remember a person's file unless a later revision is known."""

    async def get(self, insured: InsuredId) -> Recipient | None:
        """The latest revision known."""


class Preferences(Protocol):
    """What persons chose."""

    async def of(self, insured: InsuredId) -> Preference:
        """The person's choice; one without a switch when they never chose."""

    async def save(self, preference: Preference) -> None:
        """Store it with its event. Raises VersionConflict when somebody else saved it since it was loaded."""


class Archive(Protocol):
    """The files themselves. Written once, never changed."""

    async def put(self, pdf: bytes) -> UUID:
        """Store a file; its id."""

    async def open(self, document: Document) -> AsyncIterator[bytes]:
        """The document's file, piece by piece; the last piece comes once the hash is proven.

        Raises ArchiveDamaged: at once when the file is gone, or of one piece and altered; with a later piece otherwise.
        """

    async def older_than(self, moment: datetime) -> Iterable[UUID]:
        """The ids of the files stored before this moment."""

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

    async def __call__(self, document: Document, recipient: Recipient) -> RenderedPdf:
        """The sheet with the recipient's address. Raises NeverWorks and RetryLater as Renderer does."""
