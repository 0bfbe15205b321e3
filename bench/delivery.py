"""From the fund's decision to the document the person sees, through every part, at a steady rate."""

from __future__ import annotations

import asyncio
import time

import httpx

from bench.figure import Figure, percentile
from bench.insured import Insured, leave, logged_in, reached_the_fund
from espace_embedded.stack import Stack

CLOSINGS = 150
PER_SECOND = 5
LOOK_EVERY = 0.02


class Waiting:
    """A person with a certificate requested and eDelivery on."""

    def __init__(self, person: Insured) -> None:
        self._person = person
        self.procedure = ""

    async def prepare(self) -> None:
        await self._person.call("PUT", "/edelivery", json={"active": True})
        started = await self._person.call("POST", "/procedures", json={"kind": "ehic_replacement_certificate", "locale": "fr"})
        self.procedure = started.json()["id"]
        await self._person.call("POST", f"/procedures/{self.procedure}/submissions", if_match=started.headers["etag"])

    async def sees_a_document(self) -> bool:
        return len((await self._person.call("GET", "/documents?type=ehic_replacement_certificate")).json()["documents"]) > 0


async def measure_delivery(stack: Stack) -> list[Figure]:
    await stack.restart("cns-core", {"ESPACE_AUTO_DECIDE": "false"})
    persons = await logged_in(stack, CLOSINGS, offset=0)
    waiting = [Waiting(person) for person in persons]
    for first in range(0, CLOSINGS, 10):
        await asyncio.gather(*[one.prepare() for one in waiting[first : first + 10]])
    await reached_the_fund(stack, [one.procedure for one in waiting])
    async with httpx.AsyncClient(base_url=stack.url("cns-core"), timeout=60) as fund:
        began = time.perf_counter()
        waits = [asyncio.create_task(_delivered(fund, one, began + number / PER_SECOND)) for number, one in enumerate(waiting)]
        milliseconds = [seconds * 1000 for seconds in await asyncio.gather(*waits)]
    await leave(persons)
    return [
        Figure(f"decision → document visible, p50 of {CLOSINGS} at {PER_SECOND}/s", percentile(milliseconds, 0.5), "ms", 250),
        Figure(f"decision → document visible, p99 of {CLOSINGS} at {PER_SECOND}/s", percentile(milliseconds, 0.99), "ms", 1_000),
    ]


async def _delivered(fund: httpx.AsyncClient, waiting: Waiting, at: float) -> float:
    await asyncio.sleep(max(0.0, at - time.perf_counter()))
    began = time.perf_counter()
    (await fund.post("/internal/decisions", json={"procedure": waiting.procedure, "action": "approve"})).raise_for_status()
    async with asyncio.timeout(30):
        while not await waiting.sees_a_document():
            await asyncio.sleep(LOOK_EVERY)
    return time.perf_counter() - began
