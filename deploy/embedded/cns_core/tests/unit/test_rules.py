from __future__ import annotations

import pytest

from espace_cns_core.domain.rules import verdict_on
from espace_cns_core.domain.verdict import APPROVED, Action
from espace_contracts.vocabulary import Locale, ProcedureKind

WORD_OF_THE_LANGUAGE = {Locale.FRENCH: "Joignez", Locale.GERMAN: "Fügen", Locale.ENGLISH: "Attach", Locale.LUXEMBOURGISH: "Setzt"}


@pytest.mark.parametrize("locale", Locale)
def test_a_bank_change_without_a_statement_goes_back_in_the_language_of_the_submission(bank_change, locale):
    verdict = verdict_on(bank_change(attached=("identity_card",), locale=locale))
    assert verdict.action is Action.CORRECT
    assert verdict.reason is not None
    assert WORD_OF_THE_LANGUAGE[locale] in verdict.reason


def test_a_bank_change_with_a_statement_is_approved(bank_change):
    assert verdict_on(bank_change()) == APPROVED


def test_a_certificate_needs_no_attachment(bank_change):
    assert verdict_on(bank_change(kind=ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE, answers={}, attached=())) == APPROVED
