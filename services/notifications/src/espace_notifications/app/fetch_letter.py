from __future__ import annotations

from dataclasses import dataclass

from espace_notifications.app.ports import AddressUnprintable, LetterSource, LetterUnavailable
from espace_notifications.domain.letter import Failure, Letter
from espace_notifications.domain.print_run import LeftOut


@dataclass(frozen=True)
class Printable:
    """What the printer needs of a letter: two PDFs."""

    pdf: bytes
    address_sheet: bytes


class FetchLetter:
    """Fetch what is to be printed of a letter, and judge whether it may be."""

    def __init__(self, source: LetterSource) -> None:
        self._source = source

    async def __call__(self, letter: Letter) -> Printable | LeftOut:
        """Raises SourceAway when no letter at all can be fetched now."""
        try:
            if not any(line.strip() for line in await self._source.address_lines(letter.id)):
                return LeftOut(letter.id, "The person has no usable address on file.", Failure.NO_USABLE_ADDRESS)
            pdf = await self._source.pdf(letter.id)
            if not letter.is_the_content(pdf):
                return LeftOut(letter.id, "The PDF is not the one that was rendered.", Failure.CONTENT_ALTERED)
            return Printable(pdf, await self._source.address_sheet(letter.id))
        except AddressUnprintable:
            return LeftOut(letter.id, "The address on file cannot be printed.", Failure.NO_USABLE_ADDRESS)
        except LetterUnavailable as problem:
            return LeftOut(letter.id, str(problem))
