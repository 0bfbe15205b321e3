from __future__ import annotations

from collections.abc import Coroutine
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_kernel.outcomes import VersionConflict
from espace_notifications.domain.cut_off import CutOffs, moment_of, working_days_before
from espace_notifications.domain.letter import LetterState

from .world import Post

MONDAY = date(2026, 3, 2)  # in winter: UTC+1


def utc(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def post() -> Post:
    return Post(cut_offs="12:00,16:00")


async def letter_at(post: Post, number: int, moment: datetime):
    post.clock.now = moment
    return await post.queued(number)


async def test_letters_that_wait_at_the_cut_off_form_one_run_and_later_ones_the_next(post):
    early, late = await letter_at(post, 1, utc(2, 8)), await letter_at(post, 2, utc(2, 10, 59))
    post.clock.now = utc(2, 10, 59)
    await post.round()
    assert post.runs.kept == {}, "it is 11:59 in Luxembourg"
    after = await letter_at(post, 3, utc(2, 11, 1))
    await post.round()
    (run,) = post.runs.kept.values()
    assert (run.cut_off, [letter.letter for letter in run.letters]) == (utc(2, 11), [early.id, late.id])
    assert post.letter(after).state is LetterState.QUEUED
    post.clock.now = utc(2, 15)
    await post.round()
    assert post.letter(after).state is LetterState.POSTED
    assert len(post.runs.kept) == 2


async def test_cut_offs_that_were_missed_are_caught_up_by_one_run(post):
    letters = [await letter_at(post, day, utc(day, 9)) for day in (2, 3, 4)]
    post.clock.now = utc(5, 9)  # the service was down for three days
    for _ in range(3):
        await post.round()
    (run,) = post.runs.kept.values()
    assert run.cut_off == utc(4, 15)
    assert {letter.letter for letter in run.letters} == {letter.id for letter in letters}


async def test_more_letters_than_one_run_takes_fill_several_at_the_same_cut_off(post):
    letters = [await letter_at(post, number, utc(2, 9)) for number in range(7)]
    post.clock.now = utc(2, 11)
    for _ in range(5):
        await post.round()
    runs = list(post.runs.kept.values())
    assert [len(run.letters) for run in runs] == [3, 3, 1]
    assert {run.cut_off for run in runs} == {utc(2, 11)}
    assert {letter.letter for run in runs for letter in run.letters} == {letter.id for letter in letters}


async def test_runs_that_are_known_to_be_full_are_not_read_at_each_look(post, monkeypatch):
    for number in range(13):
        await letter_at(post, number, utc(2, 9))
    post.clock.now = utc(2, 11)
    for _ in range(6):
        await post.round()
    assert [len(run.letters) for run in post.runs.kept.values()] == [3, 3, 3, 3, 1]
    read = counted(post, monkeypatch)
    await post.round()
    assert len(read) <= 2
    late = await letter_at(post, 99, utc(2, 14))
    post.clock.now = utc(2, 15)
    await post.round()
    assert post.letter(late).state is LetterState.POSTED, "each cut-off begins with its first run"


def counted(post: Post, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The ids of the runs that are read from now on."""
    read: list[object] = []
    get = post.runs.get

    async def noted(run_id: object) -> Any:
        read.append(run_id)
        return await get(run_id)

    monkeypatch.setattr(post.runs, "get", noted)
    return read


async def test_a_letter_told_late_waits_for_the_next_cut_off_so_that_each_has_one_run(post):
    await letter_at(post, 1, utc(2, 9))
    post.clock.now = utc(2, 11)
    await post.round()
    late = await letter_at(post, 2, utc(2, 10))
    post.clock.now = utc(2, 11, 5)
    await post.round()
    assert len(post.runs.kept) == 1
    assert post.letter(late).state is LetterState.QUEUED


def finish(work: Coroutine[Any, Any, object], steps: int = 100_000) -> bool:
    try:
        for _ in range(steps):
            work.send(None)
    except StopIteration:
        return True
    except VersionConflict:
        return True
    return False


def test_two_replicas_form_one_run_of_a_cut_off_wherever_one_of_them_is_stopped():
    for stop in range(1, 1000):
        post = Post(cut_offs="12:00")
        for number in range(2):
            finish(letter_at(post, number, utc(2, 9)))
        post.clock.now = utc(2, 11)
        first = post.round()
        if finish(first, stop):
            assert stop > 20, "a round has many steps"
            return
        post.clock.passes(11)
        finish(post.round())
        finish(first)
        post.clock.passes(11)
        finish(post.round())
        assert len(post.runs.kept) == 1
        assert {letter.state for letter in post.letters.kept.values()} == {LetterState.POSTED}
        assert len(post.spool.handed_over()) == 1


async def test_there_is_no_cut_off_on_a_weekend(post):
    letter = await letter_at(post, 1, utc(6, 15, 30))  # Friday, after 16:00
    post.clock.now = utc(8, 22)  # Sunday night
    await post.round()
    assert post.runs.kept == {}
    post.clock.now = utc(9, 11)
    await post.round()
    assert post.letter(letter).state is LetterState.POSTED


@pytest.mark.parametrize(
    ("day", "at", "moment"),
    [
        (MONDAY, time(12), utc(2, 11)),
        (date(2026, 3, 27), time(16), utc(27, 15)),  # the Friday before summer time
        (date(2026, 3, 30), time(16), utc(30, 14)),  # the Monday after
        (date(2026, 3, 29), time(2, 30), utc(29, 1, 30)),  # in the hour that is lost
        (date(2026, 10, 25), time(2, 30), utc(25, 0, 30, month=10)),  # in the hour that is doubled: its first time
    ],
)
def test_a_time_of_day_is_one_moment_on_every_day(day, at, moment):
    assert moment_of(day, at) == moment


@given(st.integers(0, 400 * 24 * 60), st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=1, max_size=3))
def test_the_latest_cut_off_lies_back_on_a_working_day_and_moves_on_only(minutes, times):
    cut_offs = CutOffs(times)
    base = datetime(2026, 1, 1, tzinfo=UTC).timestamp() + minutes * 60
    moments = [datetime.fromtimestamp(base + step * 1800, UTC) for step in range(12)]
    latest = [cut_offs.latest(moment) for moment in moments]
    for moment, cut_off in zip(moments, latest, strict=True):
        assert cut_off <= moment
        assert (moment - cut_off).days <= 4
    assert all(earlier <= later for earlier, later in pairwise(latest))


def test_in_the_doubled_and_in_the_lost_hour_a_cut_off_comes_once():
    for first, last in ((utc(29, 0), utc(29, 4)), (utc(25, 0, month=10), utc(25, 4, month=10))):
        minutes = range(0, int((last - first).total_seconds()), 60)
        has_come = [moment_of(first.date(), time(2, 30)) <= datetime.fromtimestamp(first.timestamp() + step, UTC) for step in minutes]
        assert (has_come[0], has_come[-1]) == (False, True)
        assert sum(before is not after for before, after in pairwise(has_come)) == 1


@pytest.mark.parametrize("text", ["noon", "12:00,", "25:00", "12:00+01:00"])
def test_a_setting_that_names_no_times_of_day_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="like 12:00,16:00"):
        CutOffs.named(text)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (utc(4, 12), utc(2, 12)),  # Wednesday, Monday
        (utc(9, 12), utc(5, 12)),  # Monday, Thursday
        (utc(7, 12), utc(4, 23)),  # Saturday: Friday is over, and so is Thursday
        (utc(8, 12), utc(4, 23)),  # Sunday, the same
    ],
)
def test_two_working_days_leave_out_the_weekend(now, before):
    assert working_days_before(now, 2) == before
