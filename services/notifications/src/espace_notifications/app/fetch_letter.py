from __future__ import annotations

from dataclasses import dataclass

from espace_notifications.app.ports import AddressUnprintable, LetterSource, LetterUnavailable, NotToBePosted
from espace_notifications.domain.letter import CallOff, Failure, Letter
from espace_notifications.domain.postal_address import PostalAddress
from espace_notifications.domain.print_run import LeftOut

_STAYS_BECAUSE = {
    CallOff.DOCUMENT_WITHDRAWN: "The fund withdrew the document before the letter left.",
    CallOff.RECIPIENT_ERASED: "The recipient was erased before the letter left.",
}


@dataclass(frozen=True)
class Printable:
    """What the printer needs of a letter: two PDFs."""

    pdf: bytes
    address_sheet: bytes


class FetchLetter:
    """Fetch what is to be printed of a letter, and judge whether it may be. Both raise SourceAway when no letter can be fetched now."""

    def __init__(self, source: LetterSource) -> None:
        self._source = source

    async def address(self, letter: Letter) -> PostalAddress | LeftOut:
        """Where it goes."""
        try:
            address = await self._source.address(letter.id)
        except NotToBePosted as gone:
            return _for_good(letter, gone.why)
        except LetterUnavailable as problem:
            return LeftOut(letter.id, str(problem))
        if address is None or not address.usable:
            return LeftOut(letter.id, "The person has no usable address on file.", Failure.NO_USABLE_ADDRESS)
        return address

    async def content(self, letter: Letter) -> Printable | LeftOut:
        """What is printed."""
        try:
            pdf = await self._source.pdf(letter.id)
            if not letter.is_the_content(pdf):
                return LeftOut(letter.id, "The PDF is not the one that was rendered.", Failure.CONTENT_ALTERED)
            return Printable(pdf, await self._source.address_sheet(letter.id))
        except NotToBePosted as gone:
            return _for_good(letter, gone.why)
        except AddressUnprintable:
            return LeftOut(letter.id, "The address on file cannot be printed.", Failure.NO_USABLE_ADDRESS)
        except LetterUnavailable as problem:
            return LeftOut(letter.id, str(problem))


def _for_good(letter: Letter, why: CallOff) -> LeftOut:
    return LeftOut(letter.id, _STAYS_BECAUSE[why], called_off=why)
