"""A test of the test: with a known bug in a part, the same kill leads to a loss or a double that the count finds."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from harness.waiting import until

from .town import Town

pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the peers of our own connections are killed
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PLANTED = Path(__file__).parent / "planted"


@pytest.mark.parametrize(
    ("bug", "point", "part", "says"),
    [
        ("commit_before_effect", "consumer.before_effect", "documents", "has 0 documents|and 0 receipts"),
        ("random_id_per_try", "consumer.after_effect", "documents", "has 2 documents|and 2 receipts"),
        ("no_unique_key", "consumer.after_effect", "documents", "has 2 documents|and 2 receipts"),
        ("removed_before_published", "relay.before_publish", "procedures", "is forwarded"),
    ],
)
async def test_a_planted_bug_is_found(online_town: Town, bug, point, part, says):
    await online_town.espace.topics.are_quiet()
    deaths = await online_town.arm({part: [point]}, planted=str(PLANTED / bug))
    closings = await online_town.ask_for_certificates()
    await until(lambda: asyncio.sleep(0, not deaths.to_come()), f"{part} to die at {point}")
    await online_town.stack.wait_ready()
    await online_town.espace.topics.are_heard()
    found = await online_town.violations(closings)
    assert any(re.search(says, violation) for violation in found), found


def test_each_planted_bug_is_tried():
    tried = {mark.args[1][row][0] for mark in test_a_planted_bug_is_found.pytestmark for row in range(len(mark.args[1]))}
    assert tried == {folder.name for folder in PLANTED.iterdir() if folder.is_dir()}
