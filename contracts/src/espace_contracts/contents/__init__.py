"""What each type of document says: the contract between who orders a document and who renders it. One file a type."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from espace_contracts.contents.appointment_confirmation import AppointmentConfirmation
from espace_contracts.contents.appointment_not_cancelled import AppointmentNotCancelled
from espace_contracts.contents.bank_account_change import BankAccountChange
from espace_contracts.contents.cash_benefit_calculation import BenefitPeriod, CashBenefitCalculation
from espace_contracts.contents.closing_letter import ClosingLetter
from espace_contracts.contents.coinsurance_certificate import CertifiedCoinsurance, CoinsuranceCertificate
from espace_contracts.contents.direct_payment_statement import DirectlyPaidAct, DirectPayment, DirectPaymentStatement
from espace_contracts.contents.ehic_replacement_certificate import EhicReplacementCertificate
from espace_contracts.contents.entitlement_certificate import CertifiedPerson, EntitlementCertificate
from espace_contracts.contents.family_leave_certificate import CertifiedLeave, FamilyLeaveCertificate, LeaveBand
from espace_contracts.contents.household_sick_pay_notice import HouseholdSickPayNotice
from espace_contracts.contents.identification_number_missing import IdentificationNumberMissing, PaperKind
from espace_contracts.contents.joint_committee_notification import JointCommitteeNotification, Redeployment
from espace_contracts.contents.late_declaration_warning import LateDeclarationWarning
from espace_contracts.contents.payment_charge_change import AbsenceReason, Payer, PaymentChargeChange
from espace_contracts.contents.reimbursement_statement import ReimbursementStatement, StatementLine
from espace_contracts.contents.remuneration_certificate import PaidPeriod, RemunerationCertificate
from espace_contracts.contents.submission_receipt import SubmissionReceipt, SubmittedAnswer, SubmittedFile

BenefitContent = Annotated[
    CashBenefitCalculation
    | DirectPaymentStatement
    | FamilyLeaveCertificate
    | HouseholdSickPayNotice
    | IdentificationNumberMissing
    | JointCommitteeNotification
    | LateDeclarationWarning
    | PaymentChargeChange
    | RemunerationCertificate,
    Field(discriminator="type"),
]
"""What the fund tells of a benefit that has no event of its own."""

DocumentContent = Annotated[
    AppointmentConfirmation
    | AppointmentNotCancelled
    | BankAccountChange
    | CashBenefitCalculation
    | ClosingLetter
    | CoinsuranceCertificate
    | DirectPaymentStatement
    | EhicReplacementCertificate
    | EntitlementCertificate
    | FamilyLeaveCertificate
    | HouseholdSickPayNotice
    | IdentificationNumberMissing
    | JointCommitteeNotification
    | LateDeclarationWarning
    | PaymentChargeChange
    | ReimbursementStatement
    | RemunerationCertificate
    | SubmissionReceipt,
    Field(discriminator="type"),
]

__all__ = [
    "AbsenceReason",
    "AppointmentConfirmation",
    "AppointmentNotCancelled",
    "BankAccountChange",
    "BenefitContent",
    "BenefitPeriod",
    "CashBenefitCalculation",
    "CertifiedCoinsurance",
    "CertifiedLeave",
    "CertifiedPerson",
    "ClosingLetter",
    "CoinsuranceCertificate",
    "DirectPayment",
    "DirectPaymentStatement",
    "DirectlyPaidAct",
    "DocumentContent",
    "EhicReplacementCertificate",
    "EntitlementCertificate",
    "FamilyLeaveCertificate",
    "HouseholdSickPayNotice",
    "IdentificationNumberMissing",
    "JointCommitteeNotification",
    "LateDeclarationWarning",
    "LeaveBand",
    "PaidPeriod",
    "PaperKind",
    "Payer",
    "PaymentChargeChange",
    "Redeployment",
    "ReimbursementStatement",
    "RemunerationCertificate",
    "StatementLine",
    "SubmissionReceipt",
    "SubmittedAnswer",
    "SubmittedFile",
]
