from __future__ import annotations

import signal

import pytest

from espace_contracts.events import LetterPosted
from espace_notifications.crashpoints import CRASHPOINTS

from .conftest import died_or
from .neighbours import until

ON_THE_WAY_OF_A_LETTER = [name for name in CRASHPOINTS if name != "notifications.after_mail_sent"]


@pytest.mark.parametrize("crashpoint", ON_THE_WAY_OF_A_LETTER)
async def test_a_letter_is_printed_once_when_the_service_is_killed(stage, crashpoint):
    wanted = stage.letter()
    await stage.tell(wanted)
    async with stage.process(crashpoint) as dying:
        assert await dying.wait() == -signal.SIGKILL
    seen = stage.folders_with(wanted.letter)
    assert len(seen) == (1 if crashpoint == "notifications.after_handover" else 0)
    for folder in seen:  # the printer does not wait for us to come back
        folder.rename(stage.spool / "taken" / folder.name)
    await stage.leases_end()
    async with stage.process():
        await stage.letter_is(wanted.letter, "posted")

    taken = list(stage.spool.glob(f"taken/*/*-{wanted.letter}.pdf"))
    assert len(stage.folders_with(wanted.letter)) + len(taken) == 1
    assert list(stage.spool.glob("incoming/*")) == []
    (told,) = await stage.deliveries_of(wanted.letter)
    assert isinstance(told, LetterPosted)


async def test_a_service_that_dies_after_every_few_saves_prints_each_letter_once(stage):
    wanted = [stage.letter() for _ in range(3)]
    await stage.tell(*wanted)
    async with stage.process(print_run_seconds=3600):
        for letter in wanted:
            await stage.letter_is(letter.letter, "queued")

    async def all_posted() -> bool:
        states = [await stage.database["letters"].find_one({"_id": letter.letter}, {"state": 1}) for letter in wanted]
        return all(letter["state"] == "posted" for letter in states)

    lives = 0
    while not await all_posted():
        lives += 1
        await stage.leases_end()
        async with stage.process("store.after_save:4") as dying:
            await until(lambda process=dying: died_or(process, all_posted))
    assert lives > 2, "it died more than once on the way"
    async with stage.process():
        await until(lambda: told_of(stage, wanted))
    assert [len(stage.folders_with(letter.letter)) for letter in wanted] == [1] * 3


async def told_of(stage, wanted) -> bool:
    """Whether each letter was told as posted; each event counts once, however often it was sent."""
    told = [await stage.deliveries_of(letter.letter) for letter in wanted]
    assert all(len(events) <= 1 for events in told)
    return all(told)
