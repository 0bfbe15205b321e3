"""What a person wishes of the fund, and the procedure that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from espace_embedded.demo.bank_statement import bank_statement

NEW_IBAN = "LU280019400644750000"


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


def ehic_certificate(destination: str = "IT") -> Wish:
    return Wish("ehic_replacement_certificate", {"destination": destination})
