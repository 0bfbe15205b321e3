from __future__ import annotations

from pydantic import Field

from espace_contracts.contents import DocumentContent
from espace_contracts.event import Event
from espace_contracts.topics import PROCEDURES
from espace_contracts.vocabulary import InsuredId, Locale, Outcome, ProcedureId, ProcedureKind, Value


class DocumentOrder(Value):
    """One document that one recipient will receive."""

    recipient: InsuredId
    content: DocumentContent
    by_post: bool = Field(False, description="started without login: it goes to the address on file, by post alone")


class ProcedureClosed(Event, type="lu.cns.espace.procedure.closed.v1", topic=PROCEDURES, subject="procedure"):
    """The fund has decided; nothing more happens to this procedure. Written once per procedure."""

    procedure: ProcedureId
    kind: ProcedureKind
    outcome: Outcome
    documents: tuple[DocumentOrder, ...]
    locale: Locale
