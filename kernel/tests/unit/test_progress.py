from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from espace_kernel.progress import Progress


def test_nothing_is_committed_before_anything_is_done():
    progress = Progress()
    assert progress.to_commit() is None
    progress.begin(5)
    assert progress.to_commit() == 5, "the position of the first message that is not done"


def test_a_commit_never_passes_a_message_that_is_not_done():
    progress = Progress()
    for offset in (5, 6, 7):
        progress.begin(offset)
    progress.end(6)
    progress.end(7)
    assert progress.to_commit() == 5
    progress.end(5)
    assert progress.to_commit() == 8


def test_the_same_position_is_committed_once():
    progress = Progress()
    progress.begin(5)
    progress.end(5)
    progress.committed(6)
    assert progress.to_commit() is None


def test_a_message_is_taken_up_once():
    progress = Progress()
    assert progress.begin(5)
    assert not progress.begin(5)
    progress.end(5)
    assert not progress.begin(5)


@given(st.lists(st.integers(0, 30), unique=True).map(sorted), st.randoms(use_true_random=False))
def test_whatever_the_order_of_ends_the_position_is_the_first_open_offset(offsets, order):
    progress = Progress()
    for offset in offsets:
        progress.begin(offset)
    remaining = list(offsets)
    while remaining:
        done = order.choice(remaining)
        remaining.remove(done)
        progress.end(done)
        expected = min(remaining) if remaining else offsets[-1] + 1
        assert progress.to_commit() == expected
        assert progress.open == len(remaining)
