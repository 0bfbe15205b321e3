"""SIGKILL for each part at each of its named crash points, and for the broker and the store, while procedures close.

All parts that have a point are armed together, so that a cell kills a whole chain of them, one after the other.
"""

from __future__ import annotations

import asyncio

import pytest

from espace_documents.crashpoints import CRASHPOINTS as DOCUMENTS
from espace_kernel.crashpoints import KERNEL_CRASHPOINTS
from espace_notifications.crashpoints import CRASHPOINTS as NOTIFICATIONS

from .town import Town

WRITERS = ("cns-core", "identity", "procedures", "documents", "notifications")
READERS = (*WRITERS, "records")

CELLS = [
    *[(point, READERS if point.startswith("consumer.") else WRITERS) for point in KERNEL_CRASHPOINTS],
    *[(point, ("documents",)) for point in DOCUMENTS],
    *[(point, ("notifications",)) for point in NOTIFICATIONS],
]


@pytest.mark.parametrize(("point", "parts"), CELLS, ids=[point for point, _ in CELLS])
async def test_parts_killed_at_a_crash_point(town: Town, point, parts):
    armed = await town.armed(point, parts)
    closings = await town.close_procedures()
    await town.have_died(armed)
    await town.all_is_delivered(closings)


@pytest.mark.parametrize("part", ["gateway", "kafka", "store", *READERS])
async def test_a_part_killed_at_no_chosen_point(town: Town, part):
    closing = asyncio.create_task(town.close_procedures())
    await asyncio.sleep(0.3)  # somewhere in the midst; whichever line it hits, the outcome must be the same
    await town.stack.kill(part)
    await town.stack.wait_ready()
    await town.all_is_delivered(await closing)
