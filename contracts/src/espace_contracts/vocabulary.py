"""The words the parts share. Closed lists are enums; their values are what travels and never change."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

InsuredId = NewType("InsuredId", UUID)
"""Internal id of an insured person. The matricule may change, so nothing is keyed by it."""
ProcedureId = NewType("ProcedureId", UUID)
DocumentId = NewType("DocumentId", UUID)
LetterId = NewType("LetterId", UUID)
"""One delivery of one document by post; a second delivery of the same document is another letter."""
PrintRunId = NewType("PrintRunId", UUID)
AttachmentId = NewType("AttachmentId", UUID)
MessageId = NewType("MessageId", UUID)
"""One message between a person and the fund about a procedure."""
ReimbursementId = NewType("ReimbursementId", UUID)
BenefitId = NewType("BenefitId", UUID)
RunId = NewType("RunId", UUID)
"""Many benefits that the fund settles at once, such as a night's reimbursements."""


class Locale(StrEnum):
    """The languages of the eSpace, by ISO 639-1."""

    FRENCH = "fr"
    GERMAN = "de"
    ENGLISH = "en"
    LUXEMBOURGISH = "lb"


class ProcedureKind(StrEnum):
    """The procedures of the catalogue, by their permanent code."""

    BANK_DETAILS_CHANGE = "bank_details_change"
    COINSURANCE_CERTIFICATE = "coinsurance_certificate"
    EHIC_REPLACEMENT_CERTIFICATE = "ehic_replacement_certificate"
    ENTITLEMENT_CERTIFICATE = "entitlement_certificate"
    AGENCY_APPOINTMENT = "agency_appointment"


class ProcedureStatus(StrEnum):
    """What the insured person reads beside a procedure: In preparation, Forwarded, To be corrected, Closed."""

    IN_PREPARATION = "in_preparation"
    FORWARDED = "forwarded"
    TO_BE_CORRECTED = "to_be_corrected"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How the fund decided a procedure."""

    APPROVED = "approved"
    REFUSED = "refused"


class DocumentType(StrEnum):
    """Every kind of document the fund issues, by its permanent code: also the name of its template's folder."""

    REIMBURSEMENT_STATEMENT = "reimbursement_statement"
    FAMILY_LEAVE_CERTIFICATE = "family_leave_certificate"
    REMUNERATION_CERTIFICATE = "remuneration_certificate"
    EHIC_REPLACEMENT_CERTIFICATE = "ehic_replacement_certificate"
    ENTITLEMENT_CERTIFICATE = "entitlement_certificate"
    COINSURANCE_CERTIFICATE = "coinsurance_certificate"
    CASH_BENEFIT_CALCULATION = "cash_benefit_calculation"
    PAYMENT_CHARGE_CHANGE = "payment_charge_change"
    LATE_DECLARATION_WARNING = "late_declaration_warning"
    IDENTIFICATION_NUMBER_MISSING = "identification_number_missing"
    JOINT_COMMITTEE_NOTIFICATION = "joint_committee_notification"
    BANK_ACCOUNT_CHANGE = "bank_account_change"
    APPOINTMENT_NOT_CANCELLED = "appointment_not_cancelled"
    HOUSEHOLD_SICK_PAY_NOTICE = "household_sick_pay_notice"
    DIRECT_PAYMENT_STATEMENT = "direct_payment_statement"
    APPOINTMENT_CONFIRMATION = "appointment_confirmation"
    CLOSING_LETTER = "closing_letter"
    SUBMISSION_RECEIPT = "submission_receipt"


class Relation(StrEnum):
    """What a family member is to the insured person."""

    SPOUSE = "spouse"
    PARTNER = "partner"
    CHILD = "child"


class StayCountry(StrEnum):
    """Where a certificate of entitlement is valid: four countries with an agreement of their own, and Quebec for students."""

    CAPE_VERDE = "cape_verde"
    QUEBEC = "quebec"
    BOSNIA_AND_HERZEGOVINA = "bosnia_and_herzegovina"
    TUNISIA = "tunisia"
    TURKEY = "turkey"


class AppointmentMode(StrEnum):
    """How a person meets the fund."""

    AT_AGENCY = "at_agency"
    VIDEO = "video"


class Channel(StrEnum):
    """The one way a document reaches its recipient."""

    EDELIVERY = "edelivery"
    POST = "post"


class NoticeMeans(StrEnum):
    """How a notice reaches a person."""

    EMAIL = "email"
    SMS = "sms"


class Value(BaseModel):
    """An immutable part of an event. Unknown fields are ignored, so that a newer writer can be read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class PostalAddress(Value):
    """Where the post reaches a person, line by line as it is printed; without the person's name."""

    lines: tuple[str, ...] = Field(min_length=1, max_length=5)
    country: str = Field(pattern=r"^[A-Z]{2}$", description="ISO 3166-1 alpha-2")


class ClaimCheck(Value):
    """A reference to bytes that do not travel: whoever may, fetches them from their owner and compares the hash."""

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1, description="bytes")
    media_type: str
