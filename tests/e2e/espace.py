"""The whole eSpace as a test speaks of it: persons, the fund, the printer, the mailbox, and what is said between the parts."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import httpx

from espace_embedded.stack import Stack

from .mailbox import Mailbox
from .person import InsuredPerson, PersonFile
from .print_run import PrintRun
from .procedure import Procedure
from .topics import Topics
from .waiting import until


class Fund:
    """The core systems' stand-in. By itself it decides by rule; by hand it waits for a command."""

    def __init__(self, stack: Stack, http: httpx.AsyncClient) -> None:
        self._stack, self._http = stack, http
        self._numbers = count()

    async def records_a_person(self) -> PersonFile:
        """One that no other test has."""
        answer = await self._http.post("/internal/persons", json={"count": 1, "offset": next(self._numbers)})
        return PersonFile.of(answer.raise_for_status().json()["persons"][0])

    @asynccontextmanager
    async def by_hand(self) -> AsyncIterator[None]:
        """Meanwhile nothing is decided without a command."""
        await self._stack.restart("cns-core", {"ESPACE_AUTO_DECIDE": "false"})
        yield
        await self._stack.restart("cns-core")

    async def approves(self, procedure: Procedure) -> None:
        await self._commands({"procedure": procedure.id, "action": "approve"})

    async def refuses(self, procedure: Procedure, because: str) -> None:
        await self._commands({"procedure": procedure.id, "action": "refuse", "reason": because})

    async def _commands(self, command: dict[str, str]) -> None:
        async def done() -> bool:
            answer = await self._http.post("/internal/decisions", json=command)
            assert answer.status_code in (201, 404), answer.text
            return answer.status_code == 201

        await until(done, "the submission to reach the fund")


class Espace:
    """The running stack."""

    def __init__(self, stack: Stack, opened: contextlib.AsyncExitStack) -> None:
        settings = stack.settings
        self._stack, self._opened = stack, opened
        self.topics = Topics(f"127.0.0.1:{settings.port_kafka}", f"mongodb://127.0.0.1:{settings.port_store}")
        self.mailbox = Mailbox(settings.state / "mail")
        self.print_run = PrintRun(settings.state / "print" / "ready")
        self.fund: Fund

    @classmethod
    @asynccontextmanager
    async def running(cls, stack: Stack) -> AsyncIterator[Espace]:
        async with contextlib.AsyncExitStack() as opened:
            espace = cls(stack, opened)
            espace.fund = Fund(stack, await espace._client("cns-core"))
            await opened.enter_async_context(espace.topics.listening())
            yield espace

    async def insured_person(self, *, edelivery: bool) -> InsuredPerson:
        """Somebody who is logged in, reads notices, and chose how to receive documents."""
        person = InsuredPerson(await self.fund.records_a_person(), await self._client("gateway"))
        await self.topics.are_quiet()  # every part knows her file
        await person.logs_in()
        await person.sets_contact()
        if edelivery:
            await person.switches_edelivery(on=True)
        return person

    async def stranger(self) -> httpx.AsyncClient:
        """Somebody at the gateway who has not logged in."""
        return await self._client("gateway")

    async def metrics(self) -> dict[str, str]:
        """What each service tells operators, by its name."""
        texts = {}
        for service in ("cns-core", "identity", "records", "procedures", "documents", "notifications", "gateway"):
            texts[service] = (await (await self._client(service)).get("/metrics")).text
        return texts

    def logs(self) -> dict[str, str]:
        """Everything that any part wrote to its log, by the part's name."""
        folder: Path = self._stack.settings.state / "logs"
        return {file.name: file.read_text(errors="replace") for file in folder.iterdir()}

    async def _client(self, service: str) -> httpx.AsyncClient:
        return await self._opened.enter_async_context(httpx.AsyncClient(base_url=self._stack.url(service), timeout=30))
