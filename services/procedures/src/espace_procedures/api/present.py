"""How procedures and their catalogue are shown, in one language."""

from __future__ import annotations

from datetime import datetime
from unicodedata import normalize

from espace_contracts.vocabulary import Locale, ProcedureStatus
from espace_procedures.api import models as show
from espace_procedures.api.language import LANGUAGES, Language
from espace_procedures.domain.answers import ALWAYS, Finding, Question
from espace_procedures.domain.attachments import MAX_BYTES, MAX_FILES, MEDIA_TYPES, Attachment, AttachmentRole
from espace_procedures.domain.catalogue import CATALOGUE
from espace_procedures.domain.definition import Definition
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.sentences import _
from espace_procedures.domain.status import Action, Move

STATUS_LABELS = {
    ProcedureStatus.IN_PREPARATION: _("In preparation"),
    ProcedureStatus.FORWARDED: _("Forwarded"),
    ProcedureStatus.TO_BE_CORRECTED: _("To be corrected"),
    ProcedureStatus.CLOSED: _("Closed"),
}


def catalogue(locale: Locale) -> show.CatalogueShown:
    """Every procedure that can be started."""
    return show.CatalogueShown(procedures=[_entry(definition, LANGUAGES[locale]) for definition in CATALOGUE.values()])


def summary(procedure: Procedure, locale: Locale | None = None) -> show.ProcedureSummary:
    """A procedure as lists show it, in its own language unless another is asked for."""
    say = LANGUAGES[locale or procedure.locale].say
    return show.ProcedureSummary(
        id=procedure.id,
        reference=procedure.reference,
        kind=procedure.kind,
        title=say(procedure.definition.title),
        status=procedure.status,
        status_label=say(STATUS_LABELS[procedure.status]),
        outcome=procedure.outcome,
        actions=list(procedure.actions),
        started_at=procedure.history[0].at,
        moved_at=procedure.history[-1].at,
        version=procedure.version,
    )


def whole(procedure: Procedure, now: datetime, locale: Locale | None = None) -> show.ProcedureShown:
    """All of a procedure. What is wrong in its answers is told while they can be mended."""
    language = LANGUAGES[locale or procedure.locale]
    editable = Action.SAVE_ANSWERS in procedure.actions
    findings = procedure.findings(now) if editable else ()
    return show.ProcedureShown(
        **summary(procedure, locale).model_dump(),
        locale=procedure.locale,
        answers=procedure.answers,
        on_file=procedure.on_file,
        attachments=[_attachment(attachment) for attachment in procedure.attachments],
        missing_attachments=[_role(role, language) for role in procedure.missing_attachments] if editable else [],
        errors=[_finding(finding, language) for finding in findings if finding.blocks],
        warnings=[_finding(finding, language) for finding in findings if not finding.blocks],
        corrections=[
            show.CorrectionShown(submission=move.submission, reason=move.reason or "", at=move.at) for move in procedure.corrections
        ],
        submissions=len(procedure.submissions),
        history=[_move(move, language) for move in procedure.history],
    )


def _entry(definition: Definition, language: Language) -> show.CatalogueEntry:
    return show.CatalogueEntry(
        kind=definition.kind,
        title=language.say(definition.title),
        about=language.say(definition.about),
        wants_fresh_login=definition.wants_fresh_login,
        questions=[_question(question, language) for question in definition.questions],
        attachments=[
            show.CatalogueRoleShown(
                **_role(role, language).model_dump(), expected=role.expected, media_types=list(MEDIA_TYPES), max_bytes=MAX_BYTES
            )
            for role in definition.attachments
        ],
        max_attachments=MAX_FILES if definition.attachments else 0,
    )


def _question(question: Question, language: Language) -> show.QuestionShown:
    sentence = question.required.sentence
    choices = [show.ChoiceShown(value=code, label=language.country(code)) for code in question.choices]
    return show.QuestionShown(
        name=question.name,
        type=question.type.code,
        label=language.say(question.label),
        hint=language.say(question.hint),
        required=question.required is ALWAYS,
        required_when=language.say(sentence) if sentence else None,
        max_length=question.limit,
        choices=sorted(choices, key=lambda choice: normalize("NFD", choice.label)),  # an accent sorts beside its letter
    )


def _role(role: AttachmentRole, language: Language) -> show.RoleShown:
    return show.RoleShown(role=role.name, label=language.say(role.label), hint=language.say(role.hint))


def _attachment(attachment: Attachment) -> show.AttachmentShown:
    return show.AttachmentShown(
        id=attachment.id, role=attachment.role, media_type=attachment.media_type, size=attachment.size, sha256=attachment.sha256
    )


def _finding(finding: Finding, language: Language) -> show.FindingShown:
    return show.FindingShown(field=finding.field, detail=language.say(finding.sentence))


def _move(move: Move, language: Language) -> show.MoveShown:
    return show.MoveShown(
        status=move.status,
        status_label=language.say(STATUS_LABELS[move.status]),
        actor=move.actor,
        at=move.at,
        submission=move.submission,
        reason=move.reason,
    )
