from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from espace_contracts.vocabulary import DocumentId, InsuredId
from espace_documents.app.archive_document import ArchiveDocument
from espace_documents.app.deliver_document import DeliverDocument
from espace_documents.app.deliver_in_their_language import DeliverInTheirLanguage
from espace_documents.app.deliver_what_was_ordered import DeliverWhatWasOrdered
from espace_documents.app.get_letter import GetLetter
from espace_documents.app.keep_recipient import KeepRecipient
from espace_documents.app.list_documents import ListDocuments
from espace_documents.app.note_call_off import NoteCallOff
from espace_documents.app.note_contact import NoteContact
from espace_documents.app.note_dispatch import NoteDispatch
from espace_documents.app.note_letter_failure import NoteLetterFailure
from espace_documents.app.note_notice import NoteNotice
from espace_documents.app.note_posting import NotePosting
from espace_documents.app.note_return import NoteReturn
from espace_documents.app.open_letter import OpenLetter
from espace_documents.app.open_pdf import OpenPdf
from espace_documents.app.open_together import OpenTogether
from espace_documents.app.show_document import ShowDocument
from espace_documents.app.switch_edelivery import SwitchEdelivery
from espace_documents.app.tell_evidence import TellEvidence
from espace_documents.app.typeset_address_sheet import TypesetAddressSheet
from espace_documents.app.verify_document import VerifyDocument
from espace_documents.app.withdraw_document import WithdrawDocument
from espace_documents.domain.document import Document
from espace_documents.domain.preference import Preference


@dataclass(frozen=True, kw_only=True, slots=True)
class UseCases:
    """What documents does when it is asked or told."""

    keep_recipient: KeepRecipient
    edelivery_of: Callable[[InsuredId], Awaitable[Preference]]
    switch_edelivery: SwitchEdelivery
    deliver_what_was_ordered: DeliverWhatWasOrdered
    deliver_document: DeliverDocument
    deliver_in_their_language: DeliverInTheirLanguage
    note_posting: NotePosting
    note_dispatch: NoteDispatch
    note_return: NoteReturn
    note_letter_failure: NoteLetterFailure
    note_call_off: NoteCallOff
    note_notice: NoteNotice
    note_contact: NoteContact
    tell_evidence: TellEvidence
    document: Callable[[DocumentId], Awaitable[Document | None]]
    stuck_documents: Callable[[], Awaitable[Sequence[Document]]]
    """The longest stuck, at most some hundred."""
    list_documents: ListDocuments
    show_document: ShowDocument
    open_pdf: OpenPdf
    open_together: OpenTogether
    archive_document: ArchiveDocument
    get_letter: GetLetter
    open_letter: OpenLetter
    typeset_address_sheet: TypesetAddressSheet
    verify_document: VerifyDocument
    withdraw_document: WithdrawDocument
