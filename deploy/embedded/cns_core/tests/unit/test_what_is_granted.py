from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from espace_cns_core.domain.grants import GrantedAppointment, GrantedCoinsurance, GrantedEntitlement
from espace_cns_core.domain.submission import NothingToGrant
from espace_cns_core.domain.verdict import APPROVED, Action
from espace_cns_core.events.outgoing import contract_of
from espace_contracts.vocabulary import Outcome, ProcedureKind, StayCountry
from espace_kernel.outcomes import NeverWorks

from .conftest import TODAY

STAY = {"country": "tunisia", "stay_from": "2026-04-01", "stay_to": "2026-04-20", "address_of_stay": "3, rue de Carthage, Tunis"}
FORMS = {
    "cape_verde": "LCV/5", "quebec": "LUX QUE 4", "tunisia": "T/L", "turkey": "TR/L-3", "bosnia_and_herzegovina": "LU-BiH 111 (sample)",
}  # fmt: skip


@pytest.fixture
def submit(fund, bank_change):
    """Submits, and gives what was decided."""

    async def submit(kind, answers, attached=()):
        await fund.do.receive_submission(bank_change(kind=kind, answers=answers, attached=attached))
        return fund.submissions.told[-1]

    return submit


async def test_each_person_named_gets_a_replacement_certificate_of_their_own(fund, person, mia, submit):
    await fund.knows(person, mia)
    decided = await submit(
        ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE, {"persons": f"{mia.person} {person.id} {mia.person}", "destination": "PT"}
    )
    assert [granted.holder for granted in decided.granted] == [mia.identity, person.identity]
    told = contract_of(decided)
    assert (told.granted.matricule, [also.matricule for also in told.also_granted]) == ("2015061004565", ["1983081246785"])
    assert told.granted.card_number != told.also_granted[0].card_number
    assert {told.granted.destination, told.also_granted[0].destination} == {"PT"}


@pytest.mark.parametrize("names", ["", "{person}", "{mia}", "{person} {mia}", "2015061004565"])
async def test_a_coinsurance_certificate_states_who_is_coinsured_today(fund, person, mia, submit, names):
    ended = replace(mia, person=uuid4(), coinsured_until=date(2025, 12, 31))
    await fund.knows(person, mia, ended)
    decided = await submit(ProcedureKind.COINSURANCE_CERTIFICATE, {"persons": names.format(person=person.id, mia=mia.person)})
    assert decided.granted == (GrantedCoinsurance(person.identity, (mia,), TODAY),)
    told = contract_of(decided).granted
    assert (told.principal_name, told.principal_matricule, told.as_of) == ("Sophie Hoffmann", "1983081246785", TODAY)
    assert [(line.name, line.since, line.until) for line in told.coinsured] == [("Mia Hoffmann", date(2015, 6, 10), None)]


async def test_a_certificate_of_coinsurance_without_anybody_on_it_cannot_be_granted(fund, person, mia, bank_change):
    fund.by_rule = False
    await fund.knows(person, mia)
    submission = bank_change(kind=ProcedureKind.COINSURANCE_CERTIFICATE, answers={"persons": str(uuid4())}, attached=())
    await fund.do.receive_submission(submission)
    with pytest.raises(NothingToGrant):
        await fund.do.decide_procedure(submission.procedure, APPROVED)
    assert (fund.submissions.kept[submission.id].verdict, fund.submissions.told) == (None, [])


@pytest.mark.parametrize("country", StayCountry)
async def test_a_certificate_of_entitlement_has_the_form_of_its_country(fund, person, mia, submit, country):
    await fund.knows(person, mia)
    answers = STAY | {"country": country.value, "persons": f"{person.id} {mia.person}"}
    decided = await submit(ProcedureKind.ENTITLEMENT_CERTIFICATE, answers, ("enrolment_proof",))
    told = contract_of(decided).granted
    assert (told.country, told.form, told.address_of_stay) == (country, FORMS[country.value], STAY["address_of_stay"])
    assert (told.valid_from, told.valid_to) == (date(2026, 4, 1), date(2026, 4, 20))
    assert [line.name for line in told.persons] == ["Sophie Hoffmann", "Mia Hoffmann"]


@pytest.mark.parametrize(
    "wrong", [{"country": "atlantis"}, {"country": None}, {"stay_from": "tomorrow"}, {"stay_to": None}, {"stay_to": "2026-02-30"}]
)
async def test_a_stay_that_cannot_be_read_never_works(fund, person, submit, wrong):
    await fund.knows(person)
    with pytest.raises(NeverWorks, match="two dates"):
        await submit(ProcedureKind.ENTITLEMENT_CERTIFICATE, STAY | wrong)
    assert fund.submissions.told == []


async def test_whoever_names_nobody_asks_for_themselves(fund, person, mia, submit):
    await fund.knows(person, mia)
    decided = await submit(ProcedureKind.ENTITLEMENT_CERTIFICATE, STAY)
    (granted,) = decided.granted
    assert isinstance(granted, GrantedEntitlement)
    assert granted.persons == (person.identity,)


async def test_an_entitlement_for_nobody_on_file_cannot_be_granted(fund, person, bank_change):
    fund.by_rule = False
    await fund.knows(person)
    submission = bank_change(kind=ProcedureKind.ENTITLEMENT_CERTIFICATE, answers=STAY | {"persons": "2015061004565"}, attached=())
    await fund.do.receive_submission(submission)
    with pytest.raises(NothingToGrant):
        await fund.do.decide_procedure(submission.procedure, APPROVED)


async def test_an_appointment_is_granted(fund, person, submit):
    await fund.knows(person)
    decided = await submit(ProcedureKind.AGENCY_APPOINTMENT, {"slot": "2026-03-10T09:00:00Z"})
    assert decided.granted == (GrantedAppointment(),)
    assert contract_of(decided).granted.kind is ProcedureKind.AGENCY_APPOINTMENT


async def test_a_refusal_grants_nothing_and_says_why(fund, person, submit):
    await fund.knows(person)
    decided = await submit(ProcedureKind.COINSURANCE_CERTIFICATE, {})
    told = contract_of(decided)
    assert decided.verdict.action is Action.REFUSE
    assert (told.outcome, told.granted, told.also_granted) == (Outcome.REFUSED, None, ())
    assert told.reason.startswith("Personne n'est coassuré")
