from __future__ import annotations

from collections.abc import Awaitable, Callable

from espace_contracts.vocabulary import LetterId
from espace_documents.app.get_letter import Letter
from espace_documents.app.noted import noted
from espace_documents.app.ports import AddressSheets, Documents


class TypesetAddressSheet:
    """The sheet that shows a letter's address in the envelope's window: made when it is asked for, of the address that is on file then.

    Which address that was is kept: should the letter come back, only another one is worth a new letter.
    """

    def __init__(self, get_letter: Callable[[LetterId], Awaitable[Letter | None]], typeset: AddressSheets, documents: Documents) -> None:
        self._get_letter, self._typeset, self._documents = get_letter, typeset, documents

    async def __call__(self, letter: LetterId) -> bytes | None:
        """A PDF; None when no document asked for this letter, or its recipient has no usable address. Raises NotToBePosted, and as
        AddressSheets."""
        found = await self._get_letter(letter)
        if found is None or found.recipient is None or found.recipient.address is None:
            return None
        sheet = await self._typeset(letter, found.document, found.recipient)
        revision = found.recipient.address_revision
        await noted(self._documents, found.document, lambda sent: sent.note_of_letter(letter, lambda it: it.addressed(revision)))
        return sheet.pdf
