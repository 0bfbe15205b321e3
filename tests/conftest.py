from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from harness.espace import Espace

from espace_embedded.settings import Settings
from espace_embedded.stack import Stack


@pytest.fixture(scope="package")
async def espace(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Espace]:
    """Every part of the eSpace, each a process of its own, on free ports and new data."""
    settings = Settings.on_free_ports(tmp_path_factory.mktemp("whole-espace"))
    async with Stack(settings) as stack, Espace.running(stack) as espace:
        yield espace
