"""Two lanes, on the real broker, store and typesetter: how long a run is makes no difference to whom the fund writes singly.

The bounds count documents and not seconds, so that a slow machine is as good a judge as a fast one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from espace_contracts.contents import BenefitContent, IdentificationNumberMissing, LateDeclarationWarning, PaperKind
from espace_contracts.events import BenefitSettled
from espace_contracts.topics import dead_letters_of
from espace_contracts.vocabulary import BenefitId, Locale, RunId
from espace_kernel.clock import utc_now

from .conftest import PATIENCE

RUN = 200
AHEAD = RUN // 4
"""Documents of the run that may be made between the order of a single one and its delivery. In one lane it would be nearly all of them."""
DAY = date(2026, 3, 2)
WARNING = LateDeclarationWarning(absent_from=DAY, due_on=DAY, received_on=DAY)


def settled(person, run: RunId | None = None, content: BenefitContent = WARNING) -> BenefitSettled:
    return BenefitSettled(
        insured=person.id, benefit=BenefitId(uuid4()), content=content, locale=Locale.FRENCH, settled_at=utc_now(), run=run
    )


def decided_at(document: Mapping[str, Any]) -> datetime:
    """When its channel was decided, of a document as it is stored."""
    at: datetime = document["deliveries"][0]["decision"]["at"]
    return at


async def documents_of(service, run: RunId, *, count: int) -> list:
    """Those of a run, in the order in which they were decided on, once there are as many."""
    collection = service.kernel.database["documents"]
    async with asyncio.timeout(4 * PATIENCE):
        while await collection.count_documents({"source.run": run}) < count:
            await asyncio.sleep(0.2)
    found = [document async for document in collection.find({"source.run": run}, {"source": 1, "deliveries": 1, "insured": 1})]
    assert len(found) == count
    return sorted(found, key=decided_at)


async def test_single_documents_overtake_a_run_whichever_topic_they_come_by(service):
    run = RunId(uuid4())
    persons = [await service.person() for _ in range(RUN)]
    by_benefit = [await service.person(edelivery=True) for _ in range(6)]
    by_procedure = [await service.person(edelivery=True) for _ in range(6)]
    await asyncio.gather(*(service.topics.say(settled(person, run)) for person in persons))
    for first, second in zip(by_benefit, by_procedure, strict=True):
        await service.topics.say(settled(first))
        await service.closes(second)
    received = [(await person.receives(exactly=1))[0] for person in (*by_benefit, *by_procedure)]
    singles = [await service.stored(UUID(document["id"])) for document in received]
    of_the_run = [decided_at(document) for document in await documents_of(service, run, count=RUN)]
    for single in singles:
        assert sum(single.source.ordered_at < at < single.decision.at for at in of_the_run) <= AHEAD
    assert max(single.decision.at for single in singles) < of_the_run[-1]


async def test_one_persons_documents_of_a_run_keep_their_order_and_a_single_one_comes_before_them(service):
    run = RunId(uuid4())
    others, person = [await service.person() for _ in range(40)], await service.person()
    await asyncio.gather(*(service.topics.say(settled(other, run)) for other in others))
    of_the_run = [settled(person, run) for _ in range(3)]
    for event in (*of_the_run, single := settled(person)):
        await service.topics.say(event)
    made = await documents_of(service, run, count=len(others) + len(of_the_run))
    theirs = [document for document in made if document["insured"] == person.id]
    assert [document["source"]["benefit"] for document in theirs] == [event.benefit for event in of_the_run]
    (alone,) = [document async for document in service.kernel.database["documents"].find({"source.benefit": single.benefit})]
    assert decided_at(alone) < decided_at(theirs[0])


async def test_what_of_a_run_cannot_be_printed_becomes_a_dead_letter_once_and_the_run_goes_on(service):
    run = RunId(uuid4())
    unlucky, next_one = await service.person(), await service.person()
    unprintable = IdentificationNumberMissing(paper=PaperKind.INVOICE, received_on=DAY, issued_by="\U00013080", issued_on=None)
    poison = await service.topics.say(settled(unlucky, run, unprintable))
    await service.topics.say(settled(next_one, run))
    await documents_of(service, run, count=1)
    (dead,) = await service.topics.heard(dead_letters_of("documents"), unlucky.id, count=1)
    assert dict(dead.headers)["ce_id"].decode() == poison.id
    assert await service.kernel.database["dead_letters"].count_documents({"value": poison.value}) == 1
