import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from rich.table import Table

WITHIN_S = 30.0

T = TypeVar("T")


class Disproved(Exception):
    """The demonstration did not show what it should: something is missing or double. The text is a sentence."""


@dataclass
class Step:
    """One line of the timeline; `what` is written while it is under way."""

    what: str = ""


class Timeline:
    """What happened, in order, with the milliseconds each step took."""

    def __init__(self) -> None:
        self.table = Table("step", "who")
        self.table.add_column("what", overflow="fold")
        self.table.add_column("ms", justify="right")

    @contextmanager
    def step(self, name: str, who: str = "") -> Iterator[Step]:
        """Measures a step; one that raises is written down as failed."""
        step, began, failed = Step(), time.perf_counter(), "[red]failed[/] "
        try:
            yield step
            failed = ""
        finally:
            self.table.add_row(name, who, failed + step.what, f"{(time.perf_counter() - began) * 1000:,.0f}")


async def until(condition: Callable[[], Awaitable[T | None]], otherwise: str) -> T:
    """The first true answer. Raises Disproved, whose sentence begins with what did not happen."""
    try:
        async with asyncio.timeout(WITHIN_S):
            while not (answer := await condition()):  # noqa: ASYNC110  # what is waited for happens in other processes
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise Disproved(f"{otherwise} within {WITHIN_S:.0f} s. `make status` shows the parts; their logs say more.") from None
    return answer
