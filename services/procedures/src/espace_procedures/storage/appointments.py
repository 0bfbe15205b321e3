from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId, Outcome, ProcedureStatus
from espace_kernel.store import AggregateStore, Collection, Document
from espace_procedures.domain.appointment import Appointment, AppointmentStatus, Slot

_UNFORWARDED = ProcedureStatus.IN_PREPARATION


class StoredAppointments:
    """Appointments in their collection; the procedure behind one lies in one of the two others."""

    def __init__(self, store: AggregateStore[Appointment], procedures: Collection, submissions: Collection) -> None:
        self._store, self._procedures, self._submissions = store, procedures, submissions
        self.save, self.remove = store.save, store.remove

    async def prepare(self) -> None:
        """Make the indexes: the unique one is what keeps a counter from being booked twice."""
        await self._store.collection.create_index([("slot_key", ASCENDING)], unique=True, sparse=True)
        await self._store.collection.create_index([("insured", ASCENDING)])

    async def of(self, procedure_id: UUID) -> Appointment | None:
        """The one appointment of a procedure."""
        return await self._store.get(procedure_id)

    async def take(self, appointment: Appointment) -> bool:
        """Store a new one at the first free counter."""
        for counter in range(appointment.slot.counters):
            appointment.slot_key = appointment.slot.key(counter)
            if await self._store.add(appointment):
                return True
        return False

    async def take_another(self, appointment: Appointment) -> bool:
        """Save one at the first free counter of its new slot."""
        for counter in range(appointment.slot.counters):
            appointment.slot_key = appointment.slot.key(counter)
            try:
                await self._store.save(appointment)
            except DuplicateKeyError:
                continue
            return True
        return False

    async def all_of(self, insured: InsuredId) -> list[Appointment]:
        """A person's own, the next first."""
        found = await self._store.find({"insured": insured})
        return sorted(found, key=lambda appointment: appointment.slot.starts_at)

    async def taken(self, agency: str, first: datetime, last: datetime) -> Counter[datetime]:
        """How many counters are taken at each start; a range of the unique key, so no other agency is looked at."""
        keys = {"$gte": Slot(agency, first).key(0), "$lt": Slot(agency, last + timedelta(minutes=1)).key(0)}
        cursor = self._store.collection.find({"slot_key": keys}, {"slot.starts_at": 1})
        return Counter([document["slot"]["starts_at"] async for document in cursor])

    async def unfounded(self, before: datetime) -> AsyncIterator[Appointment]:
        """Those requested before this moment whose procedure does not ask for them, or no more."""
        async for appointment in self._store.each({"status": AppointmentStatus.REQUESTED, "booked_at": {"$lt": before}}):
            if not await self._is_founded(appointment.id):
                yield appointment

    async def _is_founded(self, procedure_id: UUID) -> bool:
        if await self._submissions.find_one({"_id": procedure_id}, {"_id": 1}) is not None:
            return True
        procedure = await self._procedures.find_one({"_id": procedure_id}, {"status": 1, "outcome": 1})
        return procedure is not None and _still_asks(procedure)


def _still_asks(procedure: Document) -> bool:
    """It is with the fund, or was approved."""
    if procedure["status"] == ProcedureStatus.CLOSED:
        return bool(procedure.get("outcome") == Outcome.APPROVED)
    return bool(procedure["status"] != ProcedureStatus.IN_PREPARATION)
