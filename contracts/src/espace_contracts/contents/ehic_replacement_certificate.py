from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class EhicReplacementCertificate(Value):
    """Provisional replacement certificate of the European Health Insurance Card (document 4), after Decision S2 of 12 June 2009."""

    type: Literal[DocumentType.EHIC_REPLACEMENT_CERTIFICATE] = DocumentType.EHIC_REPLACEMENT_CERTIFICATE
    procedure_reference: str
    holder_name: str
    holder_given_names: str
    date_of_birth: date
    matricule: str = Field(pattern=r"^[0-9]{13}$")
    institution_id: str
    institution_name: str
    card_number: str = Field(pattern=r"^[0-9]{20}$")
    card_expires_on: date
    valid_from: date
    valid_to: date = Field(description="three months from issue at the CNS")
    destination: str | None = None
