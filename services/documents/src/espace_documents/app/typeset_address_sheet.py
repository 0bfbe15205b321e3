from __future__ import annotations

from collections.abc import Awaitable, Callable

from espace_contracts.vocabulary import LetterId
from espace_documents.app.get_letter import Letter
from espace_documents.app.ports import AddressSheets


class TypesetAddressSheet:
    """The sheet that shows a letter's address in the envelope's window: made when it is asked for, of the address that is on file then."""

    def __init__(self, get_letter: Callable[[LetterId], Awaitable[Letter | None]], typeset: AddressSheets) -> None:
        self._get_letter, self._typeset = get_letter, typeset

    async def __call__(self, letter: LetterId) -> bytes | None:
        """A PDF; None when no document asked for this letter, or its recipient has no usable address. Raises as AddressSheets."""
        found = await self._get_letter(letter)
        if found is None or found.recipient is None or found.recipient.address is None:
            return None
        return (await self._typeset(found.document, found.recipient)).pdf
