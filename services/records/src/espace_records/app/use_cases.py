from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from espace_contracts.vocabulary import InsuredId, ReimbursementId
from espace_records.app.list_reimbursements import ListReimbursements
from espace_records.app.list_year import ListYear
from espace_records.app.show_family import ShowFamily
from espace_records.app.show_leave import ShowLeave
from espace_records.app.show_snapshot import ShowSnapshot
from espace_records.domain.bank_details import BankDetails
from espace_records.domain.family import Family
from espace_records.domain.leave.child_leave import FamilyLeave
from espace_records.domain.person import Person
from espace_records.domain.reimbursement import Reimbursement
from espace_records.domain.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """All that records does."""

    keep_person: Callable[[Snapshot[Person]], Awaitable[None]]
    """Follow the fund's file. A snapshot that comes late or twice changes nothing."""
    keep_bank_details: Callable[[Snapshot[BankDetails]], Awaitable[None]]
    """The same for the account that reimbursements go to."""
    keep_family: Callable[[Snapshot[Family]], Awaitable[None]]
    """The same for the family."""
    keep_leave: Callable[[Snapshot[FamilyLeave]], Awaitable[None]]
    """The same for the leave for family reasons."""
    keep_reimbursement: Callable[[Reimbursement], Awaitable[None]]
    """Note what the fund settled, once."""
    show_person: ShowSnapshot[Person]
    show_bank_details: ShowSnapshot[BankDetails]
    show_family: ShowFamily
    show_leave: ShowLeave
    list_reimbursements: ListReimbursements
    list_year: ListYear
    show_reimbursement: Callable[[InsuredId, ReimbursementId], Awaitable[Reimbursement | None]]
    """One of the person's reimbursements; None when they have no such one."""
