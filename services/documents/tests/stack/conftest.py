"""The service alive on the real broker and store, with a real worker typesetting; the tests play the rest of the eSpace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from pydantic import TypeAdapter

from espace_contracts.contents import BankAccountChange, DocumentContent
from espace_contracts.event import Event
from espace_contracts.events import DocumentOrder, PersonRecorded, ProcedureClosed
from espace_contracts.topics import topics_on_the_broker
from espace_contracts.vocabulary import InsuredId, Locale, Outcome, PostalAddress, ProcedureId, ProcedureKind
from espace_documents.domain.document import Document
from espace_documents.settings import Settings
from espace_documents.wiring import wire
from espace_embedded import secret_files
from espace_kernel.access import ALGORITHM, AUDIENCE, ISSUER, TokenVerifier
from espace_kernel.envelope import Message, message_for
from espace_kernel.service import Kernel, application, working

KEY = ECKey.generate_key("P-256", {"kid": "test"})
SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"
HOME = PostalAddress(lines=("14, rue de la Gare", "L-4571 Oberkorn"), country="LU")
PATIENCE = 30
"""Seconds after which a condition is taken to never come true."""


async def published_keys() -> KeySet:
    return KeySet([KEY])


def token(subject: object, kind: str, logged_in: float = 0) -> dict[str, str]:
    """The headers of a caller who logged in `logged_in` seconds ago."""
    now = int(time.time())
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": str(subject), "kind": kind, "acr": SUBSTANTIAL, "auth_time": now - int(logged_in),
        "iat": now, "exp": now + 120,
    }  # fmt: skip
    return {"Authorization": f"Bearer {jwt.encode({'alg': ALGORITHM, 'kid': 'test'}, claims, KEY)}"}


def bank_account_change(**changes: Any) -> BankAccountChange:
    return BankAccountChange(
        **{
            "procedure_reference": "P-7F3K-2M9Q",
            "old_iban_masked": "LU12 **** **** **** 7891",
            "new_iban_masked": "LU28 **** **** **** 0000",
            "holder": "Sophie Hoffmann",
            "bic": "BCEELULL",
            "effective_on": date(2026, 3, 3),
            **changes,
        }
    )


@dataclass
class Topics:
    """The topics as the others write and read them."""

    address: str
    producer: AIOKafkaProducer

    async def say(self, event: Event) -> Message:
        message = message_for(event)
        await self.send(message)
        return message

    async def send(self, message: Message) -> None:
        await self.producer.send_and_wait(message.topic, message.value, key=message.key, headers=list(message.headers))

    async def heard(self, topic: str, insured: UUID, *, count: int) -> list[Any]:
        """All records about this person, once there are `count` of them; more are a failure of the test."""
        consumer = AIOKafkaConsumer(topic, bootstrap_servers=self.address, auto_offset_reset="earliest", enable_auto_commit=False)
        await consumer.start()
        found: list[Any] = []
        try:
            async with asyncio.timeout(PATIENCE):
                while len(found) < count:
                    batches = await consumer.getmany(timeout_ms=200)
                    found += [record for records in batches.values() for record in records if record.key == str(insured).encode()]
        finally:
            await consumer.stop()
        assert len(found) == count
        return found


@dataclass
class Person:
    """An insured person with a login, seen from outside."""

    id: InsuredId
    service: Service

    async def get(self, path: str, *, at_hand: str = "") -> httpx.Response:
        known = {"If-None-Match": at_hand} if at_hand else {}
        return await self.service.http.get(f"/api/v1{path}", headers=token(self.id, "person") | known)

    async def switches_edelivery(self, *, active: bool, logged_in: float = 0) -> httpx.Response:
        headers = token(self.id, "person", logged_in)
        async with asyncio.timeout(PATIENCE):
            while (answer := await self.service.http.put("/api/v1/edelivery", json={"active": active}, headers=headers)).status_code == 503:
                await asyncio.sleep(0.02)
        return answer

    async def receives(self, *, exactly: int) -> list[dict[str, Any]]:
        """The documents of the eSpace, once there are as many as expected."""
        async with asyncio.timeout(PATIENCE):
            while len(documents := (await self.get("/documents")).json()["documents"]) < exactly:
                await asyncio.sleep(0.02)
        assert len(documents) == exactly
        return documents


@dataclass
class Service:
    """The service under test and the people around it."""

    kernel: Kernel
    http: httpx.AsyncClient
    topics: Topics

    async def person(self, *, edelivery: bool = False) -> Person:
        """Somebody on file, who chose eDelivery or did not."""
        person = self.stranger()
        await self.records(person)
        if edelivery:
            assert (await person.switches_edelivery(active=True)).json()["active"] is True
        return person

    def stranger(self) -> Person:
        """Somebody whose file has not arrived."""
        return Person(InsuredId(uuid4()), self)

    async def records(self, person: Person, *, revision: int = 1, address: PostalAddress | None = HOME, deceased: bool = False) -> None:
        await self.topics.say(
            PersonRecorded(
                insured=person.id,
                revision=revision,
                matricule="1983081246785",
                given_name="Sophie",
                family_name="Hoffmann",
                date_of_birth=date(1983, 8, 12),
                address=address,
                locale=Locale.FRENCH,
                deceased=deceased,
            )
        )

    async def closes(self, person: Person, *contents: DocumentContent, without_login: bool = False) -> Message:
        """A procedure of this person closes and leads to these documents."""
        ordered = contents or (bank_account_change(),)
        return await self.topics.say(
            ProcedureClosed(
                insured=person.id,
                procedure=ProcedureId(uuid4()),
                kind=ProcedureKind.BANK_DETAILS_CHANGE,
                outcome=Outcome.APPROVED,
                documents=tuple(DocumentOrder(recipient=person.id, content=content, by_post=without_login) for content in ordered),
                locale=Locale.GERMAN,
            )
        )

    async def stored(self, document: UUID) -> Document:
        """A document as the store holds it."""
        found = await self.kernel.database["documents"].find_one({"_id": document}, {"outbox": 0})
        assert found is not None
        return TypeAdapter(Document).validate_python({"id": document, **found})

    async def internal(self, path: str) -> httpx.Response:
        """Asked by a service."""
        return await self.http.get(f"/internal{path}", headers=token("notifications", "service"))


@pytest.fixture(scope="package")
async def topics(broker) -> AsyncIterator[Topics]:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    there = set(await admin.list_topics())
    await admin.create_topics([NewTopic(topic.name, topic.partitions, 1) for topic in topics_on_the_broker() if topic.name not in there])
    await admin.close()
    producer = AIOKafkaProducer(bootstrap_servers=broker.address)
    await producer.start()
    yield Topics(broker.address, producer)
    await producer.stop()


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The service's keys, made as the embedded stack makes them."""
    folder = tmp_path_factory.mktemp("secrets")
    secret_files.make_missing(folder, ["documents"])
    return folder


@pytest.fixture(scope="session")
def new_kernel(broker, store, secrets) -> Callable[[], Kernel]:
    def make() -> Kernel:
        limits = {"rendering_workers": 1, "rendering_time_limit_s": 2}
        kernel = Kernel("documents", Settings(kafka=broker.address, mongodb=store.uri, secrets=secrets, **limits))
        kernel.verifier = TokenVerifier(published_keys)
        return kernel

    return make


@pytest.fixture(scope="package")
async def service(new_kernel, topics) -> AsyncIterator[Service]:
    kernel = new_kernel()
    wiring = wire(kernel)
    transport = httpx.ASGITransport(application(kernel, wiring))
    async with working(kernel, wiring), httpx.AsyncClient(transport=transport, base_url="http://documents") as http:
        yield Service(kernel, http, topics)
