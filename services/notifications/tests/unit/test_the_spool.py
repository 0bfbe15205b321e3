from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from espace_notifications.app.ports import FolderInDoubt, PrinterAway
from espace_notifications.domain.manifest import MANIFEST, manifest
from espace_notifications.domain.print_run import Assembly, PrintedLetter, PrintRun
from espace_notifications.printing.folder import Folder
from espace_notifications.printing.spool import Spool

from .world import NOON


def printed(letter: UUID, sha256: str = "0" * 64) -> PrintedLetter:
    return PrintedLetter(
        position=1, letter=letter, file="001.pdf", sha256=sha256, size=6, pages=1, address_sheet="001-address.pdf",
        address_sheet_sha256="1" * 64, country="LU",
    )  # fmt: skip


LETTERS = [printed(uuid4())]


@pytest.fixture
async def spool(tmp_path) -> Spool:
    spool = Spool(Folder(tmp_path))
    await spool.prepare()
    return spool


async def assembled(spool: Spool, assembly: Assembly, letters: Sequence[PrintedLetter] = LETTERS) -> None:
    await spool.start(assembly)
    await spool.put(assembly, "001.pdf", b"letter")
    run = PrintRun(id=assembly.run, candidates=(), created_at=NOON, next_try_at=NOON)
    await spool.put(assembly, MANIFEST, json.dumps(manifest(run, letters)).encode())
    await spool.complete(assembly)


def names(folder) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_a_run_appears_whole_and_under_its_own_name(spool, tmp_path):
    run = uuid4()
    await assembled(spool, Assembly(run, 1))
    assert names(tmp_path / "ready") == set()
    await spool.hand_over(Assembly(run, 1), LETTERS)
    assert (tmp_path / "ready" / str(run) / "001.pdf").read_bytes() == b"letter"
    assert names(tmp_path / "incoming") == set()


async def test_a_run_that_was_handed_over_is_not_handed_over_again(spool, tmp_path):
    run = uuid4()
    await assembled(spool, Assembly(run, 1))
    await spool.hand_over(Assembly(run, 1), LETTERS)
    (tmp_path / "ready" / str(run)).rename(tmp_path / "taken" / str(run))
    await spool.hand_over(Assembly(run, 1), LETTERS)
    assert names(tmp_path / "ready") == set()


@pytest.mark.parametrize("place", ["ready", "taken"])
@pytest.mark.parametrize("others", [[printed(uuid4())], [*LETTERS, printed(uuid4())], [printed(LETTERS[0].letter, "f" * 64)], []])
async def test_a_folder_of_the_runs_name_with_other_letters_is_left_as_it_is_and_nothing_counts_as_handed_over(
    spool, tmp_path, place, others
):
    run = uuid4()
    await assembled(spool, Assembly(run, 1))
    await spool.hand_over(Assembly(run, 1), LETTERS)
    if place == "taken":
        (tmp_path / "ready" / str(run)).rename(tmp_path / "taken" / str(run))
    (tmp_path / "taken" / "lost+found").mkdir()
    await assembled(spool, Assembly(run, 2), others)
    with pytest.raises(FolderInDoubt, match="holds other letters"):
        await spool.hand_over(Assembly(run, 2), others)
    assert (await spool.listed(run)).letters == tuple(LETTERS)
    assert await spool.at_the_printers() == [run]
    assert names(tmp_path / "ready") | names(tmp_path / "taken") == {str(run), "lost+found"}
    assert names(tmp_path / "incoming") == {f"{run}.2.part"}
    await spool.hand_over(Assembly(run, 2), LETTERS)


@pytest.mark.parametrize(
    "content", [None, "", "{}", f'{{"print_run": "{uuid4()}", "letters": []}}'], ids=["none", "empty", "no manifest", "another run"]
)
async def test_a_folder_without_the_runs_manifest_attests_the_hand_over_of_ours_alone(spool, tmp_path, content):
    run = uuid4()
    (tmp_path / "taken" / str(run)).mkdir()
    if content is not None:
        (tmp_path / "taken" / str(run) / MANIFEST).write_text(content)
    await spool.hand_over(Assembly(run, 1), LETTERS)  # ours is no longer in incoming
    await assembled(spool, Assembly(run, 1))
    with pytest.raises(FolderInDoubt, match="no manifest"):
        await spool.hand_over(Assembly(run, 1), LETTERS)
    assert await spool.listed(run) is None
    assert names(tmp_path / "incoming") == {f"{run}.1.part"}


async def test_a_run_without_letters_is_not_shown(spool, tmp_path):
    run = uuid4()
    await assembled(spool, Assembly(run, 1), [])
    await spool.hand_over(Assembly(run, 1), [])
    assert names(tmp_path / "ready") == set()


async def test_a_run_that_is_nowhere_is_a_question_to_the_printer_and_not_handed_over(spool, tmp_path):
    run = uuid4()
    await assembled(spool, Assembly(run, 1))
    (tmp_path / "incoming" / f"{run}.1.part").rename(tmp_path / "swept away")
    with pytest.raises(PrinterAway, match="neither in incoming, nor in ready, nor in taken"):
        await spool.hand_over(Assembly(run, 1), LETTERS)
    (tmp_path / "taken" / str(run)).mkdir()  # the printer has it after all
    await spool.hand_over(Assembly(run, 1), LETTERS)


async def test_a_new_attempt_removes_what_earlier_ones_left_and_spares_later_ones(spool, tmp_path):
    run, other = uuid4(), uuid4()
    for assembly in (Assembly(run, 1), Assembly(run, 3), Assembly(other, 1)):
        await assembled(spool, assembly)
    await spool.start(Assembly(run, 2))
    assert names(tmp_path / "incoming") == {f"{run}.2.part", f"{run}.3.part", f"{other}.1.part"}


async def test_clearing_a_run_removes_its_attempts_and_no_other_runs(spool, tmp_path):
    run, other = uuid4(), uuid4()
    for assembly in (Assembly(run, 1), Assembly(run, 2), Assembly(other, 1)):
        await assembled(spool, assembly)
    (tmp_path / "incoming" / "lost+found").mkdir()
    assert set(await spool.assembling()) == {run, other}
    await spool.clear(run)
    assert names(tmp_path / "incoming") == {f"{other}.1.part", "lost+found"}


async def test_nothing_counts_as_handed_over_when_the_spool_is_not_there(spool, tmp_path):
    run = uuid4()
    await assembled(spool, Assembly(run, 1))
    tmp_path.rename(tmp_path.with_name("unmounted"))
    with pytest.raises(PrinterAway):
        await spool.hand_over(Assembly(run, 1), LETTERS)


async def test_nothing_counts_as_handed_over_when_the_printers_folder_is_not_there(spool, tmp_path):
    run = uuid4()
    await assembled(spool, Assembly(run, 1))
    (tmp_path / "ready").rmdir()
    with pytest.raises(PrinterAway):
        await spool.hand_over(Assembly(run, 1), LETTERS)
    assert names(tmp_path / "incoming") == {f"{run}.1.part"}


async def test_letters_are_not_readable_by_everybody(spool, tmp_path):
    run = uuid4()
    await assembled(spool, Assembly(run, 1))
    await spool.hand_over(Assembly(run, 1), LETTERS)
    for path in (tmp_path / "ready", tmp_path / "ready" / str(run), tmp_path / "ready" / str(run) / "001.pdf"):
        assert path.stat().st_mode & 0o007 == 0
