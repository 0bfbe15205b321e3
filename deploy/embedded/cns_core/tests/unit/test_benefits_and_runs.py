from __future__ import annotations

from uuid import uuid4

import pytest

from espace_cns_core.app.issue_run import WantedRun
from espace_cns_core.app.not_on_file import NotOnFile
from espace_cns_core.domain.person_file import PersonFile
from espace_cns_core.domain.run import PART
from espace_cns_core.domain.sample_benefits import BENEFIT_KINDS, sample_content, sample_lines
from espace_cns_core.domain.synthetic_persons import synthetic_persons
from espace_cns_core.events.outgoing import contract_of
from espace_contracts.contents import LateDeclarationWarning
from espace_contracts.events import BenefitSettled, ReimbursementSettled
from espace_contracts.vocabulary import DocumentType

from .conftest import NOW, TODAY

WARNING = LateDeclarationWarning(absent_from=TODAY, due_on=TODAY, received_on=TODAY)
OTHERS = [kind for kind in BENEFIT_KINDS if kind is not DocumentType.REIMBURSEMENT_STATEMENT]


@pytest.fixture
async def insured(fund, person):
    await fund.do.record_persons([PersonFile(person=person)])
    return person.id


def test_a_benefit_leads_to_each_document_that_no_procedure_leads_to():
    by_procedure = {
        DocumentType.EHIC_REPLACEMENT_CERTIFICATE,
        DocumentType.ENTITLEMENT_CERTIFICATE,
        DocumentType.COINSURANCE_CERTIFICATE,
        DocumentType.BANK_ACCOUNT_CHANGE,
        DocumentType.APPOINTMENT_NOT_CANCELLED,
        DocumentType.APPOINTMENT_CONFIRMATION,
        DocumentType.CLOSING_LETTER,
        DocumentType.SUBMISSION_RECEIPT,
    }
    assert set(BENEFIT_KINDS) == set(DocumentType) - by_procedure
    assert len(BENEFIT_KINDS) == 10


@pytest.mark.parametrize("kind", OTHERS)
async def test_a_sample_benefit_is_told_once_in_the_persons_language(fund, person, insured, kind):
    benefit = uuid4()
    for _ in range(2):
        await fund.do.issue_benefit(benefit, insured, kind)
    (told,) = fund.benefits.told
    settled = contract_of(told)
    assert isinstance(settled, BenefitSettled)
    assert (settled.benefit, settled.insured, settled.locale, settled.settled_at, settled.run) == (
        benefit,
        insured,
        person.locale,
        NOW,
        None,
    )
    assert settled.content == sample_content(kind, person, TODAY)
    assert settled.content.type is kind
    assert BenefitSettled.model_validate_json(settled.model_dump_json()) == settled


async def test_a_benefit_is_told_with_the_content_that_is_given(fund, insured):
    await fund.do.issue_benefit(uuid4(), insured, WARNING)
    (told,) = fund.benefits.told
    assert told.benefit.content == WARNING


async def test_a_sample_reimbursement_is_settled_and_paid_to_the_account_on_file(fund, person, insured):
    await fund.do.issue_benefit(uuid4(), insured, DocumentType.REIMBURSEMENT_STATEMENT)
    (told,) = fund.reimbursements.told
    settled = contract_of(told)
    assert isinstance(settled, ReimbursementSettled)
    assert settled.paid_to_iban_masked == person.account.masked_iban
    assert len(settled.lines) == len(sample_lines(person, TODAY))


async def test_who_is_not_on_file_has_no_benefit(fund):
    with pytest.raises(NotOnFile):
        await fund.do.issue_benefit(uuid4(), uuid4(), WARNING)


@pytest.mark.parametrize("person", [next(synthetic_persons(1, number)) for number in range(0, 40, 7)], ids=lambda person: person.id.hex[:4])
def test_the_amounts_of_a_sample_add_up(person):
    for line in sample_lines(person, TODAY):
        assert line.invoiced >= line.tariff == line.participation + line.refunded
    cash = sample_content(DocumentType.CASH_BENEFIT_CALCULATION, person, TODAY)
    assert all(period.gross_cents == period.days * period.daily_cents for period in cash.periods)
    assert sum(period.days for period in cash.periods) == 28, "February 2026"
    assert cash.gross_cents == sum(period.gross_cents for period in cash.periods)
    assert cash.net_cents == cash.gross_cents - cash.contributions_cents - cash.tax_cents > 0
    paid = sample_content(DocumentType.REMUNERATION_CERTIFICATE, person, TODAY)
    assert paid.gross_cents == sum(period.gross_cents for period in paid.periods)
    assert paid.net_cents == paid.gross_cents - paid.health_cents - paid.pension_cents - paid.dependency_cents - paid.tax_cents > 0
    assert paid.taxable_cents == paid.gross_cents - paid.health_cents - paid.pension_cents
    for payment in sample_content(DocumentType.DIRECT_PAYMENT_STATEMENT, person, TODAY).payments:
        assert all(act.tariff_cents == act.fund_cents + act.patient_cents for act in payment.acts)
    for leave in sample_content(DocumentType.FAMILY_LEAVE_CERTIFICATE, person, TODAY).children:
        assert leave.remaining_minutes == leave.entitled_minutes - leave.used_minutes


@pytest.mark.parametrize("kind", [DocumentType.REIMBURSEMENT_STATEMENT, DocumentType.LATE_DECLARATION_WARNING])
async def test_a_run_tells_one_benefit_to_each_of_its_persons_part_by_part(fund, kind):
    run = WantedRun(id=uuid4(), kind=kind, count=PART + 20, offset=300)
    assert [told async for told in fund.do.issue_run(run)] == [PART, PART + 20]
    events = [contract_of(told) for told in fund.run_parts.told]
    assert [event.insured for event in events] == [person.id for person in synthetic_persons(PART + 20, 300)]
    assert {event.run for event in events} == {run.id}
    assert len({event.subject for event in events}) == PART + 20
    assert {event.insured for event in events} == fund.persons.kept.keys()


async def test_a_run_that_stopped_goes_on_and_tells_nothing_twice(fund):
    run = WantedRun(id=uuid4(), kind=DocumentType.LATE_DECLARATION_WARNING, count=2 * PART, offset=0)
    async for _ in fund.do.issue_run(run):
        break
    assert len(fund.run_parts.told) == PART
    assert [told async for told in fund.do.issue_run(run)] == [PART, 2 * PART]
    assert len(fund.run_parts.told) == 2 * PART
