from __future__ import annotations

from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId
from espace_identity.domain.access import Access, AccessActor, AccessKind
from espace_kernel.store import Collection, Document


class StoredAccesses:
    """The access log: entries are inserted and nothing else. `order` is the moment with the id behind it, so that no two are alike."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def prepare(self) -> None:
        """Make the index."""
        await self._collection.create_index([("insured", 1), ("order", -1)], unique=True)

    async def append(self, access: Access) -> None:
        """As the port says."""
        try:
            await self._collection.insert_one(_document(access))
        except DuplicateKeyError:
            return  # the same cause, told again

    async def page(self, insured: InsuredId, before: str | None, limit: int) -> tuple[list[Access], str | None]:
        """As the port says; one more than the page is read to know whether another follows."""
        query: Document = {"insured": insured, **({"order": {"$lt": before}} if before else {})}
        documents = [found async for found in self._collection.find(query, sort=[("order", -1)], limit=limit + 1)]
        following = documents[limit - 1]["order"] if len(documents) > limit else None
        return [_access(document) for document in documents[:limit]], following


def _document(access: Access) -> Document:
    state = {
        "_id": access.id,
        "order": f"{int(access.at.timestamp() * 1000):015d}-{access.id.hex}",
        "insured": access.insured,
        "kind": access.kind.value,
        "actor": access.actor.value,
        "at": access.at,
        "holder": access.holder,
        "name": access.name,
        "details": dict(access.details),
    }
    return {name: value for name, value in state.items() if value is not None}


def _access(document: Document) -> Access:
    return Access(
        id=document["_id"],
        insured=document["insured"],
        kind=AccessKind(document["kind"]),
        actor=AccessActor(document["actor"]),
        at=document["at"],
        holder=document.get("holder"),
        name=document.get("name"),
        details=tuple(document["details"].items()),
    )
