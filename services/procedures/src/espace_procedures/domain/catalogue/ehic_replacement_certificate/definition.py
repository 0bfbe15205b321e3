"""Provisional replacement certificate of the European Health Insurance Card: valid for three months, where the card itself is valid."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date

from espace_contracts.contents import EhicReplacementCertificate
from espace_contracts.vocabulary import ProcedureKind
from espace_procedures.domain.answers import Answers, AnswerType, Choice, Condition, Finding, Question
from espace_procedures.domain.decision import Granted
from espace_procedures.domain.definition import Definition, Prefill
from espace_procedures.domain.on_file import Situation
from espace_procedures.domain.persons_to_choose import yourself_and_coinsured_persons
from espace_procedures.domain.sentences import Country, _

DESTINATIONS = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LV", "MT", "NL", "PL", "PT",
    "RO", "SE", "SI", "SK", "IS", "LI", "NO", "CH", "GB", "ME", "MK", "RS",
)  # fmt: skip
"""Where the card is accepted, by ISO 3166-1: the Union but for Luxembourg, the EEA, Switzerland, and four more countries."""

_ONLY_FOR_EU_NATIONALS = frozenset({"CH", "DK", "IS", "LI", "NO"})
_MONTHS_VALID = 3


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _about_the_destination(country: str) -> Iterator[Finding]:
    if country == "LU":
        yield Finding("destination", _("The certificate is for stays outside Luxembourg. Choose the country you travel to."))
    elif country not in DESTINATIONS:
        yield Finding(
            "destination",
            _(
                "The European Health Insurance Card is not accepted in %(country)s, so its certificate is of no use there. "
                "Ask the CNS whether there is a certificate for that country.",
                country=Country(country),
            ),
        )
    elif country in _ONLY_FOR_EU_NATIONALS:
        yield Finding(
            "destination",
            _(
                "Without the nationality of a country of the European Union, the certificate cannot be used in %(country)s.",
                country=Country(country),
            ),
            blocks=False,
        )


def _about_the_journey(answers: Answers, today: date) -> Iterator[Finding]:
    days = {name: date.fromisoformat(answers[name]) for name in ("travel_from", "travel_to") if name in answers}
    if len(days) == len(("from", "to")) and days["travel_to"] < days["travel_from"]:
        yield Finding("travel_to", _("The journey ends before it begins. Correct one of the two dates."))
        return
    if "travel_to" in days and days["travel_to"] < today:
        yield Finding("travel_to", _("The journey is over already, and a certificate is for a journey to come. Correct the dates."))
        return
    late = [name for name, day in days.items() if day >= _months_after(today, _MONTHS_VALID)]
    if late:
        yield Finding(
            late[0],
            _(
                "The certificate is valid for three months from its issue and may end before this day. "
                "For a later journey, order the card itself instead."
            ),
            blocks=False,
        )


def _rules(answers: Answers, situation: Situation) -> Iterator[Finding]:
    if "destination" in answers:
        yield from _about_the_destination(answers["destination"])
    yield from _about_the_journey(answers, situation.today)


def _prefill(situation: Situation) -> Prefill:
    return Prefill(answers={"persons": str(situation.insured)})


def _leads_to(reference: str, granted: Granted) -> tuple[EhicReplacementCertificate]:
    return (EhicReplacementCertificate.model_validate({**granted, "procedure_reference": reference}),)


DEFINITION = Definition(
    kind=ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE,
    code="ERC",
    title=_("Provisional replacement certificate for the European Health Insurance Card"),
    about=_("Stands in for the card for three months, for example when it was lost or does not arrive in time."),
    questions=(
        Question(
            name="persons",
            type=AnswerType.PERSONS,
            label=_("Who travels"),
            hint=_("Each person receives a certificate of their own. It is for yourself when nobody is chosen."),
            limit=800,
            offered=yourself_and_coinsured_persons,
        ),
        Question(
            name="destination",
            type=AnswerType.COUNTRY,
            label=_("Country you travel to"),
            hint=_("Leave it empty when you travel to several."),
            choices=tuple(Choice(code, Country(code)) for code in DESTINATIONS),
        ),
        Question(
            name="travel_from",
            type=AnswerType.DATE,
            label=_("First day of the journey"),
            hint=_("Leave it empty when it is not certain yet."),
            required=Condition(lambda answers, _situation: "travel_to" in answers, _("Needed when the last day is given.")),
        ),
        Question(
            name="travel_to",
            type=AnswerType.DATE,
            label=_("Last day of the journey"),
            hint=_("Leave it empty when it is not certain yet."),
        ),
    ),
    rules=_rules,
    prefill=_prefill,
    leads_to=_leads_to,
)
