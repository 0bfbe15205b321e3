"""The composition root: the only file that knows every room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from espace_contracts.vocabulary import Locale
from espace_documents.api import documents as documents_api
from espace_documents.api import edelivery as edelivery_api
from espace_documents.api import letters as letters_api
from espace_documents.app.delete_orphan_files import DeleteOrphanFiles
from espace_documents.app.deliver_document import DeliverDocument
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
from espace_documents.app.use_cases import UseCases
from espace_documents.app.watch_letters import WatchLetters
from espace_documents.domain.document import Document, Order
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import Recipient
from espace_documents.domain.reference import reference_of_letter
from espace_documents.events.incoming import subscriptions
from espace_documents.events.outgoing import contract_of
from espace_documents.rendering import (
    Addressee,
    RenderedDocument,
    RenderingInterrupted,
    RenderingPool,
    RenderingRefused,
    RenderingRequest,
)
from espace_documents.settings import Settings
from espace_documents.storage.archive import BlobArchive
from espace_documents.storage.documents import StoredDocuments
from espace_documents.storage.preferences import StoredPreferences
from espace_documents.storage.recipients import StoredRecipients
from espace_kernel.blobs import Blobs
from espace_kernel.clock import utc_now
from espace_kernel.outcomes import NeverWorks, RetryLater
from espace_kernel.service import Kernel, Wiring
from espace_kernel.sweeper import Sweeper


class PooledRenderer:
    """The rendering pool as the use cases want it. What is refused raises NeverWorks, what was interrupted RetryLater."""

    def __init__(self, pool: RenderingPool) -> None:
        self._pool = pool

    async def document(self, order: Order, recipient: Recipient) -> RenderedDocument:
        """The document that was ordered."""
        return await self._render(
            RenderingRequest(
                document_type=order.content.type.value,
                locale=order.locale.value,
                reference=order.reference,
                issued_on=order.source.issued_on,
                recipient=_addressee(recipient, order.locale),
                content=order.content.model_dump(mode="json", exclude={"type"}),
            )
        )

    async def address_sheet(self, document: Document, recipient: Recipient) -> RenderedDocument:
        """What is put before a letter."""
        assert document.letter is not None
        return await self._render(
            RenderingRequest(
                document_type="address_sheet",
                locale=document.locale.value,
                reference=document.reference,
                issued_on=document.source.issued_on,
                recipient=_addressee(recipient, document.locale),
                content={"letter_reference": reference_of_letter(document.letter), "pages": document.pdf.pages},
            )
        )

    async def _render(self, request: RenderingRequest) -> RenderedDocument:
        try:
            return await self._pool.render(request)
        except RenderingRefused as refusal:
            raise NeverWorks(f"{refusal} Mend the order at its producer, or the template here, then replay.") from refusal
        except RenderingInterrupted as interruption:
            raise RetryLater(str(interruption)) from interruption


def _addressee(recipient: Recipient, locale: Locale) -> Addressee:
    address = recipient.address_in(locale)
    return Addressee(recipient.name, address.lines, address.country)


@asynccontextmanager
async def _open(pool: RenderingPool) -> AsyncIterator[None]:
    await pool.start()
    try:
        yield
    finally:
        await pool.close()


def wire(kernel: Kernel) -> Wiring:
    """The service documents."""
    settings = kernel.settings
    assert isinstance(settings, Settings)
    pool = RenderingPool(settings.rendering_workers, settings.rendering_time_limit_s, settings.rendering_memory_limit_mb)
    documents = StoredDocuments(kernel.aggregates("documents", Document, contract_of))
    preferences = StoredPreferences(kernel.aggregates("preferences", Preference, contract_of))
    recipients = StoredRecipients(kernel.database["recipients"])
    archive = BlobArchive(Blobs(kernel.database, "pdfs"))
    renderer = PooledRenderer(pool)
    deliver = DeliverDocument(
        documents=documents, recipients=recipients, preferences=preferences, archive=archive, renderer=renderer.document, now=utc_now
    )
    get_document = GetDocument(documents)
    get_letter = GetLetter(documents, recipients)
    do = UseCases(
        keep_recipient=recipients.keep,
        edelivery_of=preferences.of,
        switch_edelivery=SwitchEdelivery(preferences, recipients, utc_now),
        deliver_what_was_ordered=DeliverWhatWasOrdered(deliver),
        note_posting=NotePosting(documents),
        note_letter_failure=NoteLetterFailure(documents),
        list_documents=ListDocuments(get_document, documents),
        get_document=get_document,
        open_pdf=OpenPdf(get_document, documents, archive, utc_now),
        get_letter=get_letter,
        open_letter=OpenLetter(documents, archive),
        typeset_address_sheet=TypesetAddressSheet(get_letter, renderer.address_sheet),
    )
    return Wiring(
        routers=(documents_api.routes(do), edelivery_api.routes(do), letters_api.routes(do)),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=documents.prepare,
        running=(_open(pool),),
        sweepers=(
            Sweeper("orphan files", DeleteOrphanFiles(documents, archive, utc_now), every_seconds=3600),
            Sweeper("overdue letters", WatchLetters(documents, utc_now), every_seconds=600),
        ),
    )
