"""Records' use cases over what a test can look into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from espace_contracts.events import BankDetailsRecorded, PersonRecorded
from espace_contracts.vocabulary import InsuredId, Locale, PostalAddress, ReimbursementId
from espace_kernel.envelope import Received
from espace_records.app.list_reimbursements import ListReimbursements
from espace_records.app.list_year import ListYear
from espace_records.app.show_family import ShowFamily
from espace_records.app.show_leave import ShowLeave
from espace_records.app.show_snapshot import ShowSnapshot
from espace_records.app.use_cases import UseCases
from espace_records.domain.reimbursement import Reimbursement
from espace_records.domain.snapshot import Snapshot

TODAY = date(2026, 3, 2)
TOLD = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
SOPHIE = InsuredId(uuid4())


@dataclass
class Snapshots:
    by_person: dict[InsuredId, Snapshot[Any]] = field(default_factory=dict)

    async def keep(self, snapshot: Snapshot[Any]) -> None:
        stored = self.by_person.get(snapshot.insured)
        if stored is None or stored.revision < snapshot.revision:
            self.by_person[snapshot.insured] = snapshot

    async def of(self, insured: InsuredId) -> Snapshot[Any] | None:
        return self.by_person.get(insured)


@dataclass
class Reimbursements:
    by_id: dict[ReimbursementId, Reimbursement] = field(default_factory=dict)

    async def keep(self, reimbursement: Reimbursement) -> None:
        self.by_id.setdefault(reimbursement.id, reimbursement)

    async def get(self, insured: InsuredId, reimbursement: ReimbursementId) -> Reimbursement | None:
        found = self.by_id.get(reimbursement)
        return found if found and found.insured == insured else None

    async def newest(self, insured: InsuredId, *, before: Reimbursement | None, year: int | None, limit: int) -> Sequence[Reimbursement]:
        own = [found for found in self.by_id.values() if found.insured == insured and year in {None, found.settled_on.year}]
        return [found for found in sorted(own, key=_place, reverse=True) if before is None or _place(found) < _place(before)][:limit]

    async def told_last(self, insured: InsuredId) -> datetime | None:
        return max((found.as_of for found in self.by_id.values() if found.insured == insured), default=None)


def _place(reimbursement: Reimbursement) -> tuple[date, str]:
    return reimbursement.settled_on, str(reimbursement.id)


@pytest.fixture
def do() -> UseCases:
    persons, bank_details, families, leaves, settled = Snapshots(), Snapshots(), Snapshots(), Snapshots(), Reimbursements()
    return UseCases(
        keep_person=persons.keep,
        keep_bank_details=bank_details.keep,
        keep_family=families.keep,
        keep_leave=leaves.keep,
        keep_reimbursement=settled.keep,
        show_person=ShowSnapshot(persons),
        show_bank_details=ShowSnapshot(bank_details),
        show_family=ShowFamily(ShowSnapshot(families), lambda: TODAY),
        show_leave=ShowLeave(ShowSnapshot(leaves), lambda: TODAY),
        list_reimbursements=ListReimbursements(settled),
        list_year=ListYear(settled),
        show_reimbursement=settled.get,
    )


def received(event: Any) -> Received[Any]:
    return Received(id=uuid4(), type=event.type, source="/cns/core", time=TOLD, correlation_id=uuid4(), data=event)


def person_told(revision: int = 1, **changed: Any) -> Received[PersonRecorded]:
    told: dict[str, Any] = {
        "insured": SOPHIE,
        "revision": revision,
        "matricule": "1983081246785",
        "given_name": "Sophie",
        "family_name": "Hoffmann",
        "date_of_birth": date(1983, 8, 12),
        "address": PostalAddress(lines=("14, rue de la Gare", "L-4571 Oberkorn"), country="LU"),
        "locale": Locale.FRENCH,
    }
    return received(PersonRecorded(**(told | changed)))


def bank_details_told(revision: int = 1, iban: str = "LU280019400644750000") -> Received[BankDetailsRecorded]:
    event = BankDetailsRecorded(
        insured=SOPHIE, revision=revision, iban=iban, bic="BCEELULL", holder="Sophie Hoffmann", since=date(2026, 3, 3)
    )
    return received(event)
