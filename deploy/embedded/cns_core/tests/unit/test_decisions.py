from __future__ import annotations

import copy

import pytest

from espace_cns_core.app.decide_procedure import NotHeld
from espace_cns_core.domain.grants import GrantedAccount, GrantedCertificate
from espace_cns_core.domain.person import AccountOnFile
from espace_cns_core.domain.submission import AlreadyDecided, Decided, SentBack
from espace_cns_core.domain.verdict import APPROVED, Action, Verdict
from espace_contracts.vocabulary import ProcedureKind
from espace_kernel.outcomes import NeverWorks

from .conftest import NEW_IBAN, TODAY, Died

REFUSED = Verdict(Action.REFUSE, "Le compte n'est pas à votre nom.")


async def test_a_bank_change_with_a_statement_is_approved_and_the_account_goes_on_file(fund, person, bank_change):
    await fund.knows(person)
    await fund.do.receive_submission(bank_change())
    (decided,) = fund.submissions.told
    (granted,) = decided.granted
    assert granted == GrantedAccount(fund.persons.kept[person.id].account, "LU120010001234567891")
    assert fund.persons.told[-1] == AccountOnFile(person.id, 2, granted.account)
    assert granted.account.iban == NEW_IBAN
    assert granted.account.since == decided.on == TODAY


async def test_a_persons_first_account_replaces_none(fund, person, bank_change):
    person.accounts = ()
    await fund.knows(person)
    await fund.do.receive_submission(bank_change())
    assert fund.submissions.told[0].granted[0].replaced_iban is None


async def test_a_bank_change_without_a_statement_goes_back_and_changes_nothing_on_file(fund, person, bank_change):
    await fund.knows(person)
    await fund.do.receive_submission(bank_change(attached=()))
    (sent_back,) = fund.submissions.told
    assert isinstance(sent_back, SentBack)
    assert len(fund.persons.kept[person.id].accounts) == 1


async def test_a_certificate_states_the_holder_and_three_months(fund, person, bank_change):
    await fund.knows(person)
    await fund.do.receive_submission(
        bank_change(kind=ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE, answers={"destination": "PT"}, attached=())
    )
    (decided,) = fund.submissions.told
    (granted,) = decided.granted
    assert isinstance(granted, GrantedCertificate)
    assert granted.holder == person.identity
    assert (granted.valid_from, granted.destination) == (TODAY, "PT")
    assert len(fund.persons.kept[person.id].accounts) == 1


async def test_a_redelivered_submission_is_decided_once(fund, person, bank_change):
    await fund.knows(person)
    submission = bank_change()
    for _ in range(3):
        await fund.do.receive_submission(copy.deepcopy(submission))
    assert len(fund.submissions.told) == 1
    assert [event.revision for event in fund.persons.told if isinstance(event, AccountOnFile)] == [1, 2]


async def test_a_death_between_decision_and_file_is_made_good_by_the_redelivery(fund, person, bank_change):
    await fund.knows(person)
    submission = bank_change()
    fund.persons.saves_left = 0
    with pytest.raises(Died):
        await fund.do.receive_submission(copy.deepcopy(submission))
    fund.persons.saves_left = None
    await fund.do.receive_submission(copy.deepcopy(submission))
    assert len(fund.submissions.told) == 1
    assert fund.persons.kept[person.id].account.iban == NEW_IBAN


async def test_without_rules_a_submission_waits_for_a_command(fund, person, bank_change):
    fund.by_rule = False
    await fund.knows(person)
    submission = bank_change()
    await fund.do.receive_submission(copy.deepcopy(submission))
    assert fund.submissions.told == []
    await fund.do.decide_procedure(submission.procedure, REFUSED)
    (decided,) = fund.submissions.told
    assert isinstance(decided, Decided)
    assert (decided.verdict, decided.granted) == (REFUSED, ())
    assert len(fund.persons.kept[person.id].accounts) == 1


async def test_a_decided_procedure_is_not_decided_again(fund, person, bank_change):
    await fund.knows(person)
    submission = bank_change()
    await fund.do.receive_submission(copy.deepcopy(submission))
    with pytest.raises(AlreadyDecided) as refusal:
        await fund.do.decide_procedure(submission.procedure, REFUSED)
    assert (refusal.value.verdict, refusal.value.on) == (APPROVED, TODAY)
    assert len(fund.submissions.told) == 1


async def test_a_command_repeated_after_a_death_finishes_the_first(fund, person, bank_change):
    fund.by_rule = False
    await fund.knows(person)
    submission = bank_change()
    await fund.do.receive_submission(copy.deepcopy(submission))
    fund.persons.saves_left = 0
    with pytest.raises(Died):
        await fund.do.decide_procedure(submission.procedure, APPROVED)
    fund.persons.saves_left = None
    with pytest.raises(AlreadyDecided):
        await fund.do.decide_procedure(submission.procedure, APPROVED)
    assert fund.persons.kept[person.id].account.iban == NEW_IBAN


async def test_a_command_decides_on_the_corrected_submission(fund, person, bank_change):
    await fund.knows(person)
    first = bank_change(attached=())
    await fund.do.receive_submission(first)
    fund.by_rule = False
    await fund.do.receive_submission(bank_change(procedure=first.procedure, number=2))
    decided = await fund.do.decide_procedure(first.procedure, APPROVED)
    assert decided.number == 2


async def test_a_procedure_the_fund_does_not_hold_cannot_be_decided(fund, bank_change):
    with pytest.raises(NotHeld):
        await fund.do.decide_procedure(bank_change().procedure, APPROVED)


async def test_a_submission_of_a_person_who_is_not_on_file_never_works(fund, bank_change):
    with pytest.raises(NeverWorks):
        await fund.do.receive_submission(bank_change())


async def test_a_bank_change_that_names_no_account_never_works(fund, person, bank_change):
    await fund.knows(person)
    with pytest.raises(NeverWorks, match="iban"):
        await fund.do.receive_submission(bank_change(answers={"holder": "Sophie Hoffmann"}))
    assert fund.submissions.told == []
