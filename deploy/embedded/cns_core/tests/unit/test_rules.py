from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from espace_cns_core.domain.household import Household
from espace_cns_core.domain.reasons import Reason
from espace_cns_core.domain.rules import verdict_on
from espace_cns_core.domain.verdict import APPROVED, Action
from espace_contracts.vocabulary import Locale, PostalAddress, ProcedureKind

from .conftest import TODAY

WORD_OF_THE_LANGUAGE = {Locale.FRENCH: "Joignez", Locale.GERMAN: "Fügen", Locale.ENGLISH: "Attach", Locale.LUXEMBOURGISH: "Setzt"}
COINSURANCE, EHIC = ProcedureKind.COINSURANCE_CERTIFICATE, ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE
QUEBEC = {"kind": ProcedureKind.ENTITLEMENT_CERTIFICATE, "answers": {"country": "quebec"}, "attached": ()}


@pytest.fixture
def decide(person, mia, bank_change):
    """What is decided, by rule, on a submission of a person with one co-insured child."""

    def decide(*, members=(mia,), **changes):
        return verdict_on(bank_change(**changes), Household(person, tuple(members), TODAY))

    return decide


@pytest.mark.parametrize("locale", Locale)
def test_a_bank_change_without_a_statement_goes_back_in_the_language_of_the_submission(decide, locale):
    verdict = decide(attached=("identity_card",), locale=locale)
    assert verdict.action is Action.CORRECT
    assert verdict.reason is not None
    assert WORD_OF_THE_LANGUAGE[locale] in verdict.reason


def test_a_bank_change_without_login_and_statement_is_refused_since_nobody_could_correct_it(decide):
    verdict = decide(attached=(), with_login=False, locale=Locale.ENGLISH)
    assert verdict.action is Action.REFUSE
    assert "without login cannot be corrected" in (verdict.reason or "")


def test_what_has_all_it_needs_is_approved(decide):
    assert decide() == decide(with_login=False) == APPROVED
    assert decide(kind=EHIC, answers={}, attached=()) == APPROVED
    assert decide(kind=ProcedureKind.AGENCY_APPOINTMENT, answers={}, attached=()) == APPROVED


def test_a_coinsurance_certificate_is_for_residents_who_have_somebody_coinsured(decide, person, mia):
    ask = {"kind": COINSURANCE, "answers": {"persons": str(mia.person)}, "attached": (), "locale": Locale.GERMAN}
    assert decide(**ask) == APPROVED
    nobody = decide(**ask, members=())
    assert (nobody.action, nobody.reason) == (Action.REFUSE, Reason.NOBODY_COINSURED.told_in(Locale.GERMAN))
    person.address = PostalAddress(lines=("Saarstraße 40", "54290 Trier"), country="DE")
    abroad = decide(**ask)
    assert (abroad.action, abroad.reason) == (Action.REFUSE, Reason.LIVES_ABROAD.told_in(Locale.GERMAN))
    person.address = None
    assert decide(**ask) == APPROVED


@pytest.mark.parametrize("kind", [COINSURANCE, EHIC, ProcedureKind.ENTITLEMENT_CERTIFICATE])
def test_whoever_is_not_coinsured_gets_no_certificate(decide, person, mia, kind):
    ask = {"kind": kind, "attached": (), "locale": Locale.ENGLISH}
    assert decide(**ask, answers={"persons": f"{person.id} {mia.person}"}) == APPROVED
    assert decide(**ask, answers={"persons": f"{person.identity.matricule} {mia.identity.matricule}"}) == APPROVED
    stranger = decide(**ask, answers={"persons": f"{person.id} {uuid4()}"})
    assert (stranger.action, stranger.reason) == (Action.REFUSE, Reason.NOT_COINSURED.told_in(Locale.ENGLISH))
    ended = replace(mia, coinsured_until=date(2026, 3, 3))
    other = replace(mia, person=uuid4())
    assert decide(**ask, answers={"persons": str(mia.person)}, members=(ended, other)).action is Action.REFUSE


def test_quebec_wants_a_proof_of_enrolment(decide):
    assert decide(**QUEBEC).action is Action.CORRECT
    assert decide(**QUEBEC, with_login=False).action is Action.REFUSE
    assert decide(**QUEBEC | {"attached": ("enrolment_proof",)}) == APPROVED
    assert decide(**QUEBEC | {"answers": {"country": "tunisia"}}) == APPROVED


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_in_every_language_as_full_sentences(reason):
    texts = {reason.told_in(locale) for locale in Locale}
    assert len(texts) == len(Locale)
    assert all(text.endswith(".") and ". " in text for text in texts)
