"""A run of the fund: how near the whole pipeline comes to rendering alone, and how long a single document takes meanwhile."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime
from typing import Any, NoReturn
from uuid import UUID, uuid4

import httpx

from bench.cores import rendering_apart
from bench.figure import Figure, percentile
from bench.footprint import children, command
from bench.renderers import espace
from bench.renderers.content import CODE
from espace_cns_core.domain.person import Person
from espace_cns_core.domain.sample_benefits import sample_lines
from espace_cns_core.domain.synthetic_persons import synthetic_persons
from espace_contracts.contents import ReimbursementStatement, StatementLine
from espace_documents.domain.preference import Preference
from espace_documents.rendering import Addressee, RenderingRequest
from espace_embedded.stack import Stack
from espace_kernel.store import AggregateStore, Collection, connect

MEASURED, MEASURED_OFFSET = 600, 8_000_000
RUN, RUN_OFFSET = 50_000, 9_000_000
SINGLES, SINGLES_OFFSET = 100, 9_100_000
"""Synthetic persons whom no other measurement uses."""
PURE_SECONDS = 12
PATIENCE_S = 600


async def measure_pipeline(stack: Stack) -> list[Figure]:
    """The same statements rendered and sealed by nobody else's leave, and through every part: on the same cores as all the rest, and on
    a core of their own, as where broker and store have machines of theirs. What goes through every part is measured between two looks at
    rendering alone, since a machine may be slower in one minute than in the next."""
    alone, through = await _beside_each_other(stack, MEASURED_OFFSET, apart=False)
    alone_apart, through_apart = await _beside_each_other(stack, MEASURED_OFFSET + MEASURED, apart=True)
    return [
        Figure("statements of a run, rendered and sealed alone", alone, "documents/s"),
        Figure("the same through the pipeline, from the event to the stored document", through, "documents/s"),
        Figure("the pipeline of rendering alone, with all parts on its cores", 100 * through / alone, "%"),
        Figure("rendered and sealed alone, on one core", alone_apart, "documents/s"),
        Figure("the same through the pipeline, all else on the other core", through_apart, "documents/s"),
        Figure("the pipeline of rendering alone, on a core of its own", 100 * through_apart / alone_apart, "%", 90, at_least=True),
    ]


async def _beside_each_other(stack: Stack, offset: int, *, apart: bool) -> tuple[float, float]:
    """Documents a second alone, half of it before and half of it after, and through every part."""
    before = await _alone(stack, apart=apart)
    through = await _through(stack, offset, apart=apart)
    return (before + await _alone(stack, apart=apart)) / 2, through


async def _alone(stack: Stack, *, apart: bool) -> float:
    """Documents a second of the pools by themselves, while the stack idles."""
    async with espace.running(stack.settings.state / "bench") as rendering:
        with rendering_apart(_renderers_under(os.getpid()) - _renderers_of(stack)) if apart else nullcontext():
            rate, _ = await rendering.rate(_requests(), PURE_SECONDS)
    return rate


async def _through(stack: Stack, offset: int, *, apart: bool) -> float:
    """Documents a second from the event to the document that its person sees."""
    run = uuid4()
    async with _open(stack) as (fund, documents):
        await _edelivery_is_on(documents, offset)
        await _settled(fund, run, MEASURED, offset)
        with rendering_apart(_renderers_of(stack)) if apart else nullcontext():
            told = datetime.now(UTC)  # until here the stand-in for the fund worked beside, which is no part of the pipeline
            while await documents.count_documents({"source.run": run}) < MEASURED:
                await asyncio.sleep(0.5)
        times = sorted(_decided_at(document) for document in await _found(documents, {"source.run": run}))
    made = [time for time in times if time > told]
    assert len(made) > MEASURED // 4, "the fund took too long to tell its run"
    return (len(made) - 1) / (made[-1] - made[0]).total_seconds()


def _renderers_under(pid: int) -> set[int]:
    """The processes that typeset and seal."""
    return {child for child in children(pid) if "espace_documents.rendering." in command(child)}


def _renderers_of(stack: Stack) -> set[int]:
    documents = stack.pid("documents")
    assert documents is not None
    return _renderers_under(documents)


async def measure_run(stack: Stack) -> list[Figure]:
    """Does not wait for the end of the run, so nothing else should be measured on this stack afterwards."""
    async with _open(stack) as (fund, documents):
        wanted = {"count": SINGLES, "offset": SINGLES_OFFSET}
        persons = (await fund.post("/internal/persons", json=wanted)).raise_for_status().json()["persons"]
        run = uuid4()
        running = asyncio.create_task(_settled(fund, run, RUN, RUN_OFFSET))
        while not await documents.find_one({"source.run": run}, {"_id": 1}):
            await asyncio.sleep(0.1)
        began = datetime.now(UTC)
        singles = [await _settle_one(fund, person["insured"]) for person in persons]
        while len(alone := await _found(documents, {"source.benefit": {"$in": singles}})) < SINGLES:
            await asyncio.sleep(0.5)
        seconds = (datetime.now(UTC) - began).total_seconds()
        made = await documents.count_documents({"source.run": run})
        assert made < RUN, "the run was over before the single documents were measured"
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    waits = [(_decided_at(document) - document["source"]["ordered_at"]).total_seconds() for document in alone]
    return [
        Figure(f"a single document amid a run of {RUN:,}, p50 of {SINGLES}", percentile(waits, 0.5), "s"),
        Figure(f"a single document amid a run of {RUN:,}, p99 of {SINGLES}", percentile(waits, 0.99), "s", 10),
        Figure("the run meanwhile, with the fund still telling it", made / seconds, "documents/s"),
        Figure(f"so all {RUN:,} would take", RUN / (made / seconds) / 60, "minutes"),
    ]


class _open:  # noqa: N801  # reads as the verb
    """The stand-in for the fund, and the documents of the store."""

    def __init__(self, stack: Stack) -> None:
        self._store = connect(f"mongodb://127.0.0.1:{stack.settings.port_store}")
        self._fund = httpx.AsyncClient(base_url=stack.url("cns-core"), timeout=PATIENCE_S)

    async def __aenter__(self) -> tuple[httpx.AsyncClient, Collection]:
        return self._fund, self._store["espace_documents"]["documents"]

    async def __aexit__(self, *_: object) -> None:
        await self._fund.aclose()
        await self._store.close()


async def _settled(fund: httpx.AsyncClient, run: UUID, count: int, offset: int) -> None:
    """Returns when the fund has told all of the run."""
    async with fund.stream("POST", "/internal/runs", json={"run": str(run), "count": count, "offset": offset}) as answer:
        answer.raise_for_status()
        async for line in answer.aiter_lines():
            told = json.loads(line)["told"]
    assert told == count


async def _edelivery_is_on(documents: Collection, offset: int) -> None:
    """As if each of the measured persons had chosen it: their documents become visible, and nothing is printed meanwhile."""
    preferences = AggregateStore(documents.database["preferences"], Preference, contract_of=_told_to_nobody, wake=_told_to_nobody)
    for person in synthetic_persons(MEASURED, offset):
        preference = Preference(id=person.id)
        preference.switch(active=True, at=datetime.now(UTC), locale=person.locale)
        preference.recorded.clear()
        assert await preferences.add(preference)


def _told_to_nobody(*_: object) -> NoReturn:
    raise AssertionError("no event was left to tell")


async def _settle_one(fund: httpx.AsyncClient, insured: str) -> UUID:
    """One a second."""
    await asyncio.sleep(1)
    wanted = {"insured": insured, "kind": "late_declaration_warning"}
    return UUID((await fund.post("/internal/benefits", json=wanted)).raise_for_status().json()["benefit"])


async def _found(documents: Collection, query: dict[str, Any]) -> list[Any]:
    return [document async for document in documents.find(query, {"source": 1, "deliveries": 1})]


def _decided_at(document: Any) -> datetime:
    """When it was stored and its delivery began."""
    at: datetime = document["deliveries"][0]["decision"]["at"]
    return at


def _requests() -> Iterator[RenderingRequest]:
    """What the service would ask its own renderer for, without end."""
    today = datetime.now(UTC).date()
    for number, person in enumerate(synthetic_persons(1_000_000, MEASURED_OFFSET)):
        assert person.address is not None
        statement = _statement(person, today)
        yield RenderingRequest(
            document_type=statement.type.value,
            locale=person.locale.value,
            reference=f"D-{number:07}",
            issued_on=today,
            recipient=Addressee(person.identity.full_name, person.address.lines, person.address.country),
            content=statement.model_dump(mode="json", exclude={"type"}),
            verification=CODE,
        )


def _statement(person: Person, today: date) -> ReimbursementStatement:
    lines = [
        StatementLine(
            patient_name=line.patient_name, supplier=line.supplier, service_code=line.service_code, service_on=line.service_on,
            invoiced_cents=line.invoiced, tariff_cents=line.tariff, participation_cents=line.participation, refunded_cents=line.refunded,
        )
        for line in sample_lines(person, today)
    ]  # fmt: skip
    assert person.account is not None
    return ReimbursementStatement(
        reference=f"{today:%Y}-{person.id.hex[:8]}",
        settled_on=today,
        paid_to_iban_masked=person.account.masked_iban,
        participation_of_the_year_cents=None,
        lines=tuple(lines),
    )
