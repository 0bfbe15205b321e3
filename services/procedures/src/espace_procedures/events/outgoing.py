"""How the service tells what happened."""

from __future__ import annotations

from espace_contracts.contents import SubmissionReceipt, SubmittedAnswer, SubmittedFile
from espace_contracts.event import Event
from espace_contracts.events import (
    AttachmentReference,
    DocumentOrder,
    DocumentOrdered,
    DraftExpiring,
    ProcedureClosed,
    ProcedureForwarded,
    ProcedureToBeCorrected,
    ProcedureWithdrawn,
)
from espace_contracts.vocabulary import AttachmentId, ClaimCheck, ProcedureId
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.events import About, Closed, Expiring, Forwarded, ReceiptDue, SentBack, Withdrawn
from espace_procedures.domain.language import LANGUAGES


def contract_of(event: Forwarded | ReceiptDue | SentBack | Closed | Withdrawn | Expiring) -> Event:
    """The contract that tells a domain event."""
    about, procedure = event.about, ProcedureId(event.about.procedure)
    match event:
        case Forwarded():
            return _forwarded(about, event)
        case ReceiptDue():
            return DocumentOrdered(
                insured=about.insured,
                order=event.order,
                procedure=procedure,
                document=DocumentOrder(recipient=about.insured, content=_receipt(about, event)),
                locale=about.locale,
            )
        case SentBack():
            return ProcedureToBeCorrected(
                insured=about.insured, procedure=procedure, kind=about.kind, submission=about.submission, locale=about.locale
            )
        case Closed():
            return _closed(about, event)
        case Withdrawn():
            return ProcedureWithdrawn(
                insured=about.insured, procedure=procedure, kind=about.kind, submission=about.submission, locale=about.locale
            )
        case Expiring(on=day):
            return DraftExpiring(insured=about.insured, procedure=procedure, kind=about.kind, expires_on=day, locale=about.locale)


def _forwarded(about: About, event: Forwarded) -> ProcedureForwarded:
    return ProcedureForwarded(
        insured=about.insured,
        procedure=ProcedureId(about.procedure),
        kind=about.kind,
        submission=about.submission,
        locale=about.locale,
        answers=dict(event.answers),
        attachments=tuple(_reference_to(attachment) for attachment in event.attachments),
        with_login=about.with_login,
    )


def _receipt(about: About, event: ReceiptDue) -> SubmissionReceipt:
    """Said in the language of the submission."""
    language = LANGUAGES[about.locale]
    return SubmissionReceipt(
        procedure_reference=event.reference,
        procedure_kind=about.kind,
        submitted_at=event.at,
        submission=about.submission,
        answers=tuple(
            SubmittedAnswer(question=language.say(answered.question), answer="\n".join(map(language.word, answered.answers)))
            for answered in event.answers
        ),
        files=tuple(
            SubmittedFile(role=language.say(role), media_type=file.media_type, size=file.size, sha256=file.sha256)
            for role, file in event.files
        ),
    )


def _closed(about: About, event: Closed) -> ProcedureClosed:
    """What was asked for without login is answered by post, to the address on file."""
    return ProcedureClosed(
        insured=about.insured,
        procedure=ProcedureId(about.procedure),
        kind=about.kind,
        outcome=event.outcome,
        documents=tuple(
            DocumentOrder(recipient=about.insured, content=content, by_post=not about.with_login) for content in event.documents
        ),
        locale=about.locale,
    )


def _reference_to(attachment: Attachment) -> AttachmentReference:
    return AttachmentReference(
        id=AttachmentId(attachment.id),
        role=attachment.role,
        file=ClaimCheck(sha256=attachment.sha256, size=attachment.size, media_type=attachment.media_type),
    )
