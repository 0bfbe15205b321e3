from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from harness.espace import Espace

from espace_embedded.settings import Settings
from espace_embedded.stack import Stack

from .town import Town


@pytest.fixture(scope="session")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """A stack of its own, since its parts are killed all the time."""
    settings = Settings.on_free_ports(tmp_path_factory.mktemp("town"))
    async with Stack(settings) as stack, Espace.running(stack) as espace:
        town = await Town.founded(stack, espace, size=6)
        yield town
        await town.leave()
