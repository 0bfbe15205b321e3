"""SIGKILL for each part at each of its named crash points, and for the broker and the store, while procedures close."""

from __future__ import annotations

import asyncio
import time

import pytest

from espace_documents.crashpoints import CRASHPOINTS as DOCUMENTS
from espace_identity.crashpoints import CRASHPOINTS as IDENTITY
from espace_kernel.crashpoints import KERNEL_CRASHPOINTS
from espace_notifications.crashpoints import CRASHPOINTS as NOTIFICATIONS
from espace_procedures.crashpoints import CRASHPOINTS as PROCEDURES

from .town import Closings, Town

CRASHPOINTS = {
    "cns-core": KERNEL_CRASHPOINTS,
    "identity": [*KERNEL_CRASHPOINTS, *IDENTITY],
    "records": [point for point in KERNEL_CRASHPOINTS if point.startswith("consumer.")],  # it keeps read models and tells nothing
    "procedures": [*KERNEL_CRASHPOINTS, *PROCEDURES],
    "documents": [*KERNEL_CRASHPOINTS, *DOCUMENTS],
    "notifications": [*KERNEL_CRASHPOINTS, *NOTIFICATIONS],
}
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the peers of our own connections are killed
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
STORM_S = 600
"""Each round of closings kills most parts once; a point that is never reached ends the storm as a failure that names it."""


@pytest.mark.timeout(2 * STORM_S)
async def test_each_part_killed_at_each_of_its_crash_points(town: Town):
    deaths = await town.arm(CRASHPOINTS)
    rounds: list[Closings] = []
    until = time.monotonic() + STORM_S
    while deaths.to_come():
        assert time.monotonic() < until, f"never reached: {deaths.to_come()}"
        rounds.append(await town.close_procedures())
        await town.all_has_arrived(rounds[-1])
    await town.stack.wait_ready()
    await town.nothing_comes_twice(rounds)


@pytest.mark.parametrize("part", ["gateway", "kafka", "store"])
async def test_a_part_killed_at_no_chosen_point(town: Town, part):
    closing = asyncio.create_task(town.close_procedures())
    await asyncio.sleep(0.3)  # somewhere in the midst; whichever line it hits, the outcome must be the same
    await town.stack.kill(part)
    await town.stack.wait_ready()
    await town.all_has_arrived(await closing)
    await town.nothing_comes_twice([await closing])
