from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId
from espace_procedures.domain.on_file import OnFile, PersonOnFile, Relative

Document = dict[str, Any]

_PERSON, _FAMILY = TypeAdapter(PersonOnFile), TypeAdapter(tuple[Relative, ...])


class StoredFundsRecords:
    """What is known of the fund's file, one document a person and subject, each kept by its highest revision.

    `matricules` tells whose a matricule is, or was: a person keeps being found by a former one.
    """

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._persons, self._accounts, self._families = database["persons"], database["accounts"], database["families"]
        self._matricules = database["matricules"]

    async def keep_person(self, insured: InsuredId, revision: int, person: PersonOnFile) -> None:
        """Remember who a person is, unless a newer file is known."""
        await _keep_newest(self._persons, insured, revision, {**asdict(person), "date_of_birth": person.date_of_birth.isoformat()})
        await self._matricules.update_one({"_id": person.matricule}, {"$set": {"insured": insured}}, upsert=True)

    async def keep_account(self, insured: InsuredId, revision: int, iban_masked: str) -> None:
        """Remember the account on file, unless a newer one is known."""
        await _keep_newest(self._accounts, insured, revision, {"iban_masked": iban_masked})

    async def keep_family(self, insured: InsuredId, revision: int, family: tuple[Relative, ...]) -> None:
        """Remember a person's family, unless a newer one is known."""
        await _keep_newest(self._families, insured, revision, {"members": _FAMILY.dump_python(family, mode="json")})

    async def of(self, insured: InsuredId) -> OnFile:
        """All that is known."""
        subjects = (self._persons, self._accounts, self._families)
        person, account, family = await asyncio.gather(*(subject.find_one({"_id": insured}) for subject in subjects))
        return OnFile(
            person=_PERSON.validate_python(person) if person else None,
            iban_masked=account["iban_masked"] if account else None,
            family=_FAMILY.validate_python(family["members"]) if family else (),
        )

    async def known_by(self, matricule: str) -> InsuredId | None:
        """Who has, or had, this matricule."""
        known = await self._matricules.find_one({"_id": matricule})
        return InsuredId(known["insured"]) if known else None


async def _keep_newest(collection: AsyncCollection[Document], insured: InsuredId, revision: int, facts: Document) -> None:
    try:
        await collection.update_one({"_id": insured, "revision": {"$lt": revision}}, {"$set": {**facts, "revision": revision}}, upsert=True)
    except DuplicateKeyError:
        return  # the person is there with this revision or a newer one
