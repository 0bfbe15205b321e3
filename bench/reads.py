"""Reading through the gateway at a steady rate, beside the same reads asked of the services directly in the same run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from itertools import cycle, islice

import httpx

from bench.figure import Figure, percentile
from bench.insured import Insured, leave, logged_in
from espace_embedded.stack import Stack

PERSONS = 20
PER_SECOND = 100
SECONDS = 20
PATHS = {
    "/api/v1/me": "records",
    "/api/v1/me/bank-details": "records",
    "/api/v1/procedures": "procedures",
    "/api/v1/documents": "documents",
}

Read = Callable[[Insured, str], Coroutine[None, None, httpx.Response]]


async def measure_reads(stack: Stack) -> list[Figure]:
    persons = await logged_in(stack, PERSONS, offset=500_000)
    tokens = await _tokens(stack, persons)
    services = {name: httpx.AsyncClient(base_url=stack.url(name), timeout=20) for name in set(PATHS.values())}

    async def by_the_gateway(person: Insured, path: str) -> httpx.Response:
        return await person.http.get(path)

    async def directly(person: Insured, path: str) -> httpx.Response:
        return await services[PATHS[path]].get(path, headers={"Authorization": f"Bearer {tokens[person]}"})

    try:
        await _at_a_steady_rate(by_the_gateway, persons, seconds=3)  # the first connections and keys are no part of it
        gateway = await _at_a_steady_rate(by_the_gateway, persons, SECONDS)
        beside = await _at_a_steady_rate(directly, persons, SECONDS)
    finally:
        await leave(persons)
        for service in services.values():
            await service.aclose()
    of = f"of {PER_SECOND * SECONDS:,} at {PER_SECOND}/s"
    return [
        Figure(f"gateway reads, p50 {of}", percentile(gateway, 0.5), "ms"),
        Figure(f"gateway reads, p99 {of}", percentile(gateway, 0.99), "ms", 50),
        Figure("  the same without a gateway, each service asked with a token, p50", percentile(beside, 0.5), "ms"),
        Figure("  the same without a gateway, each service asked with a token, p99", percentile(beside, 0.99), "ms"),
    ]


async def _tokens(stack: Stack, persons: list[Insured]) -> dict[Insured, str]:
    """What the gateway would be given for each; they hold for two minutes, which is longer than both runs."""
    secret = (stack.settings.state / "secrets" / "gateway.client-secret").read_text()
    async with httpx.AsyncClient(base_url=stack.url("identity"), auth=("gateway", secret)) as identity:
        answers = [await identity.post("/internal/sessions/token", json={"session": person.session}) for person in persons]
    return {person: answer.raise_for_status().json()["token"] for person, answer in zip(persons, answers, strict=True)}


async def _at_a_steady_rate(read: Read, persons: list[Insured], seconds: int) -> list[float]:
    """Milliseconds from the moment each read was due to its whole answer, so that a late answer delays no other."""
    began = time.perf_counter()

    async def one(number: int, person: Insured, path: str) -> float:
        due = began + number / PER_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        (await read(person, path)).raise_for_status()
        return (time.perf_counter() - due) * 1000

    count = PER_SECOND * seconds
    wishes = zip(range(count), cycle(persons), islice(cycle(PATHS), 1, None), strict=False)
    return await asyncio.gather(*[one(number, person, path) for number, person, path in wishes])
