"""How procedures and their catalogue are shown, in one language."""

from __future__ import annotations

from unicodedata import normalize

from espace_contracts.vocabulary import Locale, ProcedureStatus
from espace_procedures.api import models as show
from espace_procedures.app.view_procedure import View
from espace_procedures.domain.answers import ALWAYS, AnswerType, AttachmentRole, Choice, Finding, Question
from espace_procedures.domain.attachments import MAX_BYTES, MAX_FILES, MEDIA_TYPES, Attachment
from espace_procedures.domain.catalogue import CATALOGUE
from espace_procedures.domain.conversation import Conversation
from espace_procedures.domain.definition import Definition
from espace_procedures.domain.language import LANGUAGES, Language
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


def summary(procedure: Procedure, unread: int, locale: Locale | None = None) -> show.ProcedureSummary:
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
        expires_on=procedure.expires_on,
        unread_messages=unread,
        version=procedure.version,
    )


def whole(view: View, locale: Locale | None = None) -> show.ProcedureShown:
    """All of a procedure. What is wrong in its answers is told while they can be mended."""
    procedure, situation = view.procedure, view.situation
    language = LANGUAGES[locale or procedure.locale]
    editable = Action.SAVE_ANSWERS in procedure.actions
    findings = procedure.findings(situation) if editable else ()
    return show.ProcedureShown(
        **summary(procedure, view.unread, locale).model_dump(),
        locale=procedure.locale,
        questions=[_question(question, question.choices_in(situation), language) for question in procedure.definition.questions],
        answers=procedure.answers,
        on_file=procedure.on_file,
        attachments=[_attachment(attachment) for attachment in procedure.attachments],
        missing_attachments=[_role(role, language) for role in procedure.missing_attachments(situation)] if editable else [],
        errors=[_finding(finding, language) for finding in findings if finding.blocks],
        warnings=[_finding(finding, language) for finding in findings if not finding.blocks],
        corrections=[
            show.CorrectionShown(submission=move.submission, reason=move.reason or "", at=move.at) for move in procedure.corrections
        ],
        submissions=len(procedure.submissions),
        history=[_move(move, language) for move in procedure.history],
    )


def messages(conversation: Conversation) -> show.MessagesShown:
    """What was written about a procedure."""
    return show.MessagesShown(
        messages=[
            show.MessageShown(
                id=message.id, author=message.author, text=message.text, at=message.at, unread=message.is_unread, read_at=message.read_at
            )
            for message in conversation.messages
        ],
        unread=conversation.unread,
    )


def _entry(definition: Definition, language: Language) -> show.CatalogueEntry:
    return show.CatalogueEntry(
        kind=definition.kind,
        title=language.say(definition.title),
        about=language.say(definition.about),
        wants_fresh_login=definition.wants_fresh_login,
        questions=[_question(question, question.choices, language) for question in definition.questions],
        attachments=[_catalogue_role(role, language) for role in definition.attachments],
        max_attachments=MAX_FILES if definition.attachments else 0,
    )


def _question(question: Question, choices: tuple[Choice, ...], language: Language) -> show.QuestionShown:
    sentence = question.required.sentence
    named = [show.ChoiceShown(value=choice.value, label=language.word(choice.label)) for choice in choices]
    if question.type is AnswerType.COUNTRY:
        named.sort(key=lambda choice: normalize("NFD", choice.label))  # an accent sorts beside its letter
    return show.QuestionShown(
        name=question.name,
        type=question.type.code,
        label=language.say(question.label),
        hint=language.say(question.hint),
        required=question.required is ALWAYS,
        required_when=language.say(sentence) if sentence else None,
        max_length=question.limit,
        choices=named,
    )


def _role(role: AttachmentRole, language: Language) -> show.RoleShown:
    return show.RoleShown(role=role.name, label=language.say(role.label), hint=language.say(role.hint), compulsory=role.compulsory)


def _catalogue_role(role: AttachmentRole, language: Language) -> show.CatalogueRoleShown:
    sentence = role.expected.sentence
    return show.CatalogueRoleShown(
        **_role(role, language).model_dump(),
        expected=role.expected is ALWAYS,
        expected_when=language.say(sentence) if sentence else None,
        media_types=list(MEDIA_TYPES),
        max_bytes=MAX_BYTES,
    )


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
