"""From a fact on the fund's file to the page that shows it."""

from __future__ import annotations

import asyncio
import time

import httpx

from bench.figure import Figure, percentile
from bench.insured import Insured, leave, logged_in
from espace_embedded.stack import Stack

PERSONS = 10
FACTS = 100
PER_SECOND = 10
LOOK_EVERY = 0.02
_LINE = {
    "patient_name": "A Person", "supplier": "Dr. Example", "service_code": "C1", "service_on": "2026-02-11",
    "invoiced_cents": 6000, "tariff_cents": 5260, "participation_cents": 631, "refunded_cents": 4629,
}  # fmt: skip


async def measure_facts(stack: Stack) -> list[Figure]:
    async with httpx.AsyncClient(base_url=stack.url("cns-core"), timeout=60) as fund:
        recorded = (await fund.post("/internal/persons", json={"count": PERSONS, "offset": 800_000})).raise_for_status().json()["persons"]
        persons = await logged_in(stack, PERSONS, offset=800_000)
        began = time.perf_counter()
        waits = [
            _shown_after(fund, persons[number % PERSONS], recorded[number % PERSONS]["insured"], began + number / PER_SECOND)
            for number in range(FACTS)
        ]
        milliseconds = [seconds * 1000 for seconds in await asyncio.gather(*waits)]
    await leave(persons)
    return [
        Figure(f"settled reimbursement → shown in My data, p99 of {FACTS} at {PER_SECOND}/s", percentile(milliseconds, 0.99), "ms", 1_000)
    ]


async def _shown_after(fund: httpx.AsyncClient, person: Insured, insured: str, due: float) -> float:
    await asyncio.sleep(max(0.0, due - time.perf_counter()))
    began = time.perf_counter()
    settled = await fund.post("/internal/reimbursements", json={"insured": insured, "lines": [{**_LINE, "patient": insured}]})
    path = f"/api/v1/me/reimbursements/{settled.raise_for_status().json()['reimbursement']}"
    async with asyncio.timeout(30):
        while (await person.http.get(path)).status_code != httpx.codes.OK:
            await asyncio.sleep(LOOK_EVERY)
    return time.perf_counter() - began
