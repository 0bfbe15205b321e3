"""What each type of document says: the contract between who orders a document and who renders it. One file a type."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from espace_contracts.contents.appointment_confirmation import AppointmentConfirmation
from espace_contracts.contents.appointment_not_cancelled import AppointmentNotCancelled
from espace_contracts.contents.bank_account_change import BankAccountChange
from espace_contracts.contents.closing_letter import ClosingLetter
from espace_contracts.contents.coinsurance_certificate import CertifiedCoinsurance, CoinsuranceCertificate
from espace_contracts.contents.ehic_replacement_certificate import EhicReplacementCertificate
from espace_contracts.contents.entitlement_certificate import CertifiedPerson, EntitlementCertificate

DocumentContent = Annotated[
    AppointmentConfirmation
    | AppointmentNotCancelled
    | BankAccountChange
    | ClosingLetter
    | CoinsuranceCertificate
    | EhicReplacementCertificate
    | EntitlementCertificate,
    Field(discriminator="type"),
]

__all__ = [
    "AppointmentConfirmation",
    "AppointmentNotCancelled",
    "BankAccountChange",
    "CertifiedCoinsurance",
    "CertifiedPerson",
    "ClosingLetter",
    "CoinsuranceCertificate",
    "DocumentContent",
    "EhicReplacementCertificate",
    "EntitlementCertificate",
]
