from __future__ import annotations

from typing import Generic, TypeVar

from pydantic import TypeAdapter
from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId
from espace_kernel.store import Collection
from espace_records.domain.snapshot import Snapshot

T = TypeVar("T")


class StoredSnapshots(Generic[T]):
    """One collection of snapshots that say one kind of thing, under the person's id."""

    def __init__(self, collection: Collection, kind: type[T]) -> None:
        self._collection = collection
        self._adapter = TypeAdapter(kind)

    async def keep(self, snapshot: Snapshot[T]) -> None:
        """As the port says: one update that matches lower revisions alone, or makes the document when there is none."""
        state = {
            "revision": snapshot.revision,
            "as_of": snapshot.as_of,
            "says": self._adapter.dump_python(snapshot.says, mode="json"),
        }
        try:
            await self._collection.update_one(
                {"_id": snapshot.insured, "revision": {"$lt": snapshot.revision}}, {"$set": state}, upsert=True
            )
        except DuplicateKeyError:  # the document is there and did not match: its revision is no lower
            return

    async def of(self, insured: InsuredId) -> Snapshot[T] | None:
        """As the port says."""
        document = await self._collection.find_one({"_id": insured})
        if document is None:
            return None
        says = self._adapter.validate_python(document["says"])
        return Snapshot(insured=insured, revision=document["revision"], as_of=document["as_of"], says=says)
