"""From the fund's decision to the page that shows it, while many pages are open."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

import httpx

from bench.figure import Figure, percentile
from bench.footprint import resident_megabytes
from bench.insured import Insured, leave, logged_in, reached_the_fund
from espace_embedded.stack import Stack

STREAMS = 200
PER_SECOND = 10
DECISIONS = 100


class Page:
    """A page of a person that waits for a procedure to close."""

    def __init__(self, person: Insured) -> None:
        self.person = person
        self.procedure = ""
        self._ready, self._closed = asyncio.Event(), asyncio.Event()

    async def open(self, stack: AsyncExitStack) -> None:
        """Listen, and have a certificate requested."""
        answer = await stack.enter_async_context(self.person.http.stream("GET", "/api/v1/events", timeout=None))
        answer.raise_for_status()
        listening = asyncio.create_task(self._listen(answer))
        stack.callback(listening.cancel)
        await self._ready.wait()
        started = await self.person.call("POST", "/procedures", json={"kind": "ehic_replacement_certificate", "locale": "fr"})
        self.procedure = started.json()["id"]
        await self.person.call("POST", f"/procedures/{self.procedure}/submissions", if_match=started.headers["etag"])

    async def told_after(self, fund: httpx.AsyncClient, due: float) -> float:
        """Milliseconds from the decision to the event."""
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        began = time.perf_counter()
        (await fund.post("/internal/decisions", json={"procedure": self.procedure, "action": "approve"})).raise_for_status()
        async with asyncio.timeout(30):
            await self._closed.wait()
        return (time.perf_counter() - began) * 1000

    async def _listen(self, answer: httpx.Response) -> None:
        async for line in answer.aiter_lines():
            if line == "event: ready":
                self._ready.set()
            elif line.startswith("data:") and '"closed"' in line:
                self._closed.set()


async def measure_push(stack: Stack) -> list[Figure]:
    await stack.restart("cns-core", {"ESPACE_AUTO_DECIDE": "false"})
    persons = await logged_in(stack, STREAMS, offset=600_000)
    gateway = stack.pid("gateway")
    assert gateway is not None
    before = resident_megabytes(gateway)
    pages = [Page(person) for person in persons]
    async with AsyncExitStack() as opened:
        for first in range(0, STREAMS, 10):
            await asyncio.gather(*[page.open(opened) for page in pages[first : first + 10]])
        grown = resident_megabytes(gateway) - before
        await reached_the_fund(stack, [page.procedure for page in pages])
        began = time.perf_counter()
        async with httpx.AsyncClient(base_url=stack.url("cns-core"), timeout=60) as fund:
            waits = [page.told_after(fund, began + number / PER_SECOND) for number, page in enumerate(pages[:DECISIONS])]
            milliseconds = await asyncio.gather(*waits)
    await leave(persons)
    of = f"{DECISIONS} at {PER_SECOND}/s to {STREAMS} open pages"
    return [
        Figure(f"status push, decision → page, p50 of {of}", percentile(milliseconds, 0.5), "ms"),
        Figure(f"status push, decision → page, p99 of {of}", percentile(milliseconds, 0.99), "ms", 1_000),
        Figure(f"memory that {STREAMS} open pages add to the gateway", grown, "MB"),
    ]
