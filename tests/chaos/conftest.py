from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from harness.espace import Espace

from espace_embedded.settings import Settings
from espace_embedded.stack import Stack

from .persistent import Persistent
from .town import Town

KILLED = re.compile(r"^(?P<part>[\w-]+) ended \(by signal 9\)")


@pytest.fixture(scope="package")
def deaths() -> Counter[str]:
    """How often each part was killed, as the supervisor tells it."""
    return Counter()


@pytest.fixture(scope="package")
async def battered(tmp_path_factory: pytest.TempPathFactory, deaths: Counter[str]) -> AsyncIterator[tuple[Stack, Espace]]:
    """A stack of its own, since its parts are killed all the time."""
    settings = Settings.on_free_ports(tmp_path_factory.mktemp("town"))

    def tell(line: str) -> None:
        if killed := KILLED.match(line):
            deaths[killed["part"]] += 1

    async with Stack(settings, tell) as stack, Espace.running(stack, Persistent) as espace:
        yield stack, espace


@pytest.fixture
async def town(battered: tuple[Stack, Espace], deaths: Counter[str]) -> AsyncIterator[Town]:
    """Persons of its own for each test."""
    try:
        yield await Town.founded(*battered, deaths, online=2, by_post=2)
    finally:
        gc.collect()  # what the kills left of our own connections is complained of here, where it is expected


@pytest.fixture
async def online_town(battered: tuple[Stack, Espace], deaths: Counter[str]) -> AsyncIterator[Town]:
    """Without letters: those of a document that a planted bug has doubled would keep the printer waiting for ever."""
    try:
        yield await Town.founded(*battered, deaths, online=3, by_post=0)
    finally:
        gc.collect()  # what the kills left of our own connections is complained of here, where it is expected
