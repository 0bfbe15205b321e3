from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId
from espace_documents.app.ports import ArchiveDamaged, ArchiveLocked, RecipientErased
from espace_documents.storage.master_keys import MasterKeys, Wrapped
from espace_documents.storage.wrapping import NotAuthentic, new_key
from espace_kernel.logs import logger
from espace_kernel.store import Collection, Document

log = logger()


@dataclass(frozen=True, slots=True)
class Rewrapping:
    """What became of the keys that another master key than the newest wraps: so many were wrapped anew, so many could not be opened."""

    done: int
    locked: int


class PersonKeys:
    """A key a person, wrapped with a master key: it opens the keys of the person's documents. Looked up each time and never held in
    memory, so that an erasure holds at once, everywhere.

    Of an erased person the id and the time stay, in the key's place: no second key can be made there.
    """

    def __init__(self, collection: Collection, masters: MasterKeys) -> None:
        self._collection, self._masters = collection, masters

    async def prepare(self) -> None:
        """Make the index by which erasures are found."""
        await self._collection.create_index("erased_at", sparse=True)

    async def key_for(self, insured: InsuredId) -> bytes:
        """The person's key, made if it is their first. Raises as key_of."""
        key = await self.key_of(insured) or await self._made_first(insured) or await self.key_of(insured)
        assert key is not None, "A person's key is never deleted without leaving a trace."
        return key

    async def key_of(self, insured: InsuredId) -> bytes | None:
        """The person's key; None when none was ever made. Raises RecipientErased, ArchiveLocked, and ArchiveDamaged."""
        row = await self._collection.find_one({"_id": insured})
        if row is None:
            return None
        if "erased_at" in row:
            raise RecipientErased
        return self._unwrapped(row)

    async def erase(self, insured: InsuredId, at: datetime) -> None:
        """Delete the person's key, and let none be made for them ever after. Nothing when that was done before."""
        erased = {"$set": {"erased_at": at}, "$unset": {"key": "", "master": ""}}
        try:
            await self._collection.update_one({"_id": insured, "erased_at": {"$exists": False}}, erased, upsert=True)
        except DuplicateKeyError:  # erased before, or the first key came at this very moment
            await self._collection.update_one({"_id": insured, "erased_at": {"$exists": False}}, erased)

    async def erased_and_unsettled(self, before: datetime, limit: int) -> Sequence[InsuredId]:
        """At most `limit` of those who were erased before this moment and are not settled yet."""
        found = self._collection.find({"erased_at": {"$lt": before}, "settled_at": {"$exists": False}}, {"_id": 1}, limit=limit)
        return [InsuredId(row["_id"]) async for row in found]

    async def settle(self, insured: InsuredId, at: datetime) -> None:
        """Nothing that began before the erasure can still be under way."""
        await self._collection.update_one({"_id": insured}, {"$set": {"settled_at": at}})

    async def rewrap(self) -> Rewrapping:
        """Wrap with the newest master key what another one wraps. Safe beside a running service, and to repeat."""
        done = locked = 0
        async for row in self._collection.find({"key": {"$exists": True}, "master": {"$ne": self._masters.newest()}}):
            try:
                again = self._masters.wrap(self._unwrapped(row), row["_id"].bytes)
            except (ArchiveLocked, ArchiveDamaged):
                locked += 1
                continue
            unchanged = {"_id": row["_id"], "key": row["key"]}  # neither erased nor wrapped anew meanwhile
            done += (await self._collection.update_one(unchanged, {"$set": _fields(again)})).modified_count
        return Rewrapping(done, locked)

    async def _made_first(self, insured: InsuredId) -> bytes | None:
        """None when another replica, or an erasure, was faster: what is there holds."""
        key = new_key()
        try:
            await self._collection.insert_one({"_id": insured, **_fields(self._masters.wrap(key, insured.bytes))})
        except DuplicateKeyError:
            return None
        return key

    def _unwrapped(self, row: Document) -> bytes:
        try:
            return self._masters.unwrap(Wrapped(row["master"], bytes(row["key"])), row["_id"].bytes)
        except NotAuthentic as damage:
            log.error("a recipient's key in the archive is damaged", kind=type(damage).__name__)
            raise ArchiveDamaged from damage


def _fields(wrapped: Wrapped) -> Document:
    return {"master": wrapped.master, "key": wrapped.key}
