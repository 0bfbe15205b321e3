from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from harness.procedure import change_of_bank_details


async def test_it_shows_four_documents_arrive_once_and_leaves_them_to_be_opened_as_often_as_it_is_run(espace):
    for _ in range(2):
        code, output = await espace.demonstrates()
        assert code == 0, output
        assert "Each of the 4 documents arrived once." in output
        left = sorted(file.name for file in (espace.state / "demo").glob("*.pdf"))
        assert [name.split("-")[0] for name in left] == ["edelivery"] * 2 + ["post"] * 4


async def test_it_clears_away_what_a_broken_run_left_open(espace):
    sophie, luc = await espace.demo_person("1983081246785"), await espace.demo_person("1990093012358")
    draft = await sophie.starts(change_of_bank_details())
    sent_back = await luc.submits(change_of_bank_details(statement=False))
    await luc.sees_status(sent_back, "to_be_corrected")

    code, output = await espace.demonstrates()

    assert code == 0, output
    assert (await sophie.asks("GET", f"/api/v1/procedures/{draft.id}")).status_code == 404
    assert (await luc.sees(sent_back))["status"] == "closed"


async def test_it_fails_with_a_sentence_when_a_letter_lies_at_the_printers_twice(espace):
    async with every_print_run_twice(espace.state / "print" / "ready"):
        code, output = await espace.demonstrates()
    assert code == 1, output
    assert "led to 0 documents in the eSpace and 2 letters; it should be 0 and 1." in " ".join(output.split())


@asynccontextmanager
async def every_print_run_twice(ready: Path) -> AsyncIterator[None]:
    """A printer's folder where each run appears a second time."""
    before, copies = runs_in(ready), []

    async def copy() -> None:
        while True:
            for run in runs_in(ready) - before:
                twin = run.with_name(f"{run.name}-again")
                before.update((run, twin))
                copies.append(shutil.copytree(run, twin))
            await asyncio.sleep(0.01)

    copying = asyncio.create_task(copy())
    try:
        yield
    finally:
        copying.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await copying
        for twin in copies:
            shutil.rmtree(twin)


def runs_in(ready: Path) -> set[Path]:
    return set(ready.iterdir())
