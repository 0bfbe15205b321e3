"""By which rules the stand-in decides when nobody commands it."""

from __future__ import annotations

from espace_cns_core.domain.household import Household
from espace_cns_core.domain.reasons import Reason
from espace_cns_core.domain.submission import Submission
from espace_cns_core.domain.verdict import APPROVED, Action, Verdict
from espace_contracts.vocabulary import ProcedureKind, StayCountry

BANK_STATEMENT = "bank_statement"
"""The role of the attachment without which a change of bank details is not processed."""
ENROLMENT_PROOF = "enrolment_proof"
"""The role of the attachment that Quebec, for studies and placements alone, asks for."""


def verdict_on(submission: Submission, household: Household) -> Verdict:
    """What lacks an attachment goes back, or is refused where nobody could correct it; who is not covered is refused."""
    return _RULES[submission.kind](submission, household)


def _bank_details(submission: Submission, _household: Household) -> Verdict:
    return _unless_missing(submission, BANK_STATEMENT, Reason.STATEMENT_MISSING, otherwise=Reason.STATEMENT_MISSING_WITHOUT_LOGIN)


def _coinsurance(submission: Submission, household: Household) -> Verdict:
    if household.lives_abroad:
        return _refused(submission, Reason.LIVES_ABROAD)
    if not household.coinsured:
        return _refused(submission, Reason.NOBODY_COINSURED)
    return _unless_not_covered(submission, household)


def _entitlement(submission: Submission, household: Household) -> Verdict:
    if submission.answers.get("country") == StayCountry.QUEBEC and ENROLMENT_PROOF not in submission.attached:
        return _unless_missing(submission, ENROLMENT_PROOF, Reason.ENROLMENT_MISSING, otherwise=Reason.ENROLMENT_MISSING_WITHOUT_LOGIN)
    return _unless_not_covered(submission, household)


def _appointment(_submission: Submission, _household: Household) -> Verdict:
    return APPROVED


def _unless_missing(submission: Submission, role: str, reason: Reason, *, otherwise: Reason) -> Verdict:
    if role in submission.attached:
        return APPROVED
    if not submission.with_login:
        return _refused(submission, otherwise)
    return Verdict(Action.CORRECT, reason.told_in(submission.locale))


def _unless_not_covered(submission: Submission, household: Household) -> Verdict:
    if household.misses(submission.answers.get("persons")):
        return _refused(submission, Reason.NOT_COINSURED)
    return APPROVED


def _refused(submission: Submission, reason: Reason) -> Verdict:
    return Verdict(Action.REFUSE, reason.told_in(submission.locale))


_RULES = {
    ProcedureKind.BANK_DETAILS_CHANGE: _bank_details,
    ProcedureKind.COINSURANCE_CERTIFICATE: _coinsurance,
    ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE: _unless_not_covered,
    ProcedureKind.ENTITLEMENT_CERTIFICATE: _entitlement,
    ProcedureKind.AGENCY_APPOINTMENT: _appointment,
}
