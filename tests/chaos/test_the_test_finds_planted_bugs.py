"""A test of the test: with a known bug in a part, the same kill leads to a loss or a double that the count finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from .town import Town

PLANTED = Path(__file__).parent / "planted"


@pytest.mark.parametrize(
    ("bug", "point", "part", "says"),
    [
        ("commit_before_effect", "consumer.before_effect", "documents", "has 0 documents"),
        ("random_id_per_try", "consumer.after_effect", "documents", "has 2 documents"),
        ("no_unique_key", "consumer.after_effect", "documents", "has 2 documents"),
        ("removed_before_published", "relay.before_publish", "procedures", "is forwarded"),
    ],
)
async def test_a_planted_bug_is_found(town: Town, bug, point, part, says):
    armed = await town.armed(point, [part], planted=str(PLANTED / bug))
    closings = await town.close_procedures()
    await town.have_died(armed)
    await town.espace.topics.are_quiet()
    found = await town.violations(closings)
    assert any(says in violation for violation in found), found


def test_each_planted_bug_is_tried():
    tried = {mark.args[1][row][0] for mark in test_a_planted_bug_is_found.pytestmark for row in range(len(mark.args[1]))}
    assert tried == {folder.name for folder in PLANTED.iterdir() if folder.is_dir()}
