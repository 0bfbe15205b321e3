"""Persons whose procedures close while the parts are killed, and the count of what reached them."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from harness.espace import Espace
from harness.person import InsuredPerson
from harness.procedure import RECEIPT, Procedure, change_of_bank_details, ehic_certificate
from harness.waiting import until
from pymongo import AsyncMongoClient

from espace_contracts.vocabulary import Channel
from espace_embedded.login import Identity
from espace_embedded.stack import Stack
from espace_kernel.store import Document, connect

from .persistent import PATIENCE_S

Closings = Mapping[InsuredPerson, Procedure]


@dataclass(frozen=True)
class Deaths:
    """Which deaths are still to come."""

    points: Mapping[str, Sequence[str]]
    count: Callable[[str], int]

    def to_come(self) -> dict[str, str]:
        """The point that each part has still to reach next, by part."""
        return {part: points[self.count(part)] for part, points in self.points.items() if self.count(part) < len(points)}


@dataclass
class Town:
    """Some of its persons receive by eDelivery, some by post."""

    stack: Stack
    espace: Espace
    persons: Sequence[InsuredPerson]
    by_post: frozenset[InsuredPerson]
    deaths: Mapping[str, int]

    @classmethod
    async def founded(cls, stack: Stack, espace: Espace, deaths: Mapping[str, int], *, online: int, by_post: int) -> Town:
        await stack.wait_ready()
        persons = [await espace.insured_person(edelivery=number < online) for number in range(online + by_post)]
        return cls(stack, espace, persons, frozenset(persons[online:]), deaths)

    async def arm(self, points: Mapping[str, Sequence[str]], planted: str | None = None) -> Deaths:
        """Each part dies at its first point, comes back and dies at its second, and so on; planted: with this bug in them until then."""
        bug = {"PYTHONPATH": planted} if planted else {}
        already = dict(self.deaths)
        await asyncio.gather(
            *[self.stack.restart(part, *[{"CRASHPOINT": f"{point}:1", **bug} for point in wanted]) for part, wanted in points.items()]
        )
        return Deaths(points, lambda part: self.deaths[part] - already.get(part, 0))

    async def close_procedures(self) -> Closings:
        """Each person asks for a certificate, which the fund grants. Beside it a person is put on file, another logs out and in again,
        and a draft with a file attached is begun and deleted. Returns when all are closed."""
        closings, *_ = await asyncio.gather(
            self.ask_for_certificates(), self.espace.fund.records_a_person(), self._changes_her_mind(self.persons[0])
        )

        async def all_closed() -> bool:
            return all([(await person.sees(procedure))["status"] == "closed" for person, procedure in closings.items()])

        await until(all_closed, "each procedure to close", within_s=PATIENCE_S)
        return closings

    async def ask_for_certificates(self) -> Closings:
        """Each person forwards a procedure; none is waited for."""
        return dict(zip(self.persons, await asyncio.gather(*[self._asks(person) for person in self.persons]), strict=True))

    async def _asks(self, person: InsuredPerson) -> Procedure:
        if person is self.persons[-1]:
            await self._leaves_and_comes_back(person)
        return await person.submits(ehic_certificate())

    async def _leaves_and_comes_back(self, person: InsuredPerson) -> None:
        await person.logs_out()

        async def is_back() -> bool:  # a login that broke off half-way is begun anew
            return (await person.tries_to_log_in(Identity(person.file.matricule))).status_code == HTTPStatus.FOUND

        await until(is_back, "the person to be logged in again", within_s=PATIENCE_S)

    async def _changes_her_mind(self, person: InsuredPerson) -> None:
        draft = await person.starts(change_of_bank_details())
        answer = await person.asks("DELETE", f"/api/v1/procedures/{draft.id}")
        assert answer.status_code in (204, 404), answer.text  # 404: the first try deleted it, and died before it said so

    async def all_has_arrived(self, closings: Closings) -> None:
        """Returns when each document is where it belongs. Fails with a sentence for each that is not."""

        async def faultless() -> bool:
            return not await self.violations(closings)

        try:
            await until(faultless, "each closed procedure to be delivered", within_s=PATIENCE_S)
        except AssertionError as waited:
            raise AssertionError("\n".join([str(waited), *await self.violations(closings)])) from None

    async def nothing_comes_twice(self, rounds: Sequence[Closings]) -> None:
        """When nothing is under way any more, everything is still there exactly once."""
        await self.espace.topics.are_quiet()
        assert [violation for closings in rounds for violation in await self.violations(closings)] == []

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
        stored = [
            row async for row in client["espace_documents"]["documents"].find({"insured": {"$exists": True}}) if about(row, procedure)
        ]
        rows = [row for row in stored if row["type"] != RECEIPT]
        receipts = len(stored) - len(rows)
        if (len(rows), receipts) != (1, 1):
            return [f"{name} has {len(rows)} documents and {receipts} receipts"]
        if (shown := len(await person.receipts(procedure))) != 1:
            return [f"{name} shows {shown} receipts in the eSpace"]
        channel = Channel.POST if person in self.by_post else Channel.EDELIVERY
        in_the_espace = await person.documents(procedure)  # downloaded, their hashes compared
        posted = sum(letters[str(letter)] for letter in rows[0].get("letters", ()))
        expected = (0, 1) if channel is Channel.POST else (1, 0)
        found = (len(in_the_espace), posted)
        return [] if found == expected else [f"{name}: {found[0]} in the eSpace and {found[1]} at the printer's instead of {expected}"]

    def _letters_at_the_printer(self) -> list[str]:
        manifests = (self.stack.settings.state / "print" / "ready").glob("*/manifest.json")
        return [row["letter"] for manifest in manifests for row in json.loads(manifest.read_text())["letters"]]


def about(row: Document, procedure: Procedure) -> bool:
    return str(row["source"]["procedure"]) == procedure.id
