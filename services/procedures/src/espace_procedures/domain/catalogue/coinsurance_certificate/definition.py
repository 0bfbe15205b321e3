"""Certificate of co-insurance. The CNS issues it to residents only; whoever lives abroad asks the fund of their place of residence."""

from __future__ import annotations

from collections.abc import Iterator

from espace_contracts.contents import CoinsuranceCertificate
from espace_contracts.vocabulary import ProcedureKind
from espace_procedures.domain.answers import ALWAYS, Answers, AnswerType, Finding, Question
from espace_procedures.domain.decision import Granted
from espace_procedures.domain.definition import Definition, Prefill
from espace_procedures.domain.on_file import Situation
from espace_procedures.domain.persons_to_choose import coinsured_persons
from espace_procedures.domain.sentences import _


def _rules(_answers: Answers, situation: Situation) -> Iterator[Finding]:
    if situation.with_login and not any(situation.coinsured):
        yield Finding(
            "persons",
            _(
                "The CNS has nobody on file who is co-insured with you today, so there is nothing to certify. "
                "If this is wrong, tell the CNS."
            ),
        )


def _prefill(situation: Situation) -> Prefill:
    everybody = " ".join(choice.value for choice in coinsured_persons(situation))
    return Prefill(answers={"persons": everybody} if everybody else {})


def _leads_to(reference: str, granted: Granted) -> tuple[CoinsuranceCertificate]:
    return (CoinsuranceCertificate.model_validate({**granted, "procedure_reference": reference}),)


DEFINITION = Definition(
    kind=ProcedureKind.COINSURANCE_CERTIFICATE,
    code="COI",
    title=_("Certificate of co-insurance"),
    about=_("States who is insured through you: your spouse or partner, and your children."),
    residents_only=_(
        "The CNS issues certificates of co-insurance only to persons who live in Luxembourg. "
        "Ask the health insurance fund of your place of residence for yours."
    ),
    questions=(
        Question(
            name="persons",
            type=AnswerType.PERSONS,
            label=_("Co-insured persons on the certificate"),
            hint=_("The family members who are insured through you."),
            required=ALWAYS,
            limit=800,
            offered=coinsured_persons,
        ),
    ),
    rules=_rules,
    prefill=_prefill,
    leads_to=_leads_to,
)
