"""What each type of document says: the contract between who orders a document and who renders it. One file a type."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from espace_contracts.contents.bank_account_change import BankAccountChange
from espace_contracts.contents.closing_letter import ClosingLetter
from espace_contracts.contents.ehic_replacement_certificate import EhicReplacementCertificate

DocumentContent = Annotated[BankAccountChange | ClosingLetter | EhicReplacementCertificate, Field(discriminator="type")]

__all__ = ["BankAccountChange", "ClosingLetter", "DocumentContent", "EhicReplacementCertificate"]
