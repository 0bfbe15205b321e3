"""How the service tells what happened."""

from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.events import AttachmentReference, DocumentOrder, ProcedureClosed, ProcedureForwarded, ProcedureToBeCorrected
from espace_contracts.vocabulary import AttachmentId, ClaimCheck, ProcedureId
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.events import Closed, Forwarded, SentBack


def contract_of(event: Forwarded | SentBack | Closed) -> Event:
    """The contract that tells a domain event."""
    about = event.about
    procedure = ProcedureId(about.procedure)
    match event:
        case Forwarded(answers=answers, attachments=attachments):
            return ProcedureForwarded(
                insured=about.insured,
                procedure=procedure,
                kind=about.kind,
                submission=about.submission,
                locale=about.locale,
                answers=dict(answers),
                attachments=tuple(_reference_to(attachment) for attachment in attachments),
            )
        case SentBack():
            return ProcedureToBeCorrected(
                insured=about.insured, procedure=procedure, kind=about.kind, submission=about.submission, locale=about.locale
            )
        case Closed(outcome=outcome, documents=documents):
            return ProcedureClosed(
                insured=about.insured,
                procedure=procedure,
                kind=about.kind,
                outcome=outcome,
                documents=tuple(DocumentOrder(recipient=about.insured, content=content) for content in documents),
                locale=about.locale,
            )


def _reference_to(attachment: Attachment) -> AttachmentReference:
    return AttachmentReference(
        id=AttachmentId(attachment.id),
        role=attachment.role,
        file=ClaimCheck(sha256=attachment.sha256, size=attachment.size, media_type=attachment.media_type),
    )
