from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class BankAccountChange(Value):
    """Confirmation of change of bank account (document 12). Account numbers are masked before they come here."""

    type: Literal[DocumentType.BANK_ACCOUNT_CHANGE] = DocumentType.BANK_ACCOUNT_CHANGE
    procedure_reference: str
    old_iban_masked: str | None = Field(description="None when the fund had no account on file")
    new_iban_masked: str
    holder: str
    bic: str | None = None
    effective_on: date
