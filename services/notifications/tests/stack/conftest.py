"""Notifications on the real broker and the real store, in this process or in one of its own."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from espace_contracts.event import Event, declared_events
from espace_contracts.events import ContactConfirmed, LetterRequested, MobileConfirmed
from espace_contracts.topics import ACCOUNTS, DELIVERIES, DOCUMENTS, PREFERENCES, PROCEDURES, topics_of_group
from espace_contracts.vocabulary import ClaimCheck, DocumentId, DocumentType, InsuredId, LetterId, Locale
from espace_embedded import sms
from espace_embedded.ports import answers, free
from espace_kernel.clock import utc_now
from espace_kernel.envelope import Message, attributes_of, message_for
from espace_kernel.service import Kernel, application, working
from espace_kernel.store import connect
from espace_notifications.settings import Settings
from espace_notifications.wiring import wire

from .neighbours import SECRET, MailServer, Neighbours, until


async def died_or(process: asyncio.subprocess.Process, condition: Callable[[], Awaitable[bool]]) -> bool:
    """Whether the process has ended, or else whether the condition holds."""
    return process.returncode is not None or await condition()


@dataclass
class Person:
    """An insured person with a contact address of their own."""

    id: InsuredId = field(default_factory=lambda: InsuredId(uuid4()))

    @property
    def email(self) -> str:
        return f"person.{self.id.hex[:12]}@example.test"

    @property
    def mobile(self) -> str:
        return f"+352621{self.id.int % 10**6:06d}"

    def confirms_mobile(self, revision: int = 1) -> MobileConfirmed:
        return MobileConfirmed(insured=self.id, revision=revision, mobile=self.mobile, locale=Locale.FRENCH)

    def confirms(self, revision: int = 1, email: str | None = None) -> ContactConfirmed:
        return ContactConfirmed(insured=self.id, revision=revision, email=email or self.email, locale=Locale.FRENCH)


@dataclass
class Stage:
    """All that is around notifications."""

    broker: str
    store: str
    spool: Path
    secrets: Path
    neighbours: Neighbours
    mail: MailServer
    bounces: Path
    sms_port: int
    phones: Path
    producer: AIOKafkaProducer
    database: Any

    def settings(self, **changed: Any) -> Settings:
        home = f"http://127.0.0.1:{self.neighbours.port}"
        return Settings(
            kafka=self.broker, mongodb=self.store, identity_url=home, documents_url=home, secrets=self.secrets,
            smtp_port=self.mail.port, print_spool=self.spool, bounces=self.bounces,
            sms_url=f"http://127.0.0.1:{self.sms_port}/messages", **{"print_run_seconds": 0.3, "sms_at_night": True, **changed},
        )  # fmt: skip

    @asynccontextmanager
    async def service(self, **changed: Any) -> AsyncIterator[httpx.AsyncClient]:
        """A replica alive in this process, and its HTTP side."""
        kernel = Kernel("notifications", self.settings(**changed))
        wiring = wire(kernel)
        transport = httpx.ASGITransport(application(kernel, wiring))
        async with working(kernel, wiring), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8105") as http:
            yield http

    @asynccontextmanager
    async def process(self, crashpoint: str = "", **changed: Any) -> AsyncIterator[asyncio.subprocess.Process]:
        """A replica as a process of its own, which may die at a named place; stopped by SIGTERM when it is still alive at the end."""
        settings = self.settings(port=free(1)[0], **changed)
        variables = {f"ESPACE_{name.upper()}": str(value) for name, value in settings.model_dump().items()}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "espace_notifications", env={**os.environ, **variables, "CRASHPOINT": crashpoint},
            stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await until(lambda: died_or(process, lambda: answers(settings.port)))
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
                assert await process.wait() == 0 or crashpoint

    async def tell(self, *events: Event) -> list[Message]:
        """The other services say something; the messages may be sent again."""
        told = [message_for(event) for event in events]
        await self.send(*told)
        return told

    async def send(self, *told: Message) -> None:
        for message in told:
            await self.producer.send_and_wait(message.topic, value=message.value, key=message.key, headers=list(message.headers))

    def letter(self, person: Person | None = None, content: bytes | None = None) -> LetterRequested:
        """A letter that documents holds and asks to be posted."""
        letter = LetterId(uuid4())
        rendered = content or b"%PDF-1.7 letter " + letter.bytes * 50
        self.neighbours.letters[letter] = rendered
        return LetterRequested(
            insured=person.id if person else InsuredId(uuid4()), letter=letter, document=DocumentId(uuid4()),
            document_type=DocumentType.CLOSING_LETTER, locale=Locale.GERMAN, pages=2,
            pdf=ClaimCheck(sha256=hashlib.sha256(rendered).hexdigest(), size=len(rendered), media_type="application/pdf"),
        )  # fmt: skip

    async def letter_is(self, letter: UUID, state: str) -> dict[str, Any]:
        """The letter as it is stored, once it is in this state."""

        async def there() -> dict[str, Any] | None:
            found: dict[str, Any] | None = await self.database["letters"].find_one({"_id": letter, "state": state})
            return found

        return await until(there)

    async def notice_of(self, person: Person, state: str) -> dict[str, Any]:
        """The person's only e-mail notice as it is stored, once it is in this state."""

        async def there() -> dict[str, Any] | None:
            query = {"insured": person.id, "state": state, "means": "email"}
            found: dict[str, Any] | None = await self.database["notices"].find_one(query)
            return found

        return await until(there)

    async def texts_to(self, person: Person, count: int) -> list[str]:
        """What the gateway took for the person's number, once it is as much."""

        async def there() -> list[str] | None:
            messages = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(self.phones.glob("*.json"))]
            found = [message["text"] for message in messages if message["to"] == person.mobile]
            return found if len(found) >= count else None

        texts: list[str] = await until(there)
        return texts

    async def leases_end(self) -> None:
        """What a dead replica held, or what waits for its next try, is due now."""
        moments = {"print_runs": "next_try_at", "notices": "next_try_at", "contact_codes": "next_try_at", "letters": "waits_from"}
        for collection, field_name in moments.items():
            await self.database[collection].update_many({field_name: {"$gt": utc_now()}}, {"$set": {field_name: utc_now()}})

    def folders_with(self, letter: UUID) -> list[Path]:
        """The print runs in which the letter lies."""
        return [file.parent for file in self.spool.glob(f"ready/*/*-{letter}.pdf")]

    async def deliveries_of(self, letter: UUID) -> list[Event]:
        """What was told of the letter, or the notice, until now, each event once."""
        marker = (
            await self.producer.send_and_wait(DELIVERIES.name, key=letter.bytes, value=b"", headers=[("marker", letter.bytes)])
        ).offset
        told: dict[str, Event] = {}
        async with AIOKafkaConsumer(DELIVERIES.name, bootstrap_servers=self.broker, auto_offset_reset="earliest") as consumer:
            ends = await consumer.end_offsets(consumer.assignment())
            assert marker < max(ends.values())
            while any([await consumer.position(partition) < end for partition, end in ends.items()]):
                for records in (await consumer.getmany(timeout_ms=200)).values():
                    for record in records:
                        attributes = attributes_of(record.headers)
                        if attributes.get("subject") == str(letter):
                            told[attributes["id"]] = declared_events()[attributes["type"]].model_validate_json(record.value)
        return list(told.values())


@pytest.fixture(scope="session")
async def topics(broker) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    there = set(await admin.list_topics())
    wanted = (ACCOUNTS, DOCUMENTS, PROCEDURES, PREFERENCES, DELIVERIES, *topics_of_group("notifications"))
    await admin.create_topics([NewTopic(topic.name, topic.partitions, 1) for topic in wanted if topic.name not in there])
    await admin.close()


@pytest.fixture
async def stage(broker, store, topics, tmp_path) -> AsyncIterator[Stage]:
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    (secrets / "notifications.client-secret").write_text(SECRET)
    (secrets / "sms-gateway.secret").write_text(SECRET)
    neighbours, mail = Neighbours(free(1)[0]), MailServer(free(1)[0])
    gateway = sms.gateway(free(1)[0], tmp_path / "phones")
    answering = Thread(target=gateway.serve_forever, daemon=True)
    answering.start()
    client = connect(store.uri)
    await neighbours.come()
    await mail.come()
    async with AIOKafkaProducer(bootstrap_servers=broker.address) as producer:
        yield Stage(
            broker.address, store.uri, tmp_path / "print", secrets, neighbours, mail, tmp_path / "bounces", gateway.server_port,
            tmp_path / "phones", producer, client["espace_notifications"],
        )  # fmt: skip
    await mail.go()
    await neighbours.go()
    await client.close()
    await asyncio.to_thread(gateway.shutdown)
    gateway.server_close()
