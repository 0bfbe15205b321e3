"""An open page of the eSpace: what is told to it, in the order in which it comes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from .procedure import RECEIPT


class Page:
    """The lines of a stream of server-sent events."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines

    async def told(self, name: str) -> dict[str, Any]:
        """The data of the next event of this name that is not about a receipt, whatever else is told before."""
        async with asyncio.timeout(30):
            async for line in self._lines:
                if line == f"event: {name}":
                    data = await anext(self._lines)
                    told: dict[str, Any] = json.loads(data.removeprefix("data: "))
                    if told.get("document_type") != RECEIPT:
                        return told
        raise AssertionError(f"The stream ended before it told {name}.")
