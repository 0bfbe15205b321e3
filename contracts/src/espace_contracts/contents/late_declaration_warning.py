from __future__ import annotations

from datetime import date
from typing import Literal

from espace_contracts.vocabulary import DocumentType, Value


class LateDeclarationWarning(Value):
    """Warning of a late declaration of sick leave (document 9)."""

    type: Literal[DocumentType.LATE_DECLARATION_WARNING] = DocumentType.LATE_DECLARATION_WARNING
    absent_from: date
    due_on: date
    received_on: date
