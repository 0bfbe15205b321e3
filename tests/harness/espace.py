"""The whole eSpace as a test speaks of it: persons, the fund, the printer, the mailbox, and what is said between the parts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from espace_embedded.login import Login
from espace_embedded.stack import Stack

from .mailbox import Mailbox, Phones
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

    async def records_a_person(self, *, family: bool = False) -> PersonFile:
        """One that no other test has; with a family: a spouse and two children, who are persons on file themselves."""
        recorded = await self._told("/internal/persons", {"count": 1, "offset": next(self._numbers), "family": family})
        return PersonFile.of(recorded["persons"][0])

    async def file_of(self, matricule: str) -> PersonFile:
        """The person on file with this matricule."""
        return PersonFile.of(await self._told("/internal/persons/search", {"matricule": matricule}))

    async def records(self, fact: str, insured: str, **content: Any) -> dict[str, Any]:
        """A fact about a person, from one moment to the next: `family` with members, `leave` with children, `reimbursements` with lines."""
        return await self._told(f"/internal/{fact}", {"insured": insured, **content})

    async def writes(self, procedure: Procedure, text: str) -> None:
        """A message to the person, about a procedure that the fund holds."""
        await self._told("/internal/messages", {"procedure": procedure.id, "text": text})

    async def demo_persons(self) -> dict[str, PersonFile]:
        """Those with an address, by matricule."""
        recorded = await self._told("/internal/persons/demo", {})
        return {row["matricule"]: PersonFile.of(row) for row in recorded["persons"] if row["address"]}

    @asynccontextmanager
    async def by_hand(self) -> AsyncIterator[None]:
        """Meanwhile nothing is decided without a command."""
        await self._stack.restart("cns-core", {"ESPACE_AUTO_DECIDE": "false"})
        try:
            yield
        finally:
            await self._stack.restart("cns-core")

    async def approves(self, procedure: Procedure) -> None:
        """By the command line; the submission must have reached the fund."""
        await self._stack.command("cns-core", "decide", procedure.id, "--approve")

    async def refuses(self, procedure: Procedure, because: str) -> None:
        """As soon as the submission has reached the fund."""
        command = {"procedure": procedure.id, "action": "refuse", "reason": because}

        async def done() -> bool:
            answer = await self._http.post("/internal/decisions", json=command)
            assert answer.status_code in (201, 404), answer.text
            return answer.status_code == 201

        await until(done, "the submission to reach the fund")

    async def finds_withdrawn(self, procedure: Procedure) -> bool:
        """Whether the fund refuses to decide, since the person took the procedure back."""
        answer = await self._http.post("/internal/decisions", json={"procedure": procedure.id, "action": "approve"})
        return answer.status_code == 409 and bool(answer.json()["type"] == "/problems/withdrawn")

    async def _told(self, path: str, command: Mapping[str, Any]) -> dict[str, Any]:
        answer = await self._http.post(path, json=command)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        told: dict[str, Any] = answer.json()
        return told


Transport = Callable[[], httpx.AsyncBaseTransport]


class Espace:
    """The running stack."""

    def __init__(self, stack: Stack, opened: contextlib.AsyncExitStack, transport: Transport) -> None:
        settings = stack.settings
        self._stack, self._opened, self._transport = stack, opened, transport
        self.state = settings.state
        self.topics = Topics(f"127.0.0.1:{settings.port_kafka}", f"mongodb://127.0.0.1:{settings.port_store}")
        self.mailbox, self.phones = Mailbox(self.state / "mail"), Phones(self.state / "sms")
        self.print_run = PrintRun(self.state / "print" / "ready")
        self.fund: Fund

    @classmethod
    @asynccontextmanager
    async def running(cls, stack: Stack, transport: Transport = httpx.AsyncHTTPTransport) -> AsyncIterator[Espace]:
        """`transport`: how everybody's requests are sent."""
        async with contextlib.AsyncExitStack() as opened:
            espace = cls(stack, opened, transport)
            espace.fund = Fund(stack, await espace._client("cns-core"))
            await opened.enter_async_context(espace.topics.listening())
            yield espace

    async def insured_person(self, *, edelivery: bool, family: bool = False, email_begins: str = "") -> InsuredPerson:
        """Somebody who is logged in, reads notices, and chose how to receive documents. `email_begins`: see harness/mailbox.py."""
        person = await self._visitor(await self.fund.records_a_person(family=family))
        person.email = email_begins + person.email
        await person.sets_contact()
        if edelivery:
            await person.switches_edelivery(on=True)
        return person

    async def relatives(self, person: InsuredPerson, relation: str) -> list[InsuredPerson]:
        """Those recorded with a person, logged in."""
        return [await self._visitor(await self.fund.file_of(matricule)) for kind, matricule in person.file.family if kind == relation]

    async def demo_person(self, matricule: str) -> InsuredPerson:
        """One of those whom the demonstration shows, logged in."""
        return await self._visitor((await self.fund.demo_persons())[matricule])

    async def on_another_device(self, person: InsuredPerson) -> InsuredPerson:
        """The same person, logged in with another browser."""
        elsewhere = await self._with_a_browser(person.file)
        await elsewhere.logs_in()
        return elsewhere

    @asynccontextmanager
    async def impatient(self) -> AsyncIterator[None]:
        """Documents that become available meanwhile, and run against a deadline, are reminded of after a second and on paper after two."""
        ladder = {"deadline": {"reminders": ["PT1S"], "paper": "PT2S"}}
        await self._stack.restart("documents", {"ESPACE_UNREAD_LADDER": json.dumps(ladder)})
        try:
            yield
        finally:
            await self._stack.restart("documents")

    async def not_logged_in(self) -> InsuredPerson:
        """Somebody whom every part knows, before they log in."""
        person = await self._with_a_browser(await self.fund.records_a_person())
        await self.topics.are_quiet()
        return person

    async def stranger(self) -> httpx.AsyncClient:
        """Somebody at the gateway who has not logged in."""
        return await self._client("gateway")

    async def demonstrates(self) -> tuple[int, str]:
        """`espace demo` on this stack: its exit code and what it printed."""
        await self._stack.command("cns-core", "seed")
        return await self.command("demo")

    async def command(self, *arguments: str) -> tuple[int, str]:
        """`espace ...` on this stack: its exit code and what it printed."""
        variables = {f"ESPACE_{name}".upper(): str(value) for name, value in self._stack.settings.model_dump().items()}
        process = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).with_name("espace")), *arguments, env={**os.environ, **variables}, stdout=PIPE, stderr=STDOUT
        )
        output, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, output.decode()

    async def metrics(self) -> dict[str, str]:
        """What each service tells operators, by its name."""
        texts = {}
        for service in ("cns-core", "identity-provider", "identity", "records", "procedures", "documents", "notifications", "gateway"):
            texts[service] = (await (await self._client(service)).get("/metrics")).text
        return texts

    def logs(self) -> dict[str, str]:
        """Everything that any part wrote to its log, by the part's name."""
        return {file.name: file.read_text(errors="replace") for file in (self.state / "logs").iterdir()}

    async def _visitor(self, file: PersonFile) -> InsuredPerson:
        person = await self._with_a_browser(file)
        await self.topics.are_quiet()  # every part knows the file
        await person.logs_in()
        return person

    async def _with_a_browser(self, file: PersonFile) -> InsuredPerson:
        return InsuredPerson(file, await self._client("gateway"), Login(self._stack.settings), self.mailbox, self.phones)

    async def _client(self, service: str) -> httpx.AsyncClient:
        return await self._opened.enter_async_context(
            httpx.AsyncClient(base_url=self._stack.url(service), transport=self._transport(), timeout=30)
        )
