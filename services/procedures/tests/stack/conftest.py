"""Procedures alive on the real broker and the real store; the test plays the person, the fund and whoever reads the topic."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pikepdf
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from pymongo.asynchronous.database import AsyncDatabase

from espace_contracts.event import Event
from espace_contracts.events import BankDetailsChangeGranted, CorrectionRequested, ProcedureClosed, ProcedureDecided
from espace_contracts.topics import PROCEDURES, dead_letters_of, topics_on_the_broker
from espace_contracts.vocabulary import InsuredId, Outcome, ProcedureId
from espace_kernel.access import ALGORITHM, AUDIENCE, ISSUER, TokenVerifier
from espace_kernel.envelope import Message, message_for
from espace_kernel.service import Kernel, Wiring, application, working
from espace_procedures.settings import Settings
from espace_procedures.wiring import wire

LEVELS = "http://eidas.europa.eu/LoA/"
IBAN = "LU280019400644750000"
ANSWERS = {"iban": IBAN, "holder": "Sophie Hoffmann"}


def page(width: int = 595) -> bytes:
    """A PDF of one empty page, so many points wide."""
    pdf, file = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page(page_size=(width, 842))
    pdf.save(file, deterministic_id=True)
    return file.getvalue()


PDF = page()
SHORT_LADDER = (0.05, 0.1)
CLOSED = ProcedureClosed.type


@dataclass
class Wire:
    """The topics as the fund and the other services see them."""

    producer: AIOKafkaProducer
    heard: list[Any] = field(default_factory=list)

    async def send(self, *messages: Message) -> None:
        for message in messages:
            await self.producer.send_and_wait(message.topic, message.value, key=message.key, headers=list(message.headers))

    async def tell(self, *events: Event) -> None:
        await self.send(*(message_for(event) for event in events))

    def about(self, procedure: str, event_type: str) -> list[dict[str, Any]]:
        """What was told of a procedure, oldest first."""
        found = []
        for record in self.heard:
            headers = dict(record.headers)
            if (
                record.topic == PROCEDURES.name
                and headers["ce_subject"] == procedure.encode()
                and headers["ce_type"] == event_type.encode()
            ):
                found.append(json.loads(record.value))
        return found

    async def until(self, procedure: str, event_type: str, times: int = 1) -> dict[str, Any]:
        """The last such event, once it came that often; more often is an error."""
        async with asyncio.timeout(60):
            while len(found := self.about(procedure, event_type)) < times:
                await asyncio.sleep(0.02)
        assert len(found) == times
        return found[-1]

    async def dead_letter(self, message: Message) -> dict[str, str]:
        """The headers of the dead letter that this message became."""
        async with asyncio.timeout(30):
            while True:
                for record in self.heard:
                    headers = {name: value.decode() for name, value in record.headers}
                    if record.topic == dead_letters_of("procedures") and headers["ce_id"] == message.id:
                        return headers
                await asyncio.sleep(0.02)


@pytest.fixture(scope="session")
def signing_key() -> ECKey:
    return ECKey.generate_key("P-256")


@pytest.fixture(scope="session")
async def topics(broker) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    there = set(await admin.list_topics())
    await admin.create_topics([NewTopic(topic.name, topic.partitions, 1) for topic in topics_on_the_broker() if topic.name not in there])
    await admin.close()


@pytest.fixture(scope="package")
async def wire_(broker, topics) -> AsyncIterator[Wire]:
    listened = (PROCEDURES.name, dead_letters_of("procedures"))
    consumer = AIOKafkaConsumer(*listened, bootstrap_servers=broker.address, auto_offset_reset="earliest", metadata_max_age_ms=1000)
    async with AIOKafkaProducer(bootstrap_servers=broker.address) as producer, consumer:
        wire = Wire(producer)

        async def listen() -> None:
            async for record in consumer:
                wire.heard.append(record)

        listening = asyncio.create_task(listen())
        yield wire
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening


@dataclass
class Person:
    """An insured person with a login, at the service's own address."""

    http: httpx.AsyncClient
    key: ECKey
    insured: InsuredId = field(default_factory=lambda: InsuredId(uuid4()))
    level: str = "substantial"
    logged_in_before: int = 0
    """Seconds since the login."""
    represented_by: InsuredId | None = None
    """Who acts in this person's place, by a mandate for the services in `scope`."""
    scope: str = "procedures"

    async def ask(
        self,
        method: str,
        path: str = "",
        *,
        root: str = "/api/v1/procedures",
        key: str | None = None,
        version: int | None = None,
        **how: Any,
    ) -> httpx.Response:
        """A request under /api/v1/procedures, or another root; `key` is its Idempotency-Key, `version` goes into If-Match."""
        headers = {"authorization": f"Bearer {self._token()}", **how.pop("headers", {})}
        if method == "POST":
            headers["idempotency-key"] = key or str(uuid4())
        if version is not None:
            headers["if-match"] = f'"{version}"'
        return await self.http.request(method, f"{root}{path}", headers=headers, **how)

    def _token(self) -> str:
        now = int(datetime.now(UTC).timestamp())
        moments = {"auth_time": now - self.logged_in_before, "iat": now, "exp": now + 60}
        act = {"act": {"sub": str(self.represented_by)}, "scope": self.scope} if self.represented_by else {}
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(self.insured), "kind": "person", "acr": LEVELS + self.level, **moments, **act}
        return jwt.encode({"alg": ALGORITHM, "kid": self.key.thumbprint()}, claims, self.key)

    async def writes(self, procedure: dict[str, Any], text: str, key: str | None = None) -> httpx.Response:
        return await self.ask("POST", f"/{procedure['id']}/messages", key=key, json={"text": text})

    async def starts(self, kind: str = "bank_details_change", locale: str = "de") -> dict[str, Any]:
        answer = await self.ask("POST", json={"kind": kind, "locale": locale})
        assert answer.status_code == 201
        return _shown(answer)

    async def saves(self, procedure: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
        answer = await self.ask("PUT", f"/{procedure['id']}/answers", version=procedure["version"], json={"answers": answers})
        assert answer.status_code == 200
        return _shown(answer)

    async def attaches(self, procedure: dict[str, Any], content: bytes = PDF) -> dict[str, Any]:
        answer = await self.ask("POST", f"/{procedure['id']}/attachments", **bank_statement(content))
        assert answer.status_code == 201
        return _shown(answer)

    async def submits(self, procedure: dict[str, Any]) -> dict[str, Any]:
        answer = await self.ask("POST", f"/{procedure['id']}/submissions", version=procedure["version"])
        assert answer.status_code == 201
        return _shown(answer)

    async def has_forwarded(self) -> dict[str, Any]:
        return await self.submits(await self.saves(await self.starts(), ANSWERS))

    async def reads(self, procedure: dict[str, Any]) -> dict[str, Any]:
        answer = await self.ask("GET", f"/{procedure['id']}")
        assert answer.status_code == 200
        return _shown(answer)

    async def sees(self, procedure: dict[str, Any], status: str) -> dict[str, Any]:
        """The procedure, once it is in this status."""
        async with asyncio.timeout(30):
            while (shown := await self.reads(procedure))["status"] != status:
                await asyncio.sleep(0.02)
        return shown

    def approval(self, procedure: dict[str, Any], submission: int = 1) -> ProcedureDecided:
        granted = BankDetailsChangeGranted(
            replaced_iban="LU120010001234567891", iban=IBAN, bic=None, holder="Sophie Hoffmann", effective_on=date(2026, 3, 3)
        )
        return ProcedureDecided(
            insured=self.insured, procedure=ProcedureId(UUID(procedure["id"])), submission=submission, outcome=Outcome.APPROVED,
            decided_on=date(2026, 3, 2), reason=None, granted=granted,
        )  # fmt: skip

    def correction(self, procedure: dict[str, Any], submission: int = 1) -> CorrectionRequested:
        return CorrectionRequested(
            insured=self.insured, procedure=ProcedureId(UUID(procedure["id"])), submission=submission, reason="Der Kontonachweis fehlt."
        )


def _shown(answer: httpx.Response) -> dict[str, Any]:
    procedure: dict[str, Any] = answer.json()
    assert answer.headers["etag"] == f'"{procedure["version"]}"'
    return procedure


def bank_statement(content: bytes) -> dict[str, Any]:
    """How a form sends it."""
    return {"data": {"role": "bank_statement"}, "files": {"file": ("Kontoauszug von Sophie.pdf", content)}}


@dataclass
class Service:
    """The service as it lives."""

    http: httpx.AsyncClient
    database: AsyncDatabase[dict[str, Any]]
    wiring: Wiring
    key: ECKey

    def person(self, **login: Any) -> Person:
        """Somebody no other test knows."""
        return Person(self.http, self.key, **login)


Living = Callable[..., AbstractAsyncContextManager[Service]]


@pytest.fixture(scope="session")
def secrets(tmp_path_factory) -> Path:
    """The folder of secret files, with the key that attachments are encrypted with."""
    folder: Path = tmp_path_factory.mktemp("secrets")
    (folder / "procedures-attachments.key").write_text(base64.b64encode(os.urandom(32)).decode(), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def living(broker, store, topics, signing_key, secrets) -> Living:
    """Brings the service to life: `async with living() as service`, with settings of its own if need be."""

    @asynccontextmanager
    async def alive(**settings: Any) -> AsyncIterator[Service]:
        kernel = Kernel("procedures", Settings(kafka=broker.address, mongodb=store.uri, instance="1", secrets=secrets, **settings))

        async def keys() -> KeySet:
            return KeySet.import_key_set({"keys": [{**signing_key.as_dict(private=False), "kid": signing_key.thumbprint()}]})

        kernel.verifier = TokenVerifier(keys)
        wiring = wire(kernel)
        transport = httpx.ASGITransport(application(kernel, wiring))
        async with (
            working(kernel, wiring, SHORT_LADDER),
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8103") as http,
        ):
            yield Service(http, kernel.database, wiring, signing_key)

    return alive


@pytest.fixture(scope="module")
async def service(living) -> AsyncIterator[Service]:
    """One life of the service for all tests of a module."""
    async with living() as alive:
        yield alive
