from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError

from espace_contracts.events import DocumentUnread, LetterRequested
from espace_contracts.vocabulary import Channel, DocumentType
from espace_documents.app import watch_unread
from espace_documents.domain.channel import ChannelRule
from espace_documents.domain.delivery import Cause
from espace_documents.domain.document import LeftUnread, LetterOrdered, MadeAvailable, OpenedBy
from espace_documents.domain.ladder import DEFAULT_LADDERS, Ladder, UnreadClass, class_of
from espace_documents.events.outgoing import contract_of
from espace_documents.settings import Settings

from .conftest import A_REFUSAL, NOON, a_recipient, nothing


@pytest.fixture
async def person(service):
    insured = service.knows()
    await service.switch(insured, active=True)
    return insured


async def days_go_by(service, days):
    """Somebody looks each day."""
    for _ in range(days):
        service.clock += timedelta(days=1)
        await service.watch_unread()


def told(service):
    """What was told after the document became available."""
    return [event.reminder if isinstance(event, LeftUnread) else type(event) for event in service.documents.told[1:]]


async def test_what_runs_against_a_deadline_is_reminded_of_twice_and_then_comes_on_paper(service, person):
    document = await service.delivered(person, A_REFUSAL)
    await days_go_by(service, 2)
    assert told(service) == []
    await days_go_by(service, 1)
    assert told(service) == [1]
    await days_go_by(service, 4)
    assert told(service) == [1, 2]
    await days_go_by(service, 3)
    assert told(service) == [1, 2, LetterOrdered]
    await days_go_by(service, 60)
    assert told(service) == [1, 2, LetterOrdered]
    document = await service.documents.get(document.id)
    assert (document.last.cause, document.last.decision.rule) == (Cause.UNREAD, ChannelRule.LEFT_UNREAD)
    assert (document.channel, document.unread_due_at, document.stuck_since) == (Channel.EDELIVERY, None, None)
    assert await service.get(document.id, person) is not None, "it stays in the eSpace"


async def test_other_documents_are_reminded_of_once_and_never_come_on_paper(service, person):
    await service.delivered(person)
    await days_go_by(service, 60)
    assert told(service) == [1]


async def test_an_outage_moves_the_steps_and_does_not_heap_them(service, person):
    await service.delivered(person, A_REFUSAL)
    service.clock += timedelta(days=30)
    for _ in range(3):
        await service.watch_unread()
    assert told(service) == [1]
    await days_go_by(service, 5)
    assert told(service) == [1, 2]


async def test_who_opens_it_at_the_same_moment_gets_no_paper(service, person):
    document = await service.delivered(person, A_REFUSAL)
    await days_go_by(service, 9)

    async def the_person_opens(_document):
        service.documents.before_save = nothing
        await service.open(document.id, person, OpenedBy.SELF)

    service.documents.before_save = the_person_opens
    await days_go_by(service, 30)
    assert told(service) == [1, 2]
    assert (await service.documents.get(document.id)).letters is None


async def test_who_opens_it_a_moment_later_gets_the_paper_that_was_ordered_and_the_time_is_kept(service, person):
    document = await service.delivered(person, A_REFUSAL)
    await days_go_by(service, 9)
    service.clock += timedelta(days=1)

    async def the_letter_is_ordered(_document):
        service.documents.before_save = nothing
        await service.watch_unread()

    service.documents.before_save = the_letter_is_ordered
    await service.open(document.id, person, OpenedBy.SELF)
    document = await service.documents.get(document.id)
    assert (len(document.letters), document.first_opened_at is None) == (1, False)


async def test_of_two_replicas_that_look_at_once_one_takes_the_step(service, person):
    await service.delivered(person, A_REFUSAL)
    for _ in range(3):

        async def another_is_faster(_document):
            service.documents.before_save = nothing
            await service.watch_unread()

        service.documents.before_save = another_is_faster
        service.clock += timedelta(days=4)
        await service.watch_unread()
    assert told(service) == [1, 2, LetterOrdered]


async def test_all_that_is_due_is_taken_up_however_much_it_is(service, person, monkeypatch):
    monkeypatch.setattr(watch_unread, "BATCH", 2)
    documents = [await service.delivered(person) for _ in range(5)]
    await days_go_by(service, 15)
    assert {(await service.documents.get(document.id)).reminders for document in documents} == {1}


async def test_nobody_is_bothered_about_what_was_opened_withdrawn_or_erased(service, person):
    opened, withdrawn = [await service.delivered(person, A_REFUSAL) for _ in range(2)]
    await service.open(opened.id, person, OpenedBy.MANDATE)
    await service.withdraw(withdrawn.id, None)
    await service.switch(other := service.knows(), active=True)
    await service.delivered(other, A_REFUSAL)
    await service.erase(other)
    await days_go_by(service, 30)
    assert [event for event in told(service) if event is not MadeAvailable] == []


async def test_who_died_or_is_not_on_file_is_neither_reminded_nor_written_to(service, person):
    await service.delivered(person, A_REFUSAL)
    service.recipients[person] = replace(service.recipients[person], deceased=True)
    await service.switch(other := service.knows(), active=True)
    await service.delivered(other, A_REFUSAL)
    service.recipients.pop(other)
    await days_go_by(service, 30)
    assert [event for event in told(service) if event is not MadeAvailable] == []
    assert await service.documents.unread_due(service.now(), 10) == []


@pytest.mark.parametrize(
    ("died_after", "told_before", "due_step"), [(2, [], 1), (5, [1], 2), (8, [1, 2], LetterOrdered)], ids=["first", "second", "paper"]
)
async def test_who_lives_after_all_gets_the_step_that_is_due_within_a_day_and_the_others_after_their_pauses(
    service, person, died_after, told_before, due_step
):
    await service.delivered(person, A_REFUSAL)
    await days_go_by(service, died_after)
    await service.records(person, deceased=True)
    await days_go_by(service, 60)
    assert told(service) == told_before
    await service.records(person, deceased=False)
    await days_go_by(service, 1)
    for _ in range(3):
        await service.watch_unread()
    assert told(service) == [*told_before, due_step], "one, however much was missed"
    await days_go_by(service, 2)
    assert told(service) == [*told_before, due_step]
    await days_go_by(service, 60)
    assert told(service) == [1, 2, LetterOrdered]


async def test_a_death_that_is_corrected_before_a_step_is_due_moves_none_in_whatever_order_both_are_told(service, person):
    await service.delivered(person, A_REFUSAL)
    known = service.recipients[person].revision
    await days_go_by(service, 1)
    await service.records(person, deceased=True)
    await service.records(person, deceased=False)
    await days_go_by(service, 2)
    assert told(service) == [1]
    await service.records(person, deceased=False, revision=known + 4)
    await service.records(person, deceased=True, revision=known + 3)
    await days_go_by(service, 4)
    assert told(service) == [1, 2]


async def test_a_correction_at_the_very_moment_of_a_look_is_not_missed(service, person):
    await service.delivered(person, A_REFUSAL)
    await service.records(person, deceased=True)

    async def the_fund_corrects(_document):
        service.documents.before_save = nothing
        await service.records(person, deceased=False)

    service.documents.before_save = the_fund_corrects
    await days_go_by(service, 3)
    assert told(service) == []
    await days_go_by(service, 1)
    assert told(service) == [1]


async def test_however_often_a_death_is_recorded_and_corrected_each_step_is_taken_once(service, person):
    await service.delivered(person, A_REFUSAL)
    for _ in range(10):
        for deceased in (True, True, False, False):
            await service.records(person, deceased=deceased)
            await days_go_by(service, 1)
    assert told(service) == [1, 2, LetterOrdered]


async def test_what_a_mandate_holder_opened_or_was_withdrawn_meanwhile_stays_off_the_ladder(service, person):
    opened, withdrawn = [await service.delivered(person, A_REFUSAL) for _ in range(2)]
    await service.records(person, deceased=True)
    await days_go_by(service, 5)
    await service.open(opened.id, person, OpenedBy.MANDATE)
    await service.withdraw(withdrawn.id, None)
    await service.records(person, deceased=False)
    await days_go_by(service, 30)
    assert told(service) == [MadeAvailable]


async def test_what_came_by_post_has_no_ladder(service):
    document = await service.delivered(service.knows(), A_REFUSAL)
    assert document.unread_due_at is None
    await days_go_by(service, 30)
    assert told(service) == []


async def test_the_letter_of_an_unread_document_that_comes_back_is_not_sent_to_the_same_address(service, person):
    document = await service.delivered(person, A_REFUSAL)
    await days_go_by(service, 12)
    letter = (await service.documents.get(document.id)).letter
    for _ in range(2):
        await service.note_return(letter, "unclaimed", NOON)
    document = await service.documents.get(document.id)
    assert (len(document.deliveries), document.stuck_since) == (2, NOON)
    await service.switch(person, active=False)
    await service.switch(person, active=True)
    assert len((await service.documents.get(document.id)).deliveries) == 2, "it lies in the eSpace already"
    await service.open(document.id, person, OpenedBy.SELF)
    assert await service.documents.stuck() == []


async def test_what_came_back_and_then_lay_unread_in_the_espace_goes_only_to_another_address(service):
    insured = service.knows()
    document = await service.delivered(insured, A_REFUSAL)
    await service.switch(insured, active=True)
    await service.note_return(document.letter, "moved", NOON)
    await days_go_by(service, 12)
    assert told(service) == [MadeAvailable, 1, 2]
    (stuck,) = await service.documents.stuck()
    await service.moves(insured, to="3, Um Weier")
    document = await service.documents.get(stuck.id)
    assert [delivery.cause for delivery in document.deliveries] == [Cause.ORDERED, Cause.RETURNED, Cause.UNREAD]
    assert told(service) == [MadeAvailable, 1, 2, LetterOrdered]


async def test_a_reminder_is_told_with_its_number_and_a_letter_as_any_other(service, person):
    document = await service.delivered(person, A_REFUSAL)
    await days_go_by(service, 12)
    first, second, letter = [contract_of(event) for event in service.documents.told[1:]]
    assert [first, second] == [
        DocumentUnread(
            insured=person, document=document.id, document_type=DocumentType.CLOSING_LETTER, locale=document.locale, reminder=number
        )
        for number in (1, 2)
    ]
    assert isinstance(letter, LetterRequested)
    assert letter.letter == (await service.documents.get(document.id)).letter


def test_each_kind_of_document_has_a_class_and_each_class_a_ladder():
    classes = {kind: class_of(kind) for kind in DocumentType}
    assert set(classes.values()) == set(UnreadClass) == set(DEFAULT_LADDERS)
    assert {kind.value for kind, unread in classes.items() if unread is UnreadClass.DEADLINE} == {
        "joint_committee_notification", "late_declaration_warning", "identification_number_missing", "household_sick_pay_notice",
        "closing_letter",
    }  # fmt: skip
    assert [unread for unread, ladder in DEFAULT_LADDERS.items() if ladder.paper] == [UnreadClass.DEADLINE]


def days_of(ladder):
    return [step.days for step in ladder.reminders], ladder.paper and ladder.paper.days


def test_a_deployment_sets_its_own_ladder_in_one_place(monkeypatch):
    assert dict(Settings(unread_ladder={}).ladders) == DEFAULT_LADDERS
    monkeypatch.setenv("ESPACE_UNREAD_LADDER", json.dumps({"deadline": {"reminders": ["P5D"], "paper": "P9D"}}))
    ladders = Settings().ladders
    assert days_of(ladders[UnreadClass.DEADLINE]) == ([5], 9)
    assert ladders[UnreadClass.ORDINARY] == DEFAULT_LADDERS[UnreadClass.ORDINARY]
    monkeypatch.setenv("ESPACE_UNREAD_LADDER", json.dumps({"deadline": {"reminders": ["PT1S", "PT2S"], "paper": "PT3S"}}))
    assert Settings().ladders[UnreadClass.DEADLINE].shortest_pause == timedelta(seconds=1)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("{", "The unread ladder is no JSON"),
        ('{"deadline": {"reminders": ["P7D", "P3D"]}}', "must rise from one reminder to the next"),
        ('{"deadline": {"reminders": ["P7D"], "paper": "P7D"}}', "must rise from one reminder to the next"),
        ('{"deadline": {"reminders": ["PT0S"]}}', "must rise"),
        ('{"urgent": {"reminders": ["P1D"]}}', "unread_ladder.urgent"),
    ],
)
def test_a_ladder_that_cannot_be_is_refused_at_the_start_with_a_sentence(table, sentence, monkeypatch):
    monkeypatch.setenv("ESPACE_UNREAD_LADDER", table)
    with pytest.raises(ValidationError, match=sentence):
        Settings()


def test_a_ladder_without_steps_has_nothing_due():
    assert Ladder().due_after(0, NOON) is None
    assert Ladder().shortest_pause is None
    assert a_recipient().address_revision == 0
