"""From the fund's decision to the document the person sees, through every part, at a steady rate."""

from __future__ import annotations

import asyncio
import time
from uuid import uuid4

import httpx

from bench.figure import Figure, percentile
from espace_embedded.stack import Stack

CLOSINGS = 150
PER_SECOND = 5
LOOK_EVERY = 0.02


class Insured:
    """A person at the gateway, with a certificate requested and eDelivery on."""

    def __init__(self, gateway: str, matricule: str) -> None:
        self._http = httpx.AsyncClient(base_url=gateway, timeout=20)
        self._matricule = matricule
        self.procedure = ""

    async def prepare(self) -> None:
        await self._call("POST", "/session", json={"matricule": self._matricule})
        await self._call("PUT", "/edelivery", json={"active": True})
        started = await self._call("POST", "/procedures", json={"kind": "ehic_replacement_certificate", "locale": "fr"})
        self.procedure = started.json()["id"]
        await self._call("POST", f"/procedures/{self.procedure}/submissions", if_match=started.headers["etag"])

    async def sees_a_document(self) -> bool:
        return len((await self._call("GET", "/documents")).json()["documents"]) > 0

    async def close(self) -> None:
        await self._http.aclose()

    async def _call(self, method: str, path: str, *, json: object = None, if_match: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        answer = await self._http.request(
            method, f"/api/v1{path}", json=json, headers=headers | ({"If-Match": if_match} if if_match else {})
        )
        answer.raise_for_status()
        return answer


async def measure_delivery(stack: Stack) -> list[Figure]:
    await stack.restart("cns-core", {"ESPACE_AUTO_DECIDE": "false"})
    async with httpx.AsyncClient(base_url=stack.url("cns-core"), timeout=60) as fund:
        recorded = (await fund.post("/internal/persons", json={"count": CLOSINGS, "offset": 0})).raise_for_status().json()["persons"]
        persons = [Insured(stack.url("gateway"), person["matricule"]) for person in recorded]
        await _prepared(persons)
        began = time.perf_counter()
        waits = [asyncio.create_task(_delivered(fund, person, began + number / PER_SECOND)) for number, person in enumerate(persons)]
        milliseconds = [seconds * 1000 for seconds in await asyncio.gather(*waits)]
    for person in persons:
        await person.close()
    return [
        Figure(f"decision → document visible, p50 of {CLOSINGS} at {PER_SECOND}/s", percentile(milliseconds, 0.5), "ms", 250),
        Figure(f"decision → document visible, p99 of {CLOSINGS} at {PER_SECOND}/s", percentile(milliseconds, 0.99), "ms", 1_000),
    ]


async def _prepared(persons: list[Insured]) -> None:
    for first in range(0, len(persons), 10):
        await asyncio.gather(*[_until_known(person) for person in persons[first : first + 10]])
    await asyncio.sleep(3)  # the submissions reach the fund before the first decision


async def _until_known(person: Insured) -> None:
    for _ in range(100):
        try:
            return await person.prepare()
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.UNAUTHORIZED:
                raise
            await asyncio.sleep(0.1)
    raise TimeoutError("identity did not learn of a synthetic person within 10 s")


async def _delivered(fund: httpx.AsyncClient, person: Insured, at: float) -> float:
    await asyncio.sleep(max(0.0, at - time.perf_counter()))
    began = time.perf_counter()
    (await fund.post("/internal/decisions", json={"procedure": person.procedure, "action": "approve"})).raise_for_status()
    async with asyncio.timeout(30):
        while not await person.sees_a_document():
            await asyncio.sleep(LOOK_EVERY)
    return time.perf_counter() - began
