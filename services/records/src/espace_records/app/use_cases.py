from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from espace_records.app.show_snapshot import ShowSnapshot
from espace_records.domain.bank_details import BankDetails
from espace_records.domain.person import Person
from espace_records.domain.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """All that records does."""

    keep_person: Callable[[Snapshot[Person]], Awaitable[None]]
    """Follow the fund's file. A snapshot that comes late or twice changes nothing."""
    keep_bank_details: Callable[[Snapshot[BankDetails]], Awaitable[None]]
    """The same for the account that reimbursements go to."""
    show_person: ShowSnapshot[Person]
    show_bank_details: ShowSnapshot[BankDetails]
