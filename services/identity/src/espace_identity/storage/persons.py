from __future__ import annotations

from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.app.ports import MatriculeTaken
from espace_identity.domain.person import Person
from espace_kernel.store import Collection, Document


class PersonsOnFile:
    """The persons, under their insured id; a unique index lets one person alone hold a matricule."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection

    async def prepare(self) -> None:
        """Make the index."""
        await self._collection.create_index("matricule", unique=True)

    async def keep(self, person: Person) -> None:
        """As the port says."""
        state = {"revision": person.revision, "matricule": person.matricule, "locale": person.locale.value}
        try:
            await self._collection.update_one({"_id": person.insured, "revision": {"$lt": person.revision}}, {"$set": state}, upsert=True)
        except DuplicateKeyError:
            stored = await self.on_file(person.insured)
            if stored is None or stored.revision < person.revision:
                raise MatriculeTaken from None

    async def on_file(self, insured: InsuredId) -> Person | None:
        """As the port says."""
        return _person(await self._collection.find_one({"_id": insured}))

    async def holder_of(self, matricule: str) -> Person | None:
        """As the port says."""
        return _person(await self._collection.find_one({"matricule": matricule}))


def _person(document: Document | None) -> Person | None:
    if document is None:
        return None
    return Person(
        insured=document["_id"],
        revision=document["revision"],
        matricule=document["matricule"],
        locale=Locale(document["locale"]),
    )
