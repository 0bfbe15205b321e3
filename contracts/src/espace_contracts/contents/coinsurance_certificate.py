from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Relation, Value


class CertifiedCoinsurance(Value):
    """One line of the certificate."""

    name: str
    matricule: str = Field(pattern=r"^[0-9]{13}$")
    relation: Relation
    since: date
    until: date | None = Field(description="None while it goes on")


class CoinsuranceCertificate(Value):
    """Certificate of co-insurance (document 6)."""

    type: Literal[DocumentType.COINSURANCE_CERTIFICATE] = DocumentType.COINSURANCE_CERTIFICATE
    procedure_reference: str
    principal_name: str
    principal_matricule: str = Field(pattern=r"^[0-9]{13}$")
    coinsured: tuple[CertifiedCoinsurance, ...] = Field(min_length=1)
    as_of: date
