"""Identity alive on the real broker and the real store, and the fund's voice on its topic."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from joserfc.jwk import ECKey
from stdnum import luhn, verhoeff

from espace_contracts.event import Event
from espace_contracts.events import PersonRecorded
from espace_contracts.topics import ACCOUNTS, DELIVERIES, PERSONS, PROCEDURES, topics_of_group
from espace_contracts.vocabulary import Locale
from espace_identity.settings import Settings
from espace_identity.wiring import wire
from espace_kernel.envelope import message_for
from espace_kernel.service import Kernel, Wiring, application, working

from ..browser import Browser  # noqa: TID252  # shared with the unit tests
from ..provider import SECRET, LocalProvider, provider_on_a_port  # noqa: TID252  # likewise

GATEWAY = ("gateway", "the-gateway's-secret")
NOTIFICATIONS = ("notifications", "the-notifications'-secret")


async def until(condition: Callable[[], Awaitable[Any]]) -> Any:
    """What the condition gives, once it is true."""
    async with asyncio.timeout(30):
        while not (answer := await condition()):
            await asyncio.sleep(0.02)
    return answer


@dataclass
class Identity:
    """The service as the others meet it."""

    kernel: Kernel
    wiring: Wiring
    http: httpx.AsyncClient
    outside: httpx.AsyncClient
    provider: LocalProvider
    broker: str

    async def told(self, *events: Event) -> None:
        """The fund, or another part, tells something."""
        async with AIOKafkaProducer(bootstrap_servers=self.broker) as producer:
            for event in events:
                message = message_for(event)
                await producer.send_and_wait(message.topic, value=message.value, key=message.key, headers=list(message.headers))

    def browser(self) -> Browser:
        return Browser(self.http, self.outside)

    async def on_file(self, **changes: Any) -> PersonRecorded:
        """A new person, whom the service has heard of."""
        person = recorded(**changes)
        await self.told(person)
        persons = self.kernel.database["persons"]
        await until(lambda: persons.find_one({"_id": person.insured, "revision": person.revision}))
        return person

    async def logged_in(self, person: PersonRecorded, browser: Browser | None = None) -> Browser:
        """The browser of a person who logged in with LuxTrust."""
        browser = browser or self.browser()
        self.provider.logs_in(matricule=person.matricule, sub=str(person.insured))
        answer = await browser.logs_in()
        assert answer.status_code == 302, answer.text
        return browser

    async def token_for(self, secret: str, by: tuple[str, str] = GATEWAY, **more: str) -> httpx.Response:
        return await self.http.post("/internal/sessions/token", json={"session": secret, **more}, auth=by)

    async def bearer(self, browser: Browser) -> dict[str, str]:
        return {"authorization": f"Bearer {(await self.token_for(browser.session or '')).json()['token']}"}

    async def service_token(self, of: tuple[str, str]) -> dict[str, str]:
        return {"authorization": f"Bearer {(await self.http.post('/internal/token', auth=of)).json()['token']}"}


_numbers = count()


def new_matricule() -> str:
    """One that nobody has yet."""
    base = f"20010101{next(_numbers):03d}"
    return base + luhn.calc_check_digit(base) + verhoeff.calc_check_digit(base)


def recorded(**changes: Any) -> PersonRecorded:
    """A person as the fund tells of them."""
    facts = {
        "insured": uuid4(), "revision": 1, "matricule": new_matricule(), "given_name": "Sophie", "family_name": "Hoffmann",
        "date_of_birth": date(1983, 8, 12), "address": None, "locale": Locale.FRENCH,
    } | changes  # fmt: skip
    return PersonRecorded(**facts)


@pytest.fixture(scope="session")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("identity-secrets")
    (folder / "identity-signing-key.pem").write_bytes(ECKey.generate_key("P-256").as_pem(private=True))
    for name, secret in (GATEWAY, NOTIFICATIONS, ("identity", "identity's-own-secret"), ("provider", SECRET)):
        (folder / f"{name}.client-secret").write_text(secret)
    return folder


@pytest.fixture(scope="package")
async def identity(broker, store, secrets) -> AsyncIterator[Identity]:
    await _create_topics(broker.address)
    async with provider_on_a_port() as provider:
        providers = [
            {
                "id": name, "issuer": provider.issuer(name), "client_id": "espace", "client_secret_file": "provider.client-secret",
                f"{names_by}_claim": names_by,
            }
            for name, names_by in (("luxtrust", "matricule"), ("eid", "matricule"), ("eidas", "person_identifier"))
        ]  # fmt: skip
        settings = Settings(kafka=broker.address, mongodb=store.uri, secrets=secrets, providers=json.dumps(providers))
        kernel = Kernel("identity", settings)
        wiring = wire(kernel)
        transport = httpx.ASGITransport(application(kernel, wiring))
        async with (
            working(kernel, wiring),
            httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8101") as http,
            httpx.AsyncClient(trust_env=False, verify=False) as outside,
        ):
            yield Identity(kernel, wiring, http, outside, provider, broker.address)


async def _create_topics(address: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=address)
    await admin.start()
    there = set(await admin.list_topics())
    wanted = (PERSONS, ACCOUNTS, PROCEDURES, DELIVERIES, *topics_of_group("identity"))
    await admin.create_topics([NewTopic(topic.name, topic.partitions, 1) for topic in wanted if topic.name not in there])
    await admin.close()


@dataclass
class AccountsTopic:
    """What identity said, read from the beginning."""

    consumer: AIOKafkaConsumer

    async def of(self, insured: UUID, kind: type[Event], count: int) -> list[dict[str, Any]]:
        """The events of this kind about a person, once there are so many; and no more of them came with the last."""
        found: list[dict[str, Any]] = []
        await self.consumer.seek_to_beginning()
        async with asyncio.timeout(30):
            while len(found) < count:
                for records in (await self.consumer.getmany(timeout_ms=100)).values():
                    found += [
                        json.loads(record.value)
                        for record in records
                        if record.key == str(insured).encode() and dict(record.headers)["ce_type"] == kind.type.encode()
                    ]
        assert len(found) == count
        return found


@pytest.fixture
async def accounts_topic(broker, identity) -> AsyncIterator[AccountsTopic]:
    consumer = AIOKafkaConsumer(ACCOUNTS.name, bootstrap_servers=broker.address, auto_offset_reset="earliest", enable_auto_commit=False)
    async with consumer:
        yield AccountsTopic(consumer)
