"""What notifications hears."""

from __future__ import annotations

from espace_contracts.events import (
    ContactCodeRequested,
    ContactConfirmed,
    DocumentAvailable,
    DocumentUnread,
    DraftExpiring,
    EdeliveryChanged,
    LetterRequested,
    MessageReceived,
    MobileCodeRequested,
    MobileConfirmed,
    ProcedureToBeCorrected,
)
from espace_contracts.vocabulary import DocumentId, DocumentType, NoticeMeans
from espace_kernel.envelope import Received
from espace_kernel.subscriptions import Subscriptions
from espace_notifications.app.use_cases import UseCases
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.letter import Letter
from espace_notifications.domain.notice import Notice, NoticeKind

subscriptions: Subscriptions[UseCases] = Subscriptions(group="notifications")

News = (
    Received[DocumentAvailable]
    | Received[DocumentUnread]
    | Received[ProcedureToBeCorrected]
    | Received[MessageReceived]
    | Received[DraftExpiring]
    | Received[EdeliveryChanged]
)
"""What a notice tells of."""


@subscriptions.to(ContactConfirmed)
async def keep_the_contact(event: Received[ContactConfirmed], do: UseCases) -> None:
    """The person confirmed where they read notices."""
    await do.keep_contact(Contact(event.data.insured, event.data.email, event.data.revision))


@subscriptions.to(ContactCodeRequested)
async def send_the_code(event: Received[ContactCodeRequested], do: UseCases) -> None:
    """The person gave an address and is to prove that they read it."""
    wanted = event.data
    await do.request_contact_code(
        ContactCode(
            id=event.derived_id("contact-code"),
            insured=wanted.insured,
            locale=wanted.locale,
            requested_at=event.time,
            next_try_at=event.time,
            challenge=wanted.challenge,
            address=wanted.email,
            expires_at=wanted.expires_at,
        )
    )


@subscriptions.to(MobileConfirmed)
async def keep_the_number(event: Received[MobileConfirmed], do: UseCases) -> None:
    """The person confirmed which phone is told of notices too, or that none is any more."""
    await do.keep_contact(Contact(event.data.insured, event.data.mobile, event.data.revision, NoticeMeans.SMS))


@subscriptions.to(MobileCodeRequested)
async def send_the_code_to_the_phone(event: Received[MobileCodeRequested], do: UseCases) -> None:
    """The person gave a mobile number and is to prove that it is theirs."""
    wanted = event.data
    await do.request_contact_code(
        ContactCode(
            id=event.derived_id("mobile-code"),
            insured=wanted.insured,
            locale=wanted.locale,
            requested_at=event.time,
            next_try_at=event.time,
            means=NoticeMeans.SMS,
            challenge=wanted.challenge,
            address=wanted.mobile,
            expires_at=wanted.expires_at,
        )
    )


@subscriptions.to(DocumentAvailable)
async def tell_of_the_document(event: Received[DocumentAvailable], do: UseCases) -> None:
    """A document lies in the eSpace. Of the receipt of a submission nobody is told: the person is in the eSpace while it is made."""
    if event.data.document_type is not DocumentType.SUBMISSION_RECEIPT:
        await do.request_notice(_notice(event, NoticeKind.DOCUMENT_AVAILABLE, event.data.document))


@subscriptions.to(DocumentUnread)
async def remind_of_the_document(event: Received[DocumentUnread], do: UseCases) -> None:
    """A document has lain unread in the eSpace."""
    await do.request_notice(_notice(event, NoticeKind.DOCUMENT_UNREAD, event.data.document, event.data.reminder))


@subscriptions.to(ProcedureToBeCorrected)
async def tell_of_the_correction(event: Received[ProcedureToBeCorrected], do: UseCases) -> None:
    """A procedure is back with the person."""
    await do.request_notice(_notice(event, NoticeKind.PROCEDURE_TO_BE_CORRECTED))


@subscriptions.to(MessageReceived)
async def tell_of_the_message(event: Received[MessageReceived], do: UseCases) -> None:
    """A message of the fund lies in the eSpace."""
    await do.request_notice(_notice(event, NoticeKind.MESSAGE_RECEIVED))


@subscriptions.to(DraftExpiring)
async def warn_of_the_end_of_a_draft(event: Received[DraftExpiring], do: UseCases) -> None:
    """A draft that nobody works on will be deleted."""
    await do.request_notice(_notice(event, NoticeKind.DRAFT_EXPIRING))


@subscriptions.to(EdeliveryChanged)
async def warn_of_the_change(event: Received[EdeliveryChanged], do: UseCases) -> None:
    """Somebody logged in as the person switched eDelivery on or off: the person hears of it whoever it was."""
    await do.request_notice(_notice(event, NoticeKind.EDELIVERY_CHANGED))


@subscriptions.to(LetterRequested)
async def queue_the_letter(event: Received[LetterRequested], do: UseCases) -> None:
    """A document is to be posted."""
    letter = event.data
    await do.queue_letter(
        Letter(
            id=letter.letter,
            insured=letter.insured,
            document=letter.document,
            document_type=letter.document_type,
            locale=letter.locale,
            pages=letter.pages,
            sha256=letter.pdf.sha256,
            size=letter.pdf.size,
            requested_at=event.time,
            waits_from=event.time,
        )
    )


def _notice(event: News, kind: NoticeKind, document: DocumentId | None = None, reminder: int = 0) -> Notice:
    return Notice(
        id=event.derived_id("notice"),
        insured=event.data.insured,
        kind=kind,
        locale=event.data.locale,
        requested_at=event.time,
        next_try_at=event.time,
        document=document,
        reminder=reminder,
    )
