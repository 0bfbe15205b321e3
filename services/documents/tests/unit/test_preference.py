from __future__ import annotations

from datetime import timedelta

import pytest

from espace_contracts.vocabulary import Locale
from espace_documents.app.switch_edelivery import NotOnFile
from espace_documents.domain.preference import CONSEQUENCES, WORDING, EdeliverySwitched, Preference, Switch
from espace_kernel.outcomes import VersionConflict

from .conftest import NOON, a_recipient


def test_who_never_chose_receives_by_post():
    preference = Preference(id=a_recipient().id)
    assert (preference.active, preference.since, preference.revision) == (False, None, 0)


def test_every_switch_is_kept_with_the_wording_that_was_shown():
    preference = Preference(id=a_recipient().id)
    later = NOON + timedelta(days=1)
    preference.switch(active=True, at=NOON, locale=Locale.GERMAN)
    preference.switch(active=False, at=later, locale=Locale.FRENCH)
    assert preference.history == (Switch(active=True, at=NOON, wording=WORDING), Switch(active=False, at=later, wording=WORDING))
    assert preference.recorded == [
        EdeliverySwitched(insured=preference.id, revision=1, active=True, at=NOON, locale=Locale.GERMAN),
        EdeliverySwitched(insured=preference.id, revision=2, active=False, at=later, locale=Locale.FRENCH),
    ]
    assert (preference.active, preference.since, preference.revision) == (False, later, 2)


def test_choosing_what_holds_already_changes_nothing():
    preference = Preference(id=a_recipient().id)
    assert preference.switch(active=False, at=NOON, locale=Locale.FRENCH) is False
    assert (preference.history, preference.recorded) == ((), [])


def test_the_consequences_are_said_in_every_language():
    assert CONSEQUENCES.keys() == set(Locale)
    assert len(set(CONSEQUENCES.values())) == len(Locale)


async def test_a_switch_is_told_once_in_the_persons_language(service):
    person = service.knows()
    first = await service.switch(person, active=True)
    again = await service.switch(person, active=True)
    assert (first.active, again.since) == (True, first.since)
    assert [(event.insured, event.active, event.locale) for event in service.preferences.told] == [(person, True, Locale.FRENCH)]


async def test_two_first_switches_at_once_leave_one_choice_told_once(service):
    person = service.knows()

    async def another_tab_is_faster(_preference):
        service.preferences.before_save = _do_nothing
        await service.switch(person, active=True)

    service.preferences.before_save = another_tab_is_faster
    assert (await service.switch(person, active=True)).active
    assert len(service.preferences.told) == 1


async def test_of_two_crossing_switches_the_later_one_is_decided_anew_and_wins(service):
    person = service.knows()
    await service.switch(person, active=True)

    async def another_tab_is_faster(_preference):
        service.preferences.before_save = _do_nothing
        await service.switch(person, active=False)
        await service.switch(person, active=True)

    service.preferences.before_save = another_tab_is_faster
    assert (await service.switch(person, active=False)).active is False
    assert [event.active for event in service.preferences.told] == [True, False, True, False]
    assert [event.revision for event in service.preferences.told] == [1, 2, 3, 4]


async def test_a_switch_that_is_crossed_time_and_again_is_refused_rather_than_lost(service):
    person = service.knows()
    await service.switch(person, active=True)
    stored = service.preferences.by_id[person]

    async def always_another(_preference):
        stored.version += 1

    service.preferences.before_save = always_another
    with pytest.raises(VersionConflict):
        await service.switch(person, active=False)


async def test_a_person_whose_file_has_not_arrived_is_asked_to_wait(service):
    with pytest.raises(NotOnFile):
        await service.switch(a_recipient().id, active=True)
    assert service.preferences.told == []


async def _do_nothing(*_):
    """Nobody crosses any more."""
