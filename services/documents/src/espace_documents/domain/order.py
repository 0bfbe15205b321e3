"""What is to reach a recipient, where it comes from, and the file that it became."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from espace_contracts.contents import DocumentContent
from espace_contracts.vocabulary import BenefitId, DocumentId, InsuredId, Locale, ProcedureId, ReimbursementId, RunId
from espace_documents.domain.reference import reference_of

LUXEMBOURG = ZoneInfo("Europe/Luxembourg")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a document comes from: a procedure or a benefit, and the event that ordered it.

    `run`: the benefit is one of many that were settled at once.
    """

    event: UUID
    ordered_at: datetime
    procedure: ProcedureId | None = None
    benefit: BenefitId | ReimbursementId | None = None
    run: RunId | None = None

    @property
    def issued_on(self) -> date:
        """The date on the paper: the day of the order, in Luxembourg. The same for every try, so the file is the same too."""
        return self.ordered_at.astimezone(LUXEMBOURG).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """One document that is to reach one recipient. `document` derives from the event, so an order that is repeated is the same order.

    `without_login`: the procedure that leads to it was started by somebody who did not log in.
    """

    document: DocumentId
    recipient: InsuredId
    content: DocumentContent
    locale: Locale
    source: Source
    without_login: bool = False

    @property
    def reference(self) -> str:
        """The short name that the document will carry."""
        return reference_of(self.document)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pdf:
    """The archived file. `blob` is its id in the archive, `size` in bytes."""

    blob: UUID
    sha256: str
    size: int
    pages: int
    title: str
    rendered_at: datetime
