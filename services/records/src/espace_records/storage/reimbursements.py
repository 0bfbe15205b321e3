from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId, ReimbursementId
from espace_kernel.store import Collection, Document
from espace_records.domain.reimbursement import Reimbursement

_ADAPTER = TypeAdapter(Reimbursement)


class StoredReimbursements:
    """One document a reimbursement. `place` sorts a person's list: the day of the settlement, then the id."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def prepare(self) -> None:
        """Make the indexes for one person's list and its newest news."""
        await self._collection.create_index([("insured", 1), ("place", -1)])
        await self._collection.create_index([("insured", 1), ("as_of", -1)])

    async def keep(self, reimbursement: Reimbursement) -> None:
        """As the port says."""
        document = {
            "_id": reimbursement.id,
            "insured": reimbursement.insured,
            "place": _place(reimbursement),
            "as_of": reimbursement.as_of,
            "says": _ADAPTER.dump_python(reimbursement, mode="json"),
        }
        try:
            await self._collection.insert_one(document)
        except DuplicateKeyError:  # told before: a reimbursement is written once
            return

    async def get(self, insured: InsuredId, reimbursement: ReimbursementId) -> Reimbursement | None:
        """As the port says."""
        document = await self._collection.find_one({"_id": reimbursement, "insured": insured})
        return _read(document) if document is not None else None

    async def newest(self, insured: InsuredId, *, before: Reimbursement | None, year: int | None, limit: int) -> Sequence[Reimbursement]:
        """As the port says."""
        bounds = [{"$lt": _place(before)}] if before else []
        bounds += [{"$gte": f"{year:04d}-", "$lt": f"{year:04d}~"}] if year is not None else []
        query: Document = {"$and": [{"insured": insured}, *({"place": bound} for bound in bounds)]}
        return [_read(document) async for document in self._collection.find(query, sort=[("place", -1)], limit=limit)]

    async def told_last(self, insured: InsuredId) -> datetime | None:
        """As the port says."""
        document = await self._collection.find_one({"insured": insured}, {"as_of": 1}, sort=[("as_of", -1)])
        moment: datetime | None = document["as_of"] if document else None
        return moment


def _place(reimbursement: Reimbursement) -> str:
    return f"{reimbursement.settled_on.isoformat()}/{reimbursement.id}"


def _read(document: Document) -> Reimbursement:
    return _ADAPTER.validate_python(document["says"])
