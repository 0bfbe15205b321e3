from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from espace_contracts.vocabulary import Channel, DocumentId, InsuredId, LetterId
from espace_documents.app.ports import StuckPlace
from espace_documents.domain.document import Document
from espace_documents.domain.selection import Selection
from espace_kernel.store import AggregateStore

Condition = Mapping[str, object]

_STUCK: Condition = {"stuck_since": {"$exists": True}}


class StoredDocuments:
    """The documents; found by id, by letter and by file through unique keys."""

    def __init__(self, store: AggregateStore[Document]) -> None:
        self._store = store
        self.add, self.save = store.add, store.save

    async def prepare(self) -> None:
        """Make the indexes."""
        await self._store.collection.create_index("letters", unique=True, sparse=True)
        await self._store.collection.create_index("pdf.blob", unique=True)
        await self._store.collection.create_index("reference")
        for waits in ("unread_due_at", "stuck_since"):
            await self._store.collection.create_index(waits, sparse=True)
        await self._store.collection.create_index([("insured", 1), ("available_at", -1), ("_id", -1)])
        await self._store.collection.create_index([("insured", 1), ("words", 1)])

    async def get(self, document_id: DocumentId) -> Document | None:
        """The document with this id, whoever receives it."""
        return await self._store.get(document_id)

    async def by_letter(self, letter: LetterId) -> Document | None:
        """The document that this letter brings."""
        return await self._store.find_one({"letters": letter})

    async def in_espace_of(self, insured: InsuredId, selection: Selection, *, after: Document | None, limit: int) -> Sequence[Document]:
        """At most `limit` of the selected ones among what the person received by eDelivery, newest first: behind `after`."""
        narrowed = [*_conditions(selection), *([_behind(after)] if after else ())]
        query = {"$and": [_received_by(insured), *narrowed]}
        return await self._store.find(query, sort=[("available_at", -1), ("_id", -1)], limit=limit)

    async def unread_in_espace_of(self, insured: InsuredId) -> int:
        """How many nobody opened yet, of what the person received by eDelivery and did not put away."""
        return await self._store.collection.count_documents(_received_by(insured) | {"first_opened_at": None, "archived_at": None})

    async def letters_waiting_since(self, moment: datetime) -> tuple[int, Document | None]:
        """How many documents have a letter that was requested before this moment and neither posted, nor failed, nor called off, and the
        oldest of them; none of erased persons."""
        waiting = {"letter": {"$ne": None}, "decision.at": {"$lt": moment}, "posted_at": None, "failed_at": None, "called_off_at": None}
        query = {"deliveries": {"$elemMatch": waiting}, "erased_at": None}
        oldest = await self._store.find(query, sort=[("source.ordered_at", 1)], limit=1)
        return (await self._store.collection.count_documents(query), oldest[0]) if oldest else (0, None)

    async def sent_to(self, insured: InsuredId, *, after: Document | None, limit: int) -> Sequence[Document]:
        """At most `limit` of what was made for the person, by whichever channel, newest order first: behind `after`; none erased."""
        query: dict[str, object] = {"insured": insured, "erased_at": None}
        if after:
            ordered = after.source.ordered_at
            query["$or"] = [{"source.ordered_at": {"$lt": ordered}}, {"source.ordered_at": ordered, "_id": {"$lt": after.id}}]
        return await self._store.find(query, sort=[("source.ordered_at", -1), ("_id", -1)], limit=limit)

    async def unread_due(self, now: datetime, limit: int) -> Sequence[Document]:
        """At most `limit` of those whose next step of the unread ladder is due, longest due first."""
        return await self._store.find({"unread_due_at": {"$lte": now}}, sort=[("unread_due_at", 1)], limit=limit)

    async def stuck(self, *, after: StuckPlace | None, limit: int) -> Sequence[Document]:
        """At most `limit` of those that are stuck, longest first: behind `after`."""
        behind: Condition = {}
        if after:
            since, document_id = after
            behind = {"$or": [{"stuck_since": {"$gt": since}}, {"stuck_since": since, "_id": {"$gt": document_id}}]}
        return await self._store.find({**_STUCK, **behind}, sort=[("stuck_since", 1), ("_id", 1)], limit=limit)

    async def stuck_of(self, insured: InsuredId) -> Sequence[Document]:
        """Those of one person that are stuck, longest first."""
        return await self._store.find({**_STUCK, "insured": insured}, sort=[("stuck_since", 1)])

    async def how_many_are_stuck(self) -> int:
        """All of them."""
        return await self._store.collection.count_documents(_STUCK)

    async def refer_to(self, blob: UUID) -> bool:
        """Whether there is a document with this file, whose recipient was not erased."""
        return await self._store.collection.find_one({"pdf.blob": blob, "erased_at": None}, {"_id": 1}) is not None

    async def by_reference(self, reference: str) -> Sequence[Document]:
        """The documents on which this reference is printed: one, as long as there are not hundreds of millions."""
        return await self._store.find({"reference": reference}, sort=[("source.ordered_at", 1)])

    async def all_of(self, insured: InsuredId) -> Sequence[Document]:
        """Every document that was made for the person, whatever became of it."""
        return await self._store.find({"insured": insured})


def _received_by(insured: InsuredId) -> dict[str, object]:
    return {"insured": insured, "channel": Channel.EDELIVERY.value, "erased_at": None}


def _behind(place: Document) -> Condition:
    return {"$or": [{"available_at": {"$lt": place.available_at}}, {"available_at": place.available_at, "_id": {"$lt": place.id}}]}


def _conditions(selection: Selection) -> Iterator[Condition]:
    """A word consists of letters and digits alone, so it is a pattern that means itself; anchored, an index finds it."""
    yield {"archived_at": {"$ne": None} if selection.archived else None}
    if selection.types:
        yield {"type": {"$in": sorted(selection.types)}}
    if selection.since:
        yield {"available_at": {"$gte": selection.since}}
    if selection.before:
        yield {"available_at": {"$lt": selection.before}}
    if selection.unread:
        yield {"first_opened_at": None}
    yield from ({"words": {"$regex": f"^{word}"}} for word in selection.words)
