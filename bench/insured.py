from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

import httpx

from espace_embedded.login import Identity, Login
from espace_embedded.stack import Stack
from espace_kernel.store import connect


class Insured:
    """A synthetic person at the gateway, with a browser of their own."""

    def __init__(self, stack: Stack, matricule: str) -> None:
        self.http = httpx.AsyncClient(base_url=stack.url("gateway"), timeout=20)
        self._login, self._matricule = Login(stack.settings), matricule

    @property
    def session(self) -> str:
        """The secret that the browser holds."""
        return self.http.cookies["espace"]

    async def log_in(self) -> None:
        """As soon as every part knows the person."""
        for _ in range(200):
            answer = await self._login.walk(self.http, Identity(self._matricule))
            if answer.has_redirect_location:
                return
            await asyncio.sleep(0.1)
        raise TimeoutError("identity did not learn of a synthetic person within 20 s")

    async def call(self, method: str, path: str, *, json: object = None, if_match: str | None = None) -> httpx.Response:
        headers = {"Idempotency-Key": str(uuid4())} if method == "POST" else {}
        answer = await self.http.request(
            method, f"/api/v1{path}", json=json, headers=headers | ({"If-Match": if_match} if if_match else {})
        )
        answer.raise_for_status()
        return answer

    async def close(self) -> None:
        await self.http.aclose()


async def logged_in(stack: Stack, count: int, offset: int) -> list[Insured]:
    """As many synthetic persons, each logged in. Another `offset`, other persons."""
    async with httpx.AsyncClient(base_url=stack.url("cns-core"), timeout=60) as fund:
        wanted = {"count": count, "offset": offset}
        recorded = (await fund.post("/internal/persons", json=wanted)).raise_for_status().json()["persons"]
    persons = [Insured(stack, person["matricule"]) for person in recorded]
    for first in range(0, count, 10):
        await asyncio.gather(*[person.log_in() for person in persons[first : first + 10]])
    return persons


async def reached_the_fund(stack: Stack, procedures: Sequence[str]) -> None:
    """Returns when the fund holds a submission of each procedure, and each has its receipt, so that nothing of it is left to do."""
    ids = {"$in": [UUID(procedure) for procedure in procedures]}
    async with asyncio.timeout(120), connect(f"mongodb://127.0.0.1:{stack.settings.port_store}") as client:
        while await client["espace_cns_core"]["submissions"].count_documents({"procedure": ids}) < len(procedures):
            await asyncio.sleep(0.1)
        while await client["espace_documents"]["documents"].count_documents({"source.procedure": ids}) < len(procedures):
            await asyncio.sleep(0.1)


async def leave(persons: Sequence[Insured]) -> None:
    for person in persons:
        await person.close()
