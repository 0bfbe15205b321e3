"""The rendering and the sealing of documents as the use cases want them."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from espace_contracts.vocabulary import LetterId, Locale
from espace_documents.domain.document import Document
from espace_documents.domain.order import Order
from espace_documents.domain.recipient import Recipient
from espace_documents.domain.reference import reference_of_letter
from espace_documents.domain.verification import Claim, digest_of
from espace_documents.rendering.pool import RenderingPool
from espace_documents.rendering.request import Addressee, RenderedDocument, RenderingInterrupted, RenderingRefused, RenderingRequest
from espace_documents.rendering.sealing import SealingPool
from espace_kernel.outcomes import NeverWorks, RetryLater


class PooledRenderer:
    """What is refused raises NeverWorks, what was interrupted RetryLater. `key` signs the verification codes."""

    def __init__(self, pool: RenderingPool, sealing: SealingPool, key: EllipticCurvePrivateKey) -> None:
        self._pool, self._sealing, self._key = pool, sealing, key

    async def document(self, order: Order, recipient: Recipient) -> RenderedDocument:
        """The document that was ordered, with its verification code, sealed."""
        return await _told(self._document(order, recipient))

    async def address_sheet(self, letter: LetterId, document: Document, recipient: Recipient) -> RenderedDocument:
        """What is put before a letter. It is no document of the fund, so it has neither code nor seal."""
        request = RenderingRequest(
            document_type="address_sheet",
            locale=document.locale.value,
            reference=document.reference,
            issued_on=document.source.issued_on,
            recipient=_addressee(recipient, document.locale),
            content={"letter_reference": reference_of_letter(letter), "pages": document.pdf.pages},
        )
        return await _told(self._pool.render(request))

    async def _document(self, order: Order, recipient: Recipient) -> RenderedDocument:
        request = RenderingRequest(
            document_type=order.content.type.value,
            locale=order.locale.value,
            reference=order.reference,
            issued_on=order.source.issued_on,
            recipient=_addressee(recipient, order.locale),
            content=order.content.model_dump(mode="json", exclude={"type"}),
        )
        claim = Claim(document=order.document, type=order.content.type, issued_on=request.issued_on, data=digest_of(request.data()))
        signed = replace(request, verification=claim.signed(self._key))
        rendered = await self._pool.render(signed, of_a_run=order.source.run is not None)
        return await self._sealing.seal(rendered)


def _addressee(recipient: Recipient, locale: Locale) -> Addressee:
    address = recipient.address_in(locale)
    return Addressee(recipient.name, address.lines, address.country)


async def _told(rendering: Awaitable[RenderedDocument]) -> RenderedDocument:
    """How it ends, in the words of the kernel."""
    try:
        return await rendering
    except RenderingRefused as refusal:
        raise NeverWorks(f"{refusal} Mend the order at its producer, or the template here, then replay.") from refusal
    except RenderingInterrupted as interruption:
        raise RetryLater(str(interruption)) from interruption
