"""Records alive on the real broker and the real store, and the fund's voice on its topic."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from espace_contracts.event import Event
from espace_contracts.topics import BENEFITS, PERSONS, topics_of_group
from espace_kernel.access import ALGORITHM, AUDIENCE, ISSUER, TokenVerifier
from espace_kernel.envelope import message_for
from espace_kernel.service import Kernel, application, working
from espace_records.settings import Settings
from espace_records.wiring import wire

SUBSTANTIAL = "http://eidas.europa.eu/LoA/substantial"


@dataclass
class Records:
    """The service as the others meet it."""

    http: httpx.AsyncClient
    broker: str
    key: ECKey

    async def told(self, *events: Event) -> None:
        """The fund tells something."""
        async with AIOKafkaProducer(bootstrap_servers=self.broker) as producer:
            for event in events:
                message = message_for(event)
                await producer.send_and_wait(message.topic, value=message.value, key=message.key, headers=list(message.headers))

    async def get(self, path: str, insured: UUID, acr: str = SUBSTANTIAL, **headers: str) -> httpx.Response:
        """What the person gets."""
        now = int(datetime.now(UTC).timestamp())
        moments = {"auth_time": now, "iat": now, "exp": now + 60}
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(insured), "kind": "person", "acr": acr, **moments}
        token = jwt.encode({"alg": ALGORITHM, "kid": self.key.thumbprint()}, claims, self.key)
        return await self.http.get(path, headers={"authorization": f"Bearer {token}"} | headers)

    async def shows(self, path: str, insured: UUID, **wanted: object) -> httpx.Response:
        """What the person gets, once it is there and says what is wanted."""
        async with asyncio.timeout(30):
            while (answer := await self.get(path, insured)).status_code == 404 or any(
                answer.json()[name] != value for name, value in wanted.items()
            ):
                await asyncio.sleep(0.02)
        return answer


@pytest.fixture(scope="package")
async def records(broker, store) -> AsyncIterator[Records]:
    await _create_topics(broker.address)
    key = ECKey.generate_key("P-256")

    async def keys() -> KeySet:
        return KeySet.import_key_set({"keys": [{**key.as_dict(private=False), "kid": key.thumbprint()}]})

    kernel = Kernel("records", Settings(kafka=broker.address, mongodb=store.uri))
    kernel.verifier = TokenVerifier(keys)
    wiring = wire(kernel)
    transport = httpx.ASGITransport(application(kernel, wiring))
    async with working(kernel, wiring), httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8102") as http:
        yield Records(http, broker.address, key)


async def _create_topics(address: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    there = set(await admin.list_topics())
    wanted = (PERSONS, BENEFITS, *topics_of_group("records"))
    await admin.create_topics([NewTopic(topic.name, topic.partitions, 1) for topic in wanted if topic.name not in there])
    await admin.close()
