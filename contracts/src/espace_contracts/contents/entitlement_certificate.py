from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, StayCountry, Value


class CertifiedPerson(Value):
    """One person whom the certificate covers."""

    name: str
    date_of_birth: date
    matricule: str = Field(pattern=r"^[0-9]{13}$")


class EntitlementCertificate(Value):
    """Certificate of entitlement to benefits during a temporary stay (document 5), under a bilateral agreement."""

    type: Literal[DocumentType.ENTITLEMENT_CERTIFICATE] = DocumentType.ENTITLEMENT_CERTIFICATE
    procedure_reference: str
    country: StayCountry
    form: str = Field(description="the name of the form under the agreement")
    persons: tuple[CertifiedPerson, ...] = Field(min_length=1)
    address_of_stay: str | None
    institution_id: str
    institution_name: str
    valid_from: date
    valid_to: date
