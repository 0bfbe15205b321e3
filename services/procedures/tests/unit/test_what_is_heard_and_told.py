"""The golden messages of the fund arrive at their use cases, and what comes of them is told as the contracts say."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from typing import Any
from uuid import UUID, uuid4

import pytest

from espace_contracts.events import ProcedureClosed, ProcedureForwarded, ProcedureToBeCorrected
from espace_contracts.vocabulary import InsuredId, Locale, ProcedureKind, ProcedureStatus
from espace_kernel.envelope import Received, event_type_of, receive
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.definition import OnFile
from espace_procedures.domain.procedure import Procedure
from espace_procedures.events.incoming import subscriptions
from espace_procedures.events.outgoing import contract_of

from .conftest import BANK, EHIC, IBAN, NOON


def golden(name: str) -> Received[Any]:
    message = json.loads((files("espace_contracts.golden") / f"{name}.json").read_text(encoding="utf-8"))
    attributes = {key.removeprefix("ce_"): value for key, value in message["headers"].items()}
    return receive(event_type_of(attributes), attributes, json.dumps(message["value"]).encode())


async def hear(world, event: Received[Any]) -> None:
    _, handler = subscriptions.handlers[event.type]
    await handler(event, world.do)


async def forwarded(world, event: Received[Any], kind: ProcedureKind) -> Procedure:
    """The procedure that this event of the fund is about, as often forwarded as it says."""
    procedure = Procedure.start(event.data.procedure, event.data.insured, kind, Locale.GERMAN, on_file=OnFile(), at=NOON)
    procedure.answers = {"iban": IBAN, "holder": "Sophie Hoffmann"} if kind is BANK else {}
    procedure.submit(uuid4(), NOON, freshly_logged_in=True)
    procedure.submissions *= event.data.submission
    procedure.recorded.clear()
    await world.procedures.add(procedure)
    return procedure


async def test_the_funds_file_fills_drafts_in(world):
    person, account = golden("lu.cns.persons.person.recorded.v1"), golden("lu.cns.persons.bank_details.recorded.v1")
    for event in (person, account):
        await hear(world, event)
    assert world.records.known == {person.data.insured: OnFile("Sophie Hoffmann", "LU28 **** **** **** 0000")}


@pytest.mark.parametrize(
    ("decided", "closed", "kind"),
    [
        ("bank_details_change_granted", "bank_account_change", BANK),
        ("ehic_replacement_granted", "ehic_replacement_certificate", EHIC),
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
    assert order.recipient == expected_order.recipient
    assert order.content.model_dump(exclude={"procedure_reference"}) == expected_order.content.model_dump(exclude={"procedure_reference"})


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
            Attachment(reference.id, reference.role, uuid4(), reference.file.sha256, reference.file.size, reference.file.media_type)
        )
    procedure.submit(uuid4(), NOON, freshly_logged_in=True)
    [recorded] = procedure.recorded
    told = contract_of(recorded)
    assert told == event
    assert isinstance(told, ProcedureForwarded)
    assert str(procedure.attachments[0].blob) not in told.model_dump_json()


async def test_a_decision_about_another_persons_procedure_finds_nothing(world):
    event = golden("lu.cns.decisions.procedure.decided.v1-bank_details_change_granted")
    procedure = await forwarded(world, event, BANK)
    world.procedures.kept[procedure.id] = replace(procedure, insured=InsuredId(UUID(int=1)))
    _, handler = subscriptions.handlers[event.type]
    with pytest.raises(Exception, match="no such procedure"):
        await handler(event, world.do)
    assert world.procedures.told == []
