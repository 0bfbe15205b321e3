"""The store was restored from an older state, and forms a run anew that the printer has already."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from espace_notifications.app.settle_by_folder import LetterUnknown
from espace_notifications.app.watch_runs_in_doubt import RUNS_IN_DOUBT, WatchRunsInDoubt
from espace_notifications.domain.answer import RunDispatched
from espace_notifications.domain.letter import CallOff, Letter, LetterState, Posted
from espace_notifications.domain.manifest import MANIFEST
from espace_notifications.domain.print_run import RunState
from espace_notifications.printing.folder import Folder
from espace_notifications.printing.spool import Spool

from .world import NOON, Post

CUT_OFFS = "12:00,16:00"
AFTER_NOON = NOON.replace(hour=11, minute=30)
"""Past the first cut-off, which is at 12:00 in Luxembourg."""


class Restored(Post):
    """A print room with a real folder, whose store can go back to an earlier state."""

    at_once = 5

    def __init__(self, root: Path) -> None:
        super().__init__(CUT_OFFS, Spool(Folder(root)))
        self.root, self.clock.now = root, NOON.replace(hour=10)

    async def cut_off(self) -> None:
        self.clock.now = max(self.clock.now, AFTER_NOON)
        self.clock.passes(61)
        await self.round()

    def backup(self) -> tuple[dict[UUID, Letter], dict[UUID, object]]:
        return copy.deepcopy((self.letters.kept, self.runs.kept))

    def restore(self, backup) -> None:
        self.letters.kept, self.runs.kept = copy.deepcopy(backup)
        self.letters.told.clear()

    def at_the_printers(self) -> list[str]:
        """The ids of the letters in all folders there."""
        manifests = [*self.root.glob(f"ready/*/{MANIFEST}"), *self.root.glob(f"taken/*/{MANIFEST}")]
        return sorted(entry["letter"] for path in manifests for entry in json.loads(path.read_text())["letters"])

    def printer_takes(self) -> None:
        for run in (self.root / "ready").iterdir():
            run.rename(self.root / "taken" / run.name)

    async def runs_in_doubt(self) -> float:
        """As operators read it in the metric."""

        async def how_many() -> int:
            return len([run for run in self.runs.kept.values() if run.in_doubt_since])

        assert await WatchRunsInDoubt(how_many)() == 0
        return RUNS_IN_DOUBT._value.get()

    @property
    def run(self):
        (run,) = self.runs.kept.values()
        return run


@pytest.fixture
async def post(tmp_path) -> Restored:
    return Restored(tmp_path)


def ids(*letters: Letter) -> list[str]:
    return sorted(str(letter.id) for letter in letters)


@pytest.mark.parametrize("taken", [False, True])
async def test_the_same_run_of_the_same_letters_counts_as_handed_over_and_its_old_answer_is_believed(post, taken):
    letters = [await post.queued(number) for number in (1, 2)]
    before = post.backup()
    await post.cut_off()
    first = post.clock.now
    if taken:
        post.printer_takes()
    post.restore(before)
    post.clock.passes(3600)
    await post.cut_off()
    assert (post.run.state, post.at_the_printers()) == (RunState.HANDED_OVER, ids(*letters))
    assert [event.letter for event in post.letters.told if isinstance(event, Posted)] == [letter.id for letter in letters]
    assert list((post.root / "incoming").iterdir()) == []
    await post.take(RunDispatched(post.run.id, first))
    assert {post.letter(letter).state for letter in letters} == {LetterState.DISPATCHED}


@pytest.mark.parametrize("taken", [False, True])
async def test_the_same_run_of_other_letters_is_a_task_and_no_letter_moves_until_an_operator_has_it_settled(post, taken):
    both, missing = await post.queued(1), await post.queued(2)
    queued, called_off = await post.queued(3), await post.queued(4)
    before = post.backup()
    post.source.unavailable = {missing.id}
    await post.cut_off()
    if taken:
        post.printer_takes()
    printed = post.at_the_printers()
    assert printed == ids(both, queued, called_off)
    post.restore(before)
    late = post.letters.kept[queued.id]
    late.waits_from = AFTER_NOON.replace(hour=12)  # its turn comes after this cut-off
    post.source.unavailable, post.source.no_more = set(), {called_off.id: CallOff.DOCUMENT_WITHDRAWN}

    for _ in range(3):
        await post.cut_off()
    doubted = post.run
    assert doubted.state is RunState.SEALED
    assert "holds other letters" in doubted.problem
    assert doubted.in_doubt_since < post.clock.now
    assert post.letters.told == []
    assert {post.letter(letter).state for letter in (both, missing, called_off)} == {LetterState.IN_RUN}
    assert (post.at_the_printers(), await post.runs_in_doubt()) == (printed, 1)

    await post.settle_by_folder(doubted.id)
    assert await post.runs_in_doubt() == 0
    await post.settle_by_folder(doubted.id)
    await post.cut_off()
    assert (post.run.state, post.run.in_doubt_since) == (RunState.HANDED_OVER, None)
    assert {post.letter(letter).state for letter in (both, queued, called_off)} == {LetterState.POSTED}
    assert post.letter(missing).state is LetterState.QUEUED
    assert post.letter(missing).problem == "The folder of the run at the printer's does not hold the letter."

    post.clock.now = AFTER_NOON.replace(hour=15, minute=30)
    await post.cut_off()
    assert post.at_the_printers() == ids(both, missing, queued, called_off), "each letter once"
    assert sorted(str(event.letter) for event in post.letters.told if isinstance(event, Posted)) == post.at_the_printers()


async def test_while_the_printer_has_a_run_that_the_store_has_lost_nothing_is_handed_over(post):
    noon = [await post.queued(number) for number in (1, 2)]
    before = post.backup()
    await post.cut_off()
    lost, told = post.run, post.clock.now
    post.printer_takes()
    post.restore(before)
    post.clock.now = AFTER_NOON.replace(hour=14)
    evening = await post.queued(3)
    post.clock.now = AFTER_NOON.replace(hour=15, minute=30)
    for _ in range(2):
        await post.cut_off()
    formed_anew = post.run
    assert formed_anew.id != lost.id
    assert f"not known here, such as {lost.id}" in formed_anew.problem
    assert post.letters.told == []

    assert (await post.settle_by_folder(lost.id)).cut_off == lost.cut_off
    for _ in range(3):
        await post.cut_off()
    assert [run.state for run in post.runs.kept.values()] == [RunState.HANDED_OVER] * 2
    assert post.at_the_printers() == ids(*noon, evening), "each letter once"
    assert {letter.state for letter in post.letters.kept.values()} == {LetterState.POSTED}
    assert sorted(str(event.letter) for event in post.letters.told if isinstance(event, Posted)) == post.at_the_printers()
    await post.take(RunDispatched(lost.id, told))
    assert {post.letter(letter).state for letter in noon} == {LetterState.DISPATCHED}
    assert await post.return_strays() == 0


async def test_a_run_none_of_whose_letters_can_be_printed_now_puts_none_back_that_the_printer_has(post):
    letter = await post.queued(1)
    before = post.backup()
    await post.cut_off()
    post.restore(before)
    post.source.unavailable = {letter.id}
    await post.cut_off()
    assert (post.run.state, post.letter(letter).state) == (RunState.SEALED, LetterState.IN_RUN)
    await post.settle_by_folder(post.run.id)
    await post.cut_off()
    assert (post.letter(letter).state, post.at_the_printers()) == (LetterState.POSTED, ids(letter))


async def test_a_letter_in_the_folder_that_is_not_known_keeps_a_run_from_being_settled(post):
    known, unknown = await post.queued(1), await post.queued(2)
    before = post.backup()
    await post.cut_off()
    post.restore(before)
    lost = post.letters.kept.pop(unknown.id)
    await post.cut_off()
    with pytest.raises(LetterUnknown):
        await post.settle_by_folder(post.run.id)
    assert (post.letter(known).state, post.run.in_doubt_since is None) == (LetterState.IN_RUN, False)
    await post.letters.add(lost)
    await post.settle_by_folder(post.run.id)
    await post.cut_off()
    assert {post.letter(letter).state for letter in (known, unknown)} == {LetterState.POSTED}


async def test_a_folder_without_its_manifest_settles_nothing_and_nothing_is_settled_that_is_not_in_doubt(post):
    letter = await post.queued(1)
    before = post.backup()
    await post.cut_off()
    done = post.run
    assert (await post.settle_by_folder(done.id)).version == done.version
    post.printer_takes()
    (manifest,) = post.root.glob(f"taken/*/{MANIFEST}")
    kept = manifest.read_bytes()
    manifest.unlink()
    post.restore(before)
    await post.cut_off()
    assert "Have the printer put the manifest back" in post.run.problem
    assert (await post.settle_by_folder(post.run.id)).in_doubt_since is not None
    assert await post.settle_by_folder(uuid4()) is None
    manifest.write_bytes(kept)
    await post.cut_off()
    assert post.letter(letter).state is LetterState.POSTED
