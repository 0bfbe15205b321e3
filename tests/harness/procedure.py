"""What a person wishes of the fund, and the procedure that comes of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from espace_embedded.demo.bank_statement import bank_statement
from espace_kernel.clock import utc_now

NEW_IBAN = "LU280019400644750000"
RECEIPT = "submission_receipt"
"""The type of document that every submission leads to by itself: what a test counts are the documents that come of the fund."""


@dataclass(frozen=True)
class Wish:
    """A procedure to be started: the answers to give, and the files to attach by their role."""

    kind: str
    answers: Mapping[str, str]
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Procedure:
    """A started procedure, as its person calls it."""

    id: str
    reference: str


def change_of_bank_details(iban: str = NEW_IBAN, *, statement: bool = True) -> Wish:
    """The holder is filled in from the fund's file."""
    return Wish("bank_details_change", {"iban": iban}, {"bank_statement": bank_statement("Test", iban)} if statement else {})


def ehic_certificate(destination: str = "IT", persons: Iterable[str] = ()) -> Wish:
    """For these members of the family, by their insured ids; for oneself when there are none."""
    named = {"persons": " ".join(persons)} if persons else {}
    return Wish("ehic_replacement_certificate", {"destination": destination, **named})


def coinsurance_certificate(persons: Iterable[str]) -> Wish:
    """For these family members, by their insured ids."""
    return Wish("coinsurance_certificate", {"persons": " ".join(persons)})


def entitlement_certificate(country: str, persons: Iterable[str], **more: str) -> Wish:
    """For a stay of two weeks that begins in a month."""
    first_day = utc_now().date() + timedelta(days=30)
    stay = {"stay_from": str(first_day), "stay_to": str(first_day + timedelta(days=14))}
    return Wish("entitlement_certificate", {"country": country, "persons": " ".join(persons), **stay, **more})


def agency_appointment(agency: str, slot: str, subject: str, mode: str = "at_agency") -> Wish:
    """At one of the agency's free times."""
    return Wish("agency_appointment", {"consent": "yes", "subject": subject, "mode": mode, "agency": agency, "slot": slot})
