from __future__ import annotations

from typing import Any

from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from espace_contracts.vocabulary import InsuredId
from espace_procedures.domain.definition import OnFile

Document = dict[str, Any]


class StoredFundsRecords:
    """What is known of the fund's file, one document a person and subject, each kept by its highest revision."""

    def __init__(self, database: AsyncDatabase[Document]) -> None:
        self._names, self._accounts = database["names"], database["accounts"]

    async def keep_name(self, insured: InsuredId, revision: int, name: str) -> None:
        """Remember a person's name, unless a newer one is known."""
        await _keep_newest(self._names, insured, revision, {"name": name})

    async def keep_account(self, insured: InsuredId, revision: int, iban_masked: str) -> None:
        """Remember the account on file, unless a newer one is known."""
        await _keep_newest(self._accounts, insured, revision, {"iban_masked": iban_masked})

    async def of(self, insured: InsuredId) -> OnFile:
        """All that is known."""
        name = await self._names.find_one({"_id": insured}) or {}
        account = await self._accounts.find_one({"_id": insured}) or {}
        return OnFile(name.get("name"), account.get("iban_masked"))


async def _keep_newest(collection: AsyncCollection[Document], insured: InsuredId, revision: int, facts: Document) -> None:
    try:
        await collection.update_one({"_id": insured, "revision": {"$lt": revision}}, {"$set": {**facts, "revision": revision}}, upsert=True)
    except DuplicateKeyError:
        return  # the person is there with this revision or a newer one
