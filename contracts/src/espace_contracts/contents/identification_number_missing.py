from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class PaperKind(StrEnum):
    """What was sent to the fund."""

    CERTIFICATE = "certificate"
    INVOICE = "invoice"


class IdentificationNumberMissing(Value):
    """Information that a paper sent to the fund lacks the identification number (document 10)."""

    type: Literal[DocumentType.IDENTIFICATION_NUMBER_MISSING] = DocumentType.IDENTIFICATION_NUMBER_MISSING
    paper: PaperKind
    received_on: date
    issued_by: str = Field(description="who made the paper, as far as it can be read")
    issued_on: date | None
