"""An appointment at an agency of the CNS, or by video call. The time is held when the procedure is forwarded."""

from __future__ import annotations

from collections.abc import Iterable

from espace_contracts.contents import AppointmentConfirmation
from espace_contracts.vocabulary import AppointmentMode, ProcedureKind
from espace_procedures.domain.agencies import AGENCIES
from espace_procedures.domain.answers import ALWAYS, Answers, AnswerType, AttachmentRole, Choice, Condition, Finding, Question
from espace_procedures.domain.appointment import findings_on
from espace_procedures.domain.decision import Granted
from espace_procedures.domain.definition import Definition
from espace_procedures.domain.on_file import Situation
from espace_procedures.domain.sentences import _


def _rules(answers: Answers, situation: Situation) -> Iterable[Finding]:
    return findings_on(answers, situation.now)


def _by_video_without_login(answers: Answers, situation: Situation) -> bool:
    return answers.get("mode") == AppointmentMode.VIDEO and not situation.with_login


def _leads_to(reference: str, granted: Granted) -> tuple[AppointmentConfirmation]:
    """The fund grants the appointment as such; when and where it is was added from the appointment itself."""
    return (AppointmentConfirmation.model_validate({**granted, "procedure_reference": reference}),)


DEFINITION = Definition(
    kind=ProcedureKind.AGENCY_APPOINTMENT,
    code="APT",
    title=_("Appointment with the CNS"),
    about=_("Choose what it is about, where you want to be received, and a time that is free."),
    questions=(
        Question(
            name="consent",
            type=AnswerType.CONSENT,
            label=_("I agree that the CNS uses what I enter here to prepare and hold the appointment"),
            hint=_("It is used for nothing else."),
            required=ALWAYS,
        ),
        Question(
            name="subject",
            type=AnswerType.CHOICE,
            label=_("What it is about"),
            hint=_("Not every subject can be dealt with in a video call."),
            required=ALWAYS,
            choices=tuple(Choice(subject.code, subject.names) for subject in AGENCIES.subjects.values()),
        ),
        Question(
            name="mode",
            type=AnswerType.CHOICE,
            label=_("How you want to be received"),
            hint=_("For a video call you need a device with a camera and a microphone."),
            required=ALWAYS,
            choices=(Choice(AppointmentMode.AT_AGENCY, _("At the agency")), Choice(AppointmentMode.VIDEO, _("By video call"))),
        ),
        Question(
            name="agency",
            type=AnswerType.CHOICE,
            label=_("Agency"),
            hint=_("For a video call, the agency that calls you."),
            required=ALWAYS,
            choices=tuple(Choice(agency.code, agency.name) for agency in AGENCIES.agencies.values()),
        ),
        Question(
            name="slot",
            type=AnswerType.SLOT,
            label=_("Day and time"),
            hint=_("One of the free times of the agency. It is yours once you have forwarded the procedure."),
            required=ALWAYS,
        ),
        Question(
            name="phone",
            type=AnswerType.PHONE,
            label=_("Telephone number"),
            hint=_("In case something comes between."),
        ),
    ),
    attachments=(
        AttachmentRole(
            name="identity_document",
            label=_("Copy of your identity card or passport"),
            hint=_("For a video call that is asked for without login."),
            expected=Condition(_by_video_without_login, _("Needed for a video call when you are not logged in.")),
            compulsory=True,
        ),
    ),
    rules=_rules,
    leads_to=_leads_to,
)
