"""A draft that nobody works on is deleted after thirty days, and its person is warned a week before."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from espace_contracts.vocabulary import ProcedureStatus
from espace_procedures.domain.events import Expiring

from .conftest import EHIC, PDF

DAY = timedelta(days=1)


async def test_a_draft_is_warned_of_once_and_then_deleted_with_its_files(world):
    procedure = await world.has_started()
    await world.attach(world.seen(procedure), uuid4(), "bank_statement", PDF)
    world.later(22 * DAY)
    await world.expire()
    assert world.procedures.told == []
    world.later(DAY)
    for _ in range(2):
        await world.expire()
    [warning] = world.procedures.told
    assert isinstance(warning, Expiring)
    assert (warning.about.procedure, warning.on) == (procedure.id, date(2026, 4, 1))
    assert (await world.now(procedure)).expires_on == date(2026, 4, 1)
    world.later(6 * DAY)
    await world.expire()
    assert procedure.id in world.procedures.kept
    world.later(DAY)
    await world.expire()
    assert (world.procedures.kept, world.files.kept) == ({}, {})
    assert len(world.procedures.told) == 1


async def test_a_change_keeps_the_draft_and_it_is_warned_of_anew(world):
    procedure = await world.has_started()
    world.later(23 * DAY)
    await world.expire()
    await world.save_answers(world.seen(procedure), {"holder": "Sophie Hoffmann"})
    assert (await world.now(procedure)).expires_on == date(2026, 4, 24)
    world.later(22 * DAY)
    await world.expire()
    assert procedure.id in world.procedures.kept
    world.later(DAY)
    await world.expire()
    assert [warning.on for warning in world.procedures.told] == [date(2026, 4, 1), date(2026, 4, 24)]


async def test_when_the_warning_comes_late_the_person_still_has_a_week(world):
    procedure = await world.has_started()
    world.later(90 * DAY)
    await world.expire()
    [warning] = world.procedures.told
    assert warning.on == date(2026, 6, 7)
    world.later(6 * DAY)
    await world.expire()
    assert (await world.now(procedure)).expires_on == date(2026, 6, 7)
    world.later(DAY)
    await world.expire()
    assert world.procedures.kept == {}


async def test_what_was_forwarded_or_sent_back_never_expires(world):
    forwarded = await world.has_forwarded()
    world.later(400 * DAY)
    await world.expire()
    assert (await world.now(forwarded)).status is ProcedureStatus.FORWARDED
    assert (await world.now(forwarded)).expires_on is None


async def test_a_draft_that_its_person_works_on_at_that_moment_is_left_alone(world):
    draft, other = await world.has_started(), await world.has_started(EHIC)
    world.later(23 * DAY)
    world.procedures.before_next_save.append(await world.now(draft))
    await world.expire()
    warned = [world.procedures.kept[procedure.id].warned_of for procedure in (draft, other)]
    assert warned == [None, date(2026, 4, 1)]
