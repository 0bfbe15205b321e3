"""Files in the real store that are old enough to be swept: what anything refers to stays, wherever it is referred to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from espace_kernel.blobs import Blobs
from espace_kernel.store import AggregateStore, Collection
from espace_procedures.domain.procedure import Procedure
from espace_procedures.events.outgoing import contract_of
from espace_procedures.storage.procedures import StoredProcedures

from .conftest import ANSWERS, Person, Service, Wire

OLD = timedelta(hours=2)


async def blob_of(service: Service, draft: dict[str, Any]) -> UUID:
    kept = await service.database["procedures"].find_one({"_id": UUID(draft["id"])})
    assert kept is not None
    blob: UUID = kept["attachments"][0]["blob"]
    return blob


async def sends_back(wire_: Wire, person: Person, procedure: dict[str, Any]) -> dict[str, Any]:
    await wire_.tell(person.correction(procedure))
    return await person.sees(procedure, "to_be_corrected")


async def takes_out(person: Person, procedure: dict[str, Any]) -> None:
    path = f"/{procedure['id']}/attachments/{procedure['attachments'][0]['id']}"
    assert (await person.ask("DELETE", path, version=procedure["version"])).is_success


async def test_an_old_file_stays_in_a_draft_in_a_version_and_in_what_waits_for_its_person(service, wire_):
    drafting, correcting = service.person(), service.person()
    in_a_draft = await blob_of(service, await drafting.attaches(await drafting.starts()))
    sent = await correcting.attaches(await correcting.saves(await correcting.starts(), ANSWERS))
    in_a_version = await blob_of(service, sent)
    await takes_out(correcting, await sends_back(wire_, correcting, await correcting.submits(sent)))
    orphan, waiting = [(await Blobs(service.database, "attachments").put(b"sealed", "application/octet-stream")).id for _ in range(2)]
    await service.database["direct_submissions"].insert_one({"_id": (submission := uuid4()), "blobs": [waiting], "sealed": b""})
    old = {"_id": {"$in": [in_a_draft, in_a_version, waiting, orphan]}}
    await service.database["attachments.files"].update_many(old, {"$set": {"uploadDate": datetime.now(UTC) - OLD}})

    [sweep] = [sweeper.repair for sweeper in service.wiring.sweepers if sweeper.name == "orphan attachments"]
    assert await sweep() == 1
    assert {file["_id"] async for file in service.database["attachments.files"].find(old)} == {in_a_draft, in_a_version, waiting}
    await service.database["direct_submissions"].delete_one({"_id": submission})


class Between:
    """A collection in which something happens between the first look into it and the second."""

    def __init__(self, collection: Collection, happens: Callable[[], Awaitable[None]]) -> None:
        self._collection, self._happens, self._looks = collection, happens, 0

    async def find(self, *query: Any) -> AsyncIterator[Any]:
        self._looks += 1
        if self._looks == 2:
            await self._happens()
        async for document in self._collection.find(*query):
            yield document


async def test_a_file_that_is_submitted_and_taken_out_of_the_draft_between_two_looks_is_in_use(service, wire_):
    person = service.person()
    draft = await person.attaches(await person.saves(await person.starts(), ANSWERS))
    blob = await blob_of(service, draft)

    async def corrects() -> None:
        await takes_out(person, await sends_back(wire_, person, await person.submits(draft)))

    collection: Any = Between(service.database["procedures"], corrects)
    store = AggregateStore(collection, Procedure, contract_of=contract_of, wake=lambda _collection, _id: None)
    assert await StoredProcedures(store).files_in_use({blob, uuid4()}) == {blob}
