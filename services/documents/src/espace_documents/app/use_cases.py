from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from espace_contracts.vocabulary import InsuredId
from espace_documents.app.deliver_what_was_ordered import DeliverWhatWasOrdered
from espace_documents.app.get_document import GetDocument
from espace_documents.app.get_letter import GetLetter
from espace_documents.app.list_documents import ListDocuments
from espace_documents.app.note_letter_failure import NoteLetterFailure
from espace_documents.app.note_posting import NotePosting
from espace_documents.app.open_letter import OpenLetter
from espace_documents.app.open_pdf import OpenPdf
from espace_documents.app.switch_edelivery import SwitchEdelivery
from espace_documents.app.typeset_address_sheet import TypesetAddressSheet
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import Recipient


@dataclass(frozen=True, kw_only=True, slots=True)
class UseCases:
    """What documents does when it is asked or told."""

    keep_recipient: Callable[[Recipient], Awaitable[None]]
    edelivery_of: Callable[[InsuredId], Awaitable[Preference]]
    switch_edelivery: SwitchEdelivery
    deliver_what_was_ordered: DeliverWhatWasOrdered
    note_posting: NotePosting
    note_letter_failure: NoteLetterFailure
    list_documents: ListDocuments
    get_document: GetDocument
    open_pdf: OpenPdf
    get_letter: GetLetter
    open_letter: OpenLetter
    typeset_address_sheet: TypesetAddressSheet
