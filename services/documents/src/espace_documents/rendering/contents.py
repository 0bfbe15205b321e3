"""What each type of document says: its fields, and what each field must be before anything is typeset.

A field that is missing, unknown or not what it must be is refused by name; its value is never repeated, since it may be a person's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from espace_documents.rendering.readers import (
    Rule,
    Shape,
    address,
    cents,
    count,
    day,
    digits,
    fingerprint,
    first_of_month,
    line,
    masked_iban,
    minutes,
    moment,
    optional,
    rows,
    size,
    tally,
    text,
    working_day,
    year,
)
from espace_documents.rendering.request import JsonValue, RenderingRefused
from espace_documents.rendering.rules import difference, few_enough, in_order, total

Value = TypeVar("Value")

COINSURED: Shape = {"name": line, "matricule": digits(13), "relation": line, "since": day, "until": optional(day)}
CERTIFIED_PERSON: Shape = {"name": line, "date_of_birth": day, "matricule": digits(13)}
STATEMENT_LINE: Shape = {
    "patient_name": line,
    "supplier": line,
    "service_code": line,
    "service_on": day,
    "invoiced_cents": cents,
    "tariff_cents": cents,
    "participation_cents": cents,
    "refunded_cents": cents,
}
LEAVE: Shape = {
    "child_name": line,
    "date_of_birth": day,
    "band": line,
    "minutes_of_a_day": working_day,
    "entitled_minutes": minutes,
    "used_minutes": minutes,
    "pending_minutes": minutes,
    "remaining_minutes": minutes,
}
PAID_PERIOD: Shape = {"first_day": day, "last_day": day, "gross_cents": cents}
BENEFIT_PERIOD: Shape = {**PAID_PERIOD, "days": count, "daily_cents": cents}
ACT: Shape = {
    "patient_name": line,
    "act_code": line,
    "tariff_cents": cents,
    "fund_cents": cents,
    "patient_cents": cents,
    "conveniences_cents": cents,
}
DIRECT_PAYMENT: Shape = {
    "doctor": line,
    "paid_on": day,
    "transaction": line,
    "acts": rows(ACT, difference("patient_cents", "tariff_cents", "fund_cents")),
}
SUBMITTED_ANSWER: Shape = {"question": line, "answer": text}
SUBMITTED_FILE: Shape = {"role": line, "media_type": line, "size": size, "sha256": fingerprint}
APPOINTMENT: Shape = {
    "procedure_reference": line,
    "agency_name": line,
    "agency_address": address,
    "subject": line,
    "mode": line,
    "starts_at": moment,
    "cancel_until": moment,
}
"""What every document about an appointment says."""

SHAPES: Mapping[str, Shape] = {
    "bank_account_change": {
        "procedure_reference": line,
        "old_iban_masked": optional(masked_iban),
        "new_iban_masked": masked_iban,
        "holder": line,
        "bic": optional(line),
        "effective_on": day,
    },
    "ehic_replacement_certificate": {
        "procedure_reference": line,
        "holder_name": line,
        "holder_given_names": line,
        "date_of_birth": day,
        "matricule": digits(13),
        "institution_id": line,
        "institution_name": line,
        "card_number": digits(20),
        "card_expires_on": day,
        "valid_from": day,
        "valid_to": day,
        "destination": optional(line),
    },
    "coinsurance_certificate": {
        "procedure_reference": line,
        "principal_name": line,
        "principal_matricule": digits(13),
        "coinsured": rows(COINSURED),
        "as_of": day,
    },
    "entitlement_certificate": {
        "procedure_reference": line,
        "country": line,
        "form": line,
        "persons": rows(CERTIFIED_PERSON),
        "address_of_stay": optional(line),
        "institution_id": line,
        "institution_name": line,
        "valid_from": day,
        "valid_to": day,
    },
    "appointment_confirmation": {**APPOINTMENT, "minutes": count},
    "appointment_not_cancelled": {**APPOINTMENT, "asked_at": moment},
    "closing_letter": {
        "procedure_reference": line,
        "procedure_kind": line,
        "decided_on": day,
        "reason": text,
    },
    "payment_charge_change": {
        "reason": line,
        "employer": line,
        "old_payer": line,
        "new_payer": line,
        "effective_on": day,
        "days_counted": tally,
        "reference_from": day,
        "reference_to": day,
    },
    "late_declaration_warning": {
        "absent_from": day,
        "due_on": day,
        "received_on": day,
    },
    "identification_number_missing": {
        "paper": line,
        "received_on": day,
        "issued_by": line,
        "issued_on": optional(day),
    },
    "joint_committee_notification": {
        "file_reference": line,
        "decided_on": day,
        "decision": line,
        "effective_on": day,
        "benefits_end_on": optional(day),
        "reasons": text,
    },
    "household_sick_pay_notice": {
        "employee_name": line,
        "month": day,
        "absent_from": day,
        "absent_to": day,
        "request_reference": line,
    },
    "reimbursement_statement": {
        "reference": line,
        "settled_on": day,
        "paid_to_iban_masked": masked_iban,
        "participation_of_the_year_cents": optional(cents),
        "lines": rows(STATEMENT_LINE, difference("refunded_cents", "tariff_cents", "participation_cents")),
    },
    "family_leave_certificate": {
        "as_of": day,
        "children": rows(LEAVE, difference("remaining_minutes", "entitled_minutes", "used_minutes", at_least=0)),
    },
    "remuneration_certificate": {
        "year": year,
        "periods": rows(PAID_PERIOD, in_order("first_day", "last_day")),
        "gross_cents": cents,
        "health_cents": cents,
        "pension_cents": cents,
        "dependency_cents": cents,
        "taxable_cents": cents,
        "tax_cents": cents,
        "net_cents": cents,
        "tax_class": optional(line),
    },
    "cash_benefit_calculation": {
        "month": first_of_month,
        "basis_cents": cents,
        "periods": rows(BENEFIT_PERIOD, in_order("first_day", "last_day")),
        "gross_cents": cents,
        "contributions_cents": cents,
        "tax_cents": cents,
        "net_cents": cents,
        "paid_to_iban_masked": masked_iban,
    },
    "direct_payment_statement": {
        "reference": line,
        "from_day": day,
        "to_day": day,
        "payments": rows(DIRECT_PAYMENT),
    },
    "submission_receipt": {
        "procedure_reference": line,
        "procedure_kind": line,
        "submitted_at": moment,
        "submission": count,
        "answers": rows(SUBMITTED_ANSWER, at_least=0),
        "files": rows(SUBMITTED_FILE, at_least=0),
    },
    "address_sheet": {
        "letter_reference": line,
        "pages": count,
    },
}

RULES: Mapping[str, tuple[Rule, ...]] = {
    "remuneration_certificate": (
        total("gross_cents", "periods"),
        difference("net_cents", "gross_cents", "health_cents", "pension_cents", "dependency_cents", "tax_cents"),
    ),
    "cash_benefit_calculation": (
        total("gross_cents", "periods"),
        difference("net_cents", "gross_cents", "contributions_cents", "tax_cents"),
    ),
    "direct_payment_statement": (in_order("from_day", "to_day"), few_enough("payments", "acts")),
}


def read(document_type: str, content: Mapping[str, JsonValue]) -> dict[str, object]:
    """The content's fields as the template prints them. Raises RenderingRefused, naming the first field that is wrong."""
    shape = SHAPES.get(document_type)
    if shape is None:
        raise RenderingRefused(f"There is no document type {document_type!r}; known are {', '.join(SHAPES)}.")
    for name in content:
        if name not in shape:
            raise RenderingRefused(f"The document type {document_type} has no field {name!r}.")
    for name in shape:
        if name not in content:
            raise RenderingRefused(f"The field {name!r} of {document_type} is missing.")
    fields = {name: read_field(name, reader, content[name]) for name, reader in shape.items()}
    try:
        for rule in RULES.get(document_type, ()):
            rule(fields)
    except ValueError as error:
        raise RenderingRefused(f"The {document_type} has {error}.") from None
    return fields


def read_field(name: str, reader: Callable[[Value], object], value: Value) -> object:
    """One field. Raises RenderingRefused, which names it."""
    try:
        return reader(value)
    except ValueError as error:
        raise RenderingRefused(f"The field {name!r} {error}.") from None
