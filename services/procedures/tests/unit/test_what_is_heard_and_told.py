"""The golden messages of the fund arrive at their use cases, and what comes of them is told as the contracts say."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

import pytest

from espace_contracts.events import (
    DraftExpiring,
    MessageReceived,
    MessageWritten,
    ProcedureClosed,
    ProcedureForwarded,
    ProcedureToBeCorrected,
    ProcedureWithdrawn,
)
from espace_contracts.vocabulary import InsuredId, Locale, ProcedureKind, ProcedureStatus
from espace_kernel.envelope import Received, event_type_of, receive
from espace_procedures.app.book_slot import BookSlot
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.conversation import Conversation, Message
from espace_procedures.domain.on_file import OnFile
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.status import Actor
from espace_procedures.domain.submission import Submission
from espace_procedures.events.incoming import subscriptions
from espace_procedures.events.outgoing import contract_of
from espace_procedures.events.outgoing_messages import contract_of_message

from .conftest import APPOINTMENT, APPOINTMENT_ANSWERS, BANK, COINSURANCE, EHIC, ENTITLEMENT, NOON, SLOT, SOPHIE, draft, submit


def golden(name: str) -> Received[Any]:
    message = json.loads((files("espace_contracts.golden") / f"{name}.json").read_text(encoding="utf-8"))
    attributes = {key.removeprefix("ce_"): value for key, value in message["headers"].items()}
    return receive(event_type_of(attributes), attributes, json.dumps(message["value"]).encode())


async def hear(world, event: Received[Any]) -> None:
    _, handler = subscriptions.handlers[event.type]
    await handler(event, world)


async def forwarded(world, event: Received[Any], kind: ProcedureKind) -> Procedure:
    """The procedure that this event of the fund is about, as often forwarded as it says."""
    submissions = getattr(event.data, "submission", 1)
    procedure = Procedure.start(event.data.procedure, event.data.insured, kind, Locale.GERMAN, on_file=OnFile(), at=NOON)
    made = [Submission(id=uuid4(), number=number, answers={}, attachments=(), at=NOON) for number in range(1, submissions + 1)]
    procedure.status, procedure.submissions = ProcedureStatus.FORWARDED, tuple(made)
    await world.procedures.add(procedure)
    return procedure


async def test_the_funds_file_fills_drafts_in(world):
    person, account = golden("lu.cns.persons.person.recorded.v1"), golden("lu.cns.persons.bank_details.recorded.v1")
    for event in (person, account):
        await hear(world, event)
    assert world.records.known[person.data.insured] == OnFile(SOPHIE, "LU28 **** **** **** 0000")
    await hear(world, golden("lu.cns.persons.person.recorded.v1-deceased_without_address"))
    assert [known.person.residence for known in world.records.known.values()] == ["LU", None]


async def test_the_family_on_file_is_offered(world):
    event = golden("lu.cns.persons.family.recorded.v1")
    await hear(world, event)
    kept = world.records.known[event.data.insured].family
    assert [(relative.person, relative.coinsured_from, relative.coinsured_until) for relative in kept] == [
        (member.person, member.coinsured_from, member.coinsured_until) for member in event.data.members
    ]
    assert kept[0].name == f"{event.data.members[0].given_name} {event.data.members[0].family_name}"


@pytest.mark.parametrize(
    ("decided", "closed", "kind"),
    [
        ("bank_details_change_granted", "bank_account_change", BANK),
        ("ehic_replacement_granted", "ehic_replacement_certificate", EHIC),
        ("coinsurance_granted", "coinsurance_certificate", COINSURANCE),
        ("entitlement_granted_cape_verde", "entitlement_certificate_cape_verde", ENTITLEMENT),
        ("entitlement_granted_quebec", "entitlement_certificate_quebec", ENTITLEMENT),
        ("entitlement_granted_bosnia_and_herzegovina", "entitlement_certificate_bosnia_and_herzegovina", ENTITLEMENT),
        ("entitlement_granted_tunisia", "entitlement_certificate_tunisia", ENTITLEMENT),
        ("entitlement_granted_turkey", "entitlement_certificate", ENTITLEMENT),
        ("refused", "closing_letter", BANK),
    ],
)
async def test_a_decision_closes_its_procedure_and_orders_its_document(world, decided, closed, kind):
    event = golden(f"lu.cns.decisions.procedure.decided.v1-{decided}")
    procedure = await forwarded(world, event, kind)
    await hear(world, event)
    assert world.procedures.kept[procedure.id].status is ProcedureStatus.CLOSED
    [recorded] = world.procedures.told
    told = contract_of(recorded)
    expected = golden(f"lu.cns.espace.procedure.closed.v1-{closed}").data
    assert isinstance(told, ProcedureClosed)
    assert told.subject == event.data.procedure
    assert (told.insured, told.kind, told.outcome) == (expected.insured, expected.kind, expected.outcome)
    [order], [expected_order] = told.documents, expected.documents
    assert (order.recipient, order.by_post) == (expected_order.recipient, False)
    assert order.content.model_dump(exclude={"procedure_reference"}) == expected_order.content.model_dump(exclude={"procedure_reference"})


async def test_of_several_persons_each_receives_a_certificate(world):
    event = golden("lu.cns.decisions.procedure.decided.v1-ehic_replacements_granted")
    await forwarded(world, event, EHIC)
    await hear(world, event)
    [recorded] = world.procedures.told
    granted = (event.data.granted, *event.data.also_granted)
    assert len(granted) > 1
    assert [order.content.matricule for order in contract_of(recorded).documents] == [part.matricule for part in granted]


async def test_what_was_asked_for_without_login_is_answered_by_post(world):
    event = golden("lu.cns.decisions.procedure.decided.v1-refused")
    procedure = await forwarded(world, event, BANK)
    world.procedures.kept[procedure.id].with_login = False
    await hear(world, event)
    [recorded] = world.procedures.told
    assert [order.by_post for order in contract_of(recorded).documents] == [True]


async def test_a_granted_appointment_is_confirmed_with_the_time_that_is_held(world):
    event = golden("lu.cns.decisions.procedure.decided.v1-appointment_granted")
    procedure = await forwarded(world, event, APPOINTMENT)
    procedure.answers = APPOINTMENT_ANSWERS | {"mode": "video"}
    await BookSlot(world.appointments, world.clock)(procedure, procedure.insured)
    await hear(world, event)
    [recorded] = world.procedures.told
    [order] = contract_of(recorded).documents
    expected = golden("lu.cns.espace.procedure.closed.v1-appointment_confirmation").data.documents[0].content
    made_up = {"procedure_reference", "subject", "starts_at", "cancel_until"}
    assert order.content.model_dump(exclude=made_up) == expected.model_dump(exclude=made_up)
    assert (order.content.subject, order.content.starts_at.isoformat()) == ("Information und Dokumente", SLOT)
    assert order.content.procedure_reference == procedure.reference


async def test_a_message_of_the_fund_is_told_without_its_text(world):
    event = golden("lu.cns.decisions.message.sent.v1")
    procedure = await forwarded(world, event, BANK)
    for _ in range(2):
        await hear(world, event)
    [recorded] = world.conversations.told
    assert contract_of_message(recorded) == MessageReceived(
        insured=event.data.insured, procedure=procedure.id, kind=BANK, message=event.data.message, locale=Locale.GERMAN
    )
    [message] = world.conversations.kept[procedure.id].messages
    assert (message.text, message.at, message.is_unread) == (event.data.text, event.data.sent_at, True)


def test_a_withdrawal_a_message_and_an_expiring_draft_are_told():
    procedure = draft(locale=Locale.FRENCH)
    procedure.warn_of_expiry(NOON + timedelta(days=23))
    submit(procedure)
    procedure.withdraw(uuid4(), NOON)
    conversation = Conversation(id=procedure.id, insured=procedure.insured)
    conversation.write(procedure.about, message := Message(id=uuid4(), author=Actor.PERSON, text="Bonjour", at=NOON))
    expiring, forwarded, _, withdrawn = map(contract_of, procedure.recorded)
    [written] = map(contract_of_message, conversation.recorded)
    about = {"insured": procedure.insured, "procedure": procedure.id, "kind": BANK}
    assert expiring == DraftExpiring(**about, expires_on=date(2026, 4, 1), locale=Locale.FRENCH)
    assert isinstance(forwarded, ProcedureForwarded)
    assert withdrawn == ProcedureWithdrawn(**about, submission=1, locale=Locale.FRENCH)
    assert written == MessageWritten(**about, message=message.id, text="Bonjour", written_at=NOON)


async def test_a_correction_request_gives_the_procedure_back(world):
    event = golden("lu.cns.decisions.correction.requested.v1")
    procedure = await forwarded(world, event, BANK)
    await hear(world, event)
    kept = world.procedures.kept[procedure.id]
    assert kept.status is ProcedureStatus.TO_BE_CORRECTED
    assert (kept.history[-1].reason, kept.history[-1].cause) == (event.data.reason, event.id)
    [recorded] = world.procedures.told
    assert contract_of(recorded) == ProcedureToBeCorrected(
        insured=event.data.insured, procedure=event.data.procedure, kind=BANK, submission=1, locale=Locale.GERMAN
    )


async def test_what_is_forwarded_travels_with_references_to_its_files_alone(world):
    event = golden("lu.cns.espace.procedure.forwarded.v1-bank_details_change").data
    procedure = Procedure.start(event.procedure, event.insured, BANK, event.locale, on_file=OnFile(), at=NOON)
    procedure.answers = dict(event.answers)
    for reference in event.attachments:
        procedure.attach(
            Attachment(reference.id, reference.role, uuid4(), reference.file.sha256, reference.file.size, reference.file.media_type), NOON
        )
    submit(procedure)
    told, _ = map(contract_of, procedure.recorded)
    assert told == event
    assert isinstance(told, ProcedureForwarded)
    assert str(procedure.attachments[0].blob) not in told.model_dump_json()


async def test_a_decision_about_another_persons_procedure_finds_nothing(world):
    event = golden("lu.cns.decisions.procedure.decided.v1-bank_details_change_granted")
    procedure = await forwarded(world, event, BANK)
    world.procedures.kept[procedure.id] = replace(procedure, insured=InsuredId(UUID(int=1)))
    _, handler = subscriptions.handlers[event.type]
    with pytest.raises(Exception, match="no such procedure"):
        await handler(event, world)
    assert world.procedures.told == []
