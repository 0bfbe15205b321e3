"""By which rules the stand-in decides when nobody commands it."""

from __future__ import annotations

from espace_cns_core.domain.submission import Submission
from espace_cns_core.domain.verdict import APPROVED, Action, Verdict
from espace_contracts.vocabulary import Locale, ProcedureKind

BANK_STATEMENT = "bank_statement"
"""The role of the attachment without which a change of bank details is not processed."""

_STATEMENT_MISSING = {
    Locale.FRENCH: "Le relevé d'identité bancaire manque. Joignez un relevé d'identité bancaire (RIB) de votre banque au format PDF, "
    "puis transmettez à nouveau la démarche.",
    Locale.GERMAN: "Der Kontonachweis fehlt. Fügen Sie einen Kontonachweis Ihrer Bank (RIB) als PDF bei "
    "und übermitteln Sie den Vorgang erneut.",
    Locale.ENGLISH: "The bank identity statement is missing. Attach a bank identity statement (RIB) from your bank as a PDF, "
    "then submit the procedure again.",
    Locale.LUXEMBOURGISH: "De Kontosnowäis (RIB) feelt. Setzt e RIB vun Ärer Bank als PDF derbäi a schéckt d'Demarche nach eng Kéier of.",
}


def verdict_on(submission: Submission) -> Verdict:
    """A change of bank details without a bank statement goes back, in the language of the submission; all else is approved."""
    if submission.kind is ProcedureKind.BANK_DETAILS_CHANGE and BANK_STATEMENT not in submission.attached:
        return Verdict(Action.CORRECT, _STATEMENT_MISSING[submission.locale])
    return APPROVED
