from __future__ import annotations

from uuid import UUID

from espace_contracts.event import Event
from espace_contracts.events.procedure_closed_v1 import DocumentOrder
from espace_contracts.topics import PROCEDURES
from espace_contracts.vocabulary import Locale, ProcedureId


class DocumentOrdered(Event, type="lu.cns.espace.procedure.document_ordered.v1", topic=PROCEDURES, subject="order"):
    """A step of a procedure, other than its closing, leads to a document. Written once per order."""

    order: UUID
    procedure: ProcedureId
    document: DocumentOrder
    locale: Locale
