from __future__ import annotations

from datetime import date

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

    async def keep(self, person: Person) -> bool:
        """As the port says."""
        try:
            await self._collection.update_one(
                {"_id": person.insured, "revision": {"$lt": person.revision}}, {"$set": _state(person)}, upsert=True
            )
        except DuplicateKeyError:
            stored = await self.on_file(person.insured)
            if stored is None or stored.revision < person.revision:
                raise MatriculeTaken from None
            return False
        return True

    async def on_file(self, insured: InsuredId) -> Person | None:
        """As the port says."""
        return _person(await self._collection.find_one({"_id": insured}))

    async def holder_of(self, matricule: str) -> Person | None:
        """As the port says."""
        return _person(await self._collection.find_one({"matricule": matricule}))


def _state(person: Person) -> Document:
    return {
        "revision": person.revision,
        "matricule": person.matricule,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "date_of_birth": person.date_of_birth.isoformat(),
        "locale": person.locale.value,
        "deceased": person.deceased,
    }


def _person(document: Document | None) -> Person | None:
    if document is None:
        return None
    return Person(
        insured=document["_id"],
        revision=document["revision"],
        matricule=document["matricule"],
        given_name=document["given_name"],
        family_name=document["family_name"],
        date_of_birth=date.fromisoformat(document["date_of_birth"]),
        locale=Locale(document["locale"]),
        deceased=document["deceased"],
    )
