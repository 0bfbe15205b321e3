"""Certificate of entitlement to benefits during a temporary stay, under an agreement of Luxembourg with the country of the stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from espace_contracts.contents import EntitlementCertificate
from espace_contracts.vocabulary import ProcedureKind, StayCountry
from espace_procedures.domain.answers import ALWAYS, Answers, AnswerType, AttachmentRole, Choice, Condition, Finding, Question
from espace_procedures.domain.decision import Granted
from espace_procedures.domain.definition import Definition, Prefill
from espace_procedures.domain.on_file import Situation
from espace_procedures.domain.persons_to_choose import yourself_and_coinsured_persons
from espace_procedures.domain.sentences import Country, _

_ASKED_AHEAD = timedelta(days=15)
"""How long before departure the CNS wants to be asked."""

_COUNTRIES = (
    Choice(StayCountry.CAPE_VERDE, Country("CV")),
    Choice(StayCountry.QUEBEC, _("Quebec, for studies or a work placement only")),
    Choice(StayCountry.BOSNIA_AND_HERZEGOVINA, Country("BA")),
    Choice(StayCountry.TUNISIA, Country("TN")),
    Choice(StayCountry.TURKEY, Country("TR")),
)


def _in_quebec(answers: Answers, _situation: Situation) -> bool:
    return answers.get("country") == StayCountry.QUEBEC


def _rules(answers: Answers, situation: Situation) -> Iterator[Finding]:
    days = {name: date.fromisoformat(answers[name]) for name in ("stay_from", "stay_to") if name in answers}
    begin, end = days.get("stay_from"), days.get("stay_to")
    if begin and end and end < begin:
        yield Finding("stay_to", _("The stay ends before it begins. Correct one of the two dates."))
    elif end and end < situation.today:
        yield Finding("stay_to", _("The stay is over already, and a certificate is for a stay to come. Correct the dates."))
    elif begin and begin < situation.today + _ASKED_AHEAD:
        yield Finding(
            "stay_from",
            _(
                "The CNS asks for %(days)s days between the request and the departure, so the certificate may not be there in time. "
                "You can forward the request all the same.",
                days=_ASKED_AHEAD.days,
            ),
            blocks=False,
        )


def _prefill(situation: Situation) -> Prefill:
    return Prefill(answers={"persons": str(situation.insured)})


def _leads_to(reference: str, granted: Granted) -> tuple[EntitlementCertificate]:
    return (EntitlementCertificate.model_validate({**granted, "procedure_reference": reference}),)


DEFINITION = Definition(
    kind=ProcedureKind.ENTITLEMENT_CERTIFICATE,
    code="ENT",
    title=_("Certificate of entitlement for a stay in Cape Verde, Quebec, Bosnia and Herzegovina, Tunisia or Turkey"),
    about=_("Shows the social security body at the place of stay that you are insured. Ask for it at least 15 days before you leave."),
    questions=(
        Question(
            name="country",
            type=AnswerType.CHOICE,
            label=_("Where you stay"),
            hint=_("The certificate is valid in this country alone."),
            required=ALWAYS,
            choices=_COUNTRIES,
        ),
        Question(
            name="stay_from",
            type=AnswerType.DATE,
            label=_("First day of the stay"),
            hint=_("The day you leave Luxembourg or your country of residence."),
            required=ALWAYS,
        ),
        Question(
            name="stay_to",
            type=AnswerType.DATE,
            label=_("Last day of the stay"),
            hint=_("The certificate is for a temporary stay, and ends with it."),
            required=ALWAYS,
        ),
        Question(
            name="persons",
            type=AnswerType.PERSONS,
            label=_("Who travels"),
            hint=_("Yourself and the family members who are insured through you."),
            required=ALWAYS,
            limit=800,
            offered=yourself_and_coinsured_persons,
        ),
        Question(
            name="address_of_stay",
            type=AnswerType.TEXT,
            label=_("Address during the stay"),
            hint=_("Street, place and postal code, as far as you know them already."),
            limit=120,
        ),
        Question(
            name="school",
            type=AnswerType.TEXT,
            label=_("School, university or place of the work placement"),
            hint=_("Its name and place."),
            required=Condition(_in_quebec, _("Needed for a stay in Quebec.")),
            limit=120,
        ),
    ),
    attachments=(
        AttachmentRole(
            name="enrolment_proof",
            label=_("Proof of enrolment or of the work placement"),
            hint=_("For Quebec: a document of the school, the university or the company."),
            expected=Condition(_in_quebec, _("Needed for a stay in Quebec.")),
            compulsory=True,
        ),
    ),
    rules=_rules,
    prefill=_prefill,
    leads_to=_leads_to,
)
