from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from datetime import datetime
from uuid import UUID

from pymongo import ASCENDING

from espace_contracts.vocabulary import InsuredId, ProcedureKind, ProcedureStatus
from espace_kernel.store import AggregateStore
from espace_procedures.app.ports import NoSuchProcedure
from espace_procedures.domain.procedure import Procedure, open_key

_IN_DRAFTS, _IN_VERSIONS = "attachments.blob", "submissions.attachments.blob"
"""Where files are referred to. With a submission a draft's files become those of a version too, and may then be taken out of the draft."""


class StoredProcedures:
    """Procedures in their collection; every look-up names the person."""

    def __init__(self, store: AggregateStore[Procedure]) -> None:
        self._store = store
        self.add, self.save, self.remove = store.add, store.save, store.remove

    async def prepare(self) -> None:
        """Make the indexes: the unique one keeps a person at one open procedure of a kind, the plain ones find a person's own, and who
        refers to a file."""
        await self._store.collection.create_index([("open_key", ASCENDING)], unique=True, sparse=True)
        for field in ("insured", _IN_DRAFTS, _IN_VERSIONS):
            await self._store.collection.create_index([(field, ASCENDING)])

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

    def drafts_unchanged_since(self, moment: datetime) -> AsyncIterator[Procedure]:
        """Drafts that nobody changed after this moment: looked for once an hour, so that a scan does."""
        return self._store.each({"status": ProcedureStatus.IN_PREPARATION, "changed_at": {"$lte": moment}})

    async def files_in_use(self, among: Collection[UUID]) -> set[UUID]:
        """Those of these blobs that any procedure refers to.

        Drafts come first: submitted in between, a file is found in the version, and none ever goes back into a draft alone.
        """
        blobs = list(among)
        drafts = self._store.collection.find({_IN_DRAFTS: {"$in": blobs}}, {_IN_DRAFTS: 1})
        found = {file["blob"] async for draft in drafts for file in draft["attachments"]}
        sent = self._store.collection.find({_IN_VERSIONS: {"$in": blobs}}, {_IN_VERSIONS: 1})
        found |= {file["blob"] async for procedure in sent for version in procedure["submissions"] for file in version["attachments"]}
        return found.intersection(blobs)
