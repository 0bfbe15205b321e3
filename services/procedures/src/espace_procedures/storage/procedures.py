from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pymongo import ASCENDING

from espace_contracts.vocabulary import InsuredId, ProcedureKind, ProcedureStatus
from espace_kernel.store import AggregateStore
from espace_procedures.app.ports import NoSuchProcedure
from espace_procedures.domain.procedure import Procedure, open_key


class StoredProcedures:
    """Procedures in their collection; every look-up names the person."""

    def __init__(self, store: AggregateStore[Procedure]) -> None:
        self._store = store
        self.add, self.save, self.remove = store.add, store.save, store.remove

    async def prepare(self) -> None:
        """Make the indexes: the unique one keeps a person at one open procedure of a kind, the plain one finds a person's own."""
        await self._store.collection.create_index([("open_key", ASCENDING)], unique=True, sparse=True)
        await self._store.collection.create_index([("insured", ASCENDING)])

    async def get(self, procedure_id: UUID, insured: InsuredId) -> Procedure:
        """The person's procedure, made with a login: what was sent without one cannot be followed. Raises NoSuchProcedure."""
        procedure = await self.get_for_the_fund(procedure_id, insured)
        if not procedure.with_login:
            raise NoSuchProcedure
        return procedure

    async def get_for_the_fund(self, procedure_id: UUID, insured: InsuredId) -> Procedure:
        """The person's procedure, with a login or without. Raises NoSuchProcedure."""
        procedure = await self._store.get(procedure_id, insured=insured)
        if procedure is None:
            raise NoSuchProcedure
        return procedure

    async def open_one(self, insured: InsuredId, kind: ProcedureKind) -> Procedure | None:
        """The one open procedure of this kind."""
        return await self._store.find_one({"open_key": open_key(insured, kind)})

    async def all_of(self, insured: InsuredId, status: ProcedureStatus | None) -> list[Procedure]:
        """A person's procedures made with a login, all or in this status."""
        found = await self._store.find({"insured": insured} if status is None else {"insured": insured, "status": status})
        return [procedure for procedure in found if procedure.with_login]

    async def drafts_unchanged_since(self, moment: datetime) -> list[Procedure]:
        """Drafts that nobody changed after this moment: few, and looked for once an hour, so that a scan does."""
        return await self._store.find({"status": ProcedureStatus.IN_PREPARATION, "changed_at": {"$lte": moment}})

    async def files_in_use(self) -> set[UUID]:
        """The blobs that any procedure refers to, in a draft or in a version that was submitted."""
        fields = {"attachments.blob": 1, "submissions.attachments.blob": 1}
        in_use: set[UUID] = set()
        async for document in self._store.collection.find({}, fields):
            versions: list[dict[str, Any]] = [document, *document["submissions"]]
            in_use.update(attachment["blob"] for version in versions for attachment in version["attachments"])
        return in_use
