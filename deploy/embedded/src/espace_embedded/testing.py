"""The pytest plugin of every test that needs a real broker or a real document store."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from espace_embedded import ports
from espace_embedded.broker import Broker
from espace_embedded.java import Java, prepare
from espace_embedded.settings import BUILD
from espace_embedded.store import Store

IN_CONTAINERS = os.environ.get("ESPACE_TEST_CONTAINERS") == "1"


class AnyBroker(Protocol):
    """A running Kafka broker."""

    @property
    def address(self) -> str:
        """Host and port of the bootstrap server."""


class AnyStore(Protocol):
    """A running document store that speaks MongoDB's protocol."""

    @property
    def uri(self) -> str:
        """The address for a MongoDB client."""


@pytest.fixture(scope="session")
def java() -> Java:
    """The Java runtime with everything fetched and compiled."""
    return prepare(BUILD, print)


@pytest.fixture(scope="session")
def stack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the session's broker and store keep their data and logs."""
    return tmp_path_factory.mktemp("espace")


@pytest.fixture(scope="session")
async def broker(request: pytest.FixtureRequest, stack_folder: Path) -> AsyncIterator[AnyBroker]:
    """The session's broker on a free port: ``broker.address``."""
    if IN_CONTAINERS:
        from espace_embedded.containers import broker_in_container  # noqa: PLC0415 - testcontainers is a development dependency

        with broker_in_container() as running:
            yield running
        return
    first, second = ports.free(2)
    embedded = Broker(request.getfixturevalue("java"), stack_folder / "kafka", (first, second), print)
    try:
        await embedded.start()
        await embedded.wait_ready()
        yield embedded
    finally:
        await embedded.stop()


@asynccontextmanager
async def _a_store(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[AnyStore]:
    if IN_CONTAINERS:
        from espace_embedded.containers import store_in_container  # noqa: PLC0415 - testcontainers is a development dependency

        with store_in_container() as running:
            yield running
        return
    embedded = Store(request.getfixturevalue("java"), folder, ports.free(1)[0], print)
    try:
        await embedded.start()
        await embedded.wait_ready()
        yield embedded
    finally:
        await embedded.stop()


@pytest.fixture(scope="session")
async def store(request: pytest.FixtureRequest, stack_folder: Path) -> AsyncIterator[AnyStore]:
    """The session's document store on a free port: ``store.uri``."""
    async with _a_store(request, stack_folder / "store") as running:
        yield running


@pytest.fixture(scope="module")
async def own_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AnyStore]:
    """A document store that no service of other tests works on, for tests that write what a running service would act on."""
    async with _a_store(request, tmp_path_factory.mktemp("store")) as running:
        yield running
