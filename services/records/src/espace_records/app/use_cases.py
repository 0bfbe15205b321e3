from __future__ import annotations

from dataclasses import dataclass

from espace_records.app.keep_snapshot import KeepSnapshot
from espace_records.app.show_snapshot import ShowSnapshot
from espace_records.domain.bank_details import BankDetails
from espace_records.domain.person import Person


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """All that records does."""

    keep_person: KeepSnapshot[Person]
    keep_bank_details: KeepSnapshot[BankDetails]
    show_person: ShowSnapshot[Person]
    show_bank_details: ShowSnapshot[BankDetails]
