"""Persons whose procedures close while the parts are killed, and the count of what reached them."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx
from harness.espace import Espace
from harness.person import InsuredPerson
from harness.procedure import Procedure, ehic_certificate
from harness.waiting import until
from pymongo import AsyncMongoClient

from espace_contracts.vocabulary import Channel
from espace_embedded.stack import Stack
from espace_kernel.store import Document, connect

from .persistent import Persistent

Closings = Mapping[InsuredPerson, Procedure]


@dataclass
class Town:
    """Half of its persons receive by eDelivery, half by post."""

    stack: Stack
    espace: Espace
    persons: Sequence[InsuredPerson]
    by_post: frozenset[InsuredPerson]

    @classmethod
    async def founded(cls, stack: Stack, espace: Espace, size: int) -> Town:
        persons = [await espace.insured_person(edelivery=number % 2 == 0) for number in range(size)]
        espace.fund._http = httpx.AsyncClient(base_url=stack.url("cns-core"), transport=Persistent(), timeout=30)
        for person in persons:
            person._http = httpx.AsyncClient(
                base_url=stack.url("gateway"), transport=Persistent(), cookies=person._http.cookies, timeout=30
            )
        return cls(stack, espace, persons, frozenset(persons[1::2]))

    async def leave(self) -> None:
        await self.espace.fund._http.aclose()
        for person in self.persons:
            await person._http.aclose()

    async def armed(self, point: str, parts: Sequence[str], planted: str | None = None) -> dict[str, int]:
        """These parts die when they reach the point; planted: with this bug in them until then. Their process ids by name."""
        environment = {"CRASHPOINT": f"{point}:1"} | ({"PYTHONPATH": planted} if planted else {})
        await asyncio.gather(*[self.stack.restart(part, environment) for part in parts])
        return {part: pid for part in parts if (pid := self.stack.pid(part)) is not None}

    async def have_died(self, armed: Mapping[str, int]) -> None:
        """Each reached its point, was killed there, and was started again."""

        async def dead() -> bool:
            return all(self.stack.pid(part) not in (None, pid) for part, pid in armed.items())

        await until(dead, f"each of {', '.join(armed)} to die at its crash point", within_s=60)
        await self.stack.wait_ready(*armed)

    async def close_procedures(self) -> Closings:
        """Each person asks for a certificate, which the fund grants; a fresh file and a fresh contact address go their way beside it."""
        started = await asyncio.gather(*[self._asks(person) for person in self.persons], self.espace.fund.records_a_person())
        return dict(zip(self.persons, started[:-1], strict=True))

    async def _asks(self, person: InsuredPerson) -> Procedure:
        await person.sets_contact()
        return await person.submits(ehic_certificate())

    async def all_is_delivered(self, closings: Closings) -> None:
        """Everything arrived, and when nothing is under way any more, nothing arrived twice."""

        async def faultless() -> bool:
            return not await self.violations(closings)

        try:
            await until(faultless, "each closed procedure to be delivered", within_s=90)
            await self.espace.topics.are_quiet()
        except AssertionError as waited:
            raise AssertionError(f"{waited}\n" + "\n".join(await self.violations(closings))) from None
        assert await self.violations(closings) == []

    async def violations(self, closings: Closings) -> list[str]:
        """What is lost, doubled, in the wrong channel or altered, in sentences; empty when all is as it should be."""
        letters = Counter(self._letters_at_the_printer())
        async with connect(f"mongodb://127.0.0.1:{self.stack.settings.port_store}") as client:
            return [
                violation
                for person, procedure in closings.items()
                for violation in await self._violations_of(person, procedure, client, letters)
            ]

    async def _violations_of(
        self, person: InsuredPerson, procedure: Procedure, client: AsyncMongoClient[Document], letters: Mapping[str, int]
    ) -> list[str]:
        name = f"procedure {procedure.id}"
        status = (await person.sees(procedure))["status"]
        if status != "closed":
            return [f"{name} is {status}"]
        rows = [row async for row in client["espace_documents"]["documents"].find({"insured": {"$exists": True}}) if about(row, procedure)]
        if len(rows) != 1:
            return [f"{name} has {len(rows)} documents"]
        channel = Channel.POST if person in self.by_post else Channel.EDELIVERY
        in_the_espace = await person.documents(procedure)  # downloaded, their hashes compared
        posted = letters[str(rows[0].get("letter"))] if channel is Channel.POST else 0
        expected = (0, 1) if channel is Channel.POST else (1, 0)
        found = (len(in_the_espace), posted)
        return [] if found == expected else [f"{name}: {found[0]} in the eSpace and {found[1]} at the printer's instead of {expected}"]

    def _letters_at_the_printer(self) -> list[str]:
        manifests = (self.stack.settings.state / "print" / "ready").glob("*/manifest.json")
        return [row["letter"] for manifest in manifests for row in json.loads(manifest.read_text())["letters"]]


def about(row: Document, procedure: Procedure) -> bool:
    return str(row["source"]["procedure"]) == procedure.id
