from __future__ import annotations

from datetime import date

from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId
from espace_identity.domain.family import Child, Family
from espace_kernel.store import Collection, Document


class FamiliesOnFile:
    """The children whom each person represents, under the parent's insured id; what a parent renounced stays, whatever the file says."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def prepare(self) -> None:
        """Make the index by which a child's parents are found."""
        await self._collection.create_index("children.insured")

    async def keep(self, family: Family) -> None:
        """As the port says."""
        children = [
            {
                "insured": child.insured,
                "given_name": child.given_name,
                "family_name": child.family_name,
                "date_of_birth": child.date_of_birth.isoformat(),
            }
            for child in family.children
        ]
        newer = {"_id": family.parent, "revision": {"$lt": family.revision}}
        try:
            await self._collection.update_one(newer, {"$set": {"revision": family.revision, "children": children}}, upsert=True)
        except DuplicateKeyError:
            return  # this revision or a higher one is stored

    async def of(self, parent: InsuredId) -> Family | None:
        """As the port says."""
        document = await self._collection.find_one({"_id": parent})
        return None if document is None else _family(document)

    async def with_child(self, child: InsuredId) -> list[Family]:
        """As the port says."""
        return [_family(document) async for document in self._collection.find({"children.insured": child})]

    async def renounce(self, parent: InsuredId, child: InsuredId) -> None:
        """As the port says."""
        await self._collection.update_one({"_id": parent}, {"$addToSet": {"renounced": child}})


def _family(document: Document) -> Family:
    children = tuple(
        Child(
            insured=child["insured"],
            given_name=child["given_name"],
            family_name=child["family_name"],
            date_of_birth=date.fromisoformat(child["date_of_birth"]),
        )
        for child in document["children"]
    )
    return Family(
        parent=document["_id"], revision=document["revision"], children=children, renounced=frozenset(document.get("renounced", ()))
    )
