from __future__ import annotations

from datetime import date
from typing import Literal

from espace_contracts.vocabulary import DocumentType, ProcedureKind, Value


class ClosingLetter(Value):
    """Why the fund refused a procedure, in the fund's words."""

    type: Literal[DocumentType.CLOSING_LETTER] = DocumentType.CLOSING_LETTER
    procedure_reference: str
    procedure_kind: ProcedureKind
    decided_on: date
    reason: str
