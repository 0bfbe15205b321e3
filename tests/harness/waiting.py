"""Waiting for conditions, never for time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

WITHIN_S = 60.0
"""Generous: a machine that is busy with other tests still passes; one that is not waits for the condition alone."""


async def until(condition: Callable[[], Awaitable[T]], what: str, within_s: float = WITHIN_S) -> T:
    """The first answer that is true. Fails with `what` was waited for."""
    answer = None
    try:
        async with asyncio.timeout(within_s):
            while not (answer := await condition()):
                await asyncio.sleep(0.03)
    except TimeoutError:
        raise AssertionError(f"Waited {within_s:.0f} s in vain for {what}; the last answer was {answer!r}.") from None
    return answer
