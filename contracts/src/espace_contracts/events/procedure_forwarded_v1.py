from __future__ import annotations

from pydantic import Field, JsonValue

from espace_contracts.event import Event
from espace_contracts.topics import PROCEDURES
from espace_contracts.vocabulary import AttachmentId, ClaimCheck, Locale, ProcedureId, ProcedureKind, Value


class AttachmentReference(Value):
    """A file the person attached; its bytes stay with procedures."""

    id: AttachmentId
    role: str = Field(description="what the file is for, a name of the procedure's definition such as bank_statement")
    file: ClaimCheck


class ProcedureForwarded(Event, type="lu.cns.espace.procedure.forwarded.v1", topic=PROCEDURES, subject="procedure"):
    """The person submitted, or submitted again after a correction. The fund's core systems decide on it."""

    procedure: ProcedureId
    kind: ProcedureKind
    submission: int = Field(ge=1, description="1 at first, one more after each correction")
    locale: Locale = Field(description="the person's, at submission")
    answers: dict[str, JsonValue] = Field(description="by the question names of the procedure's definition")
    attachments: tuple[AttachmentReference, ...]
    with_login: bool = Field(True, description="false: started by a direct link, and only as sure as what was typed")
