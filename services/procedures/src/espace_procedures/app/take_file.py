from __future__ import annotations

import hashlib
from uuid import UUID

from espace_contracts.vocabulary import Locale
from espace_procedures.app.ports import Files, Inspect, ScannerIsAway
from espace_procedures.domain.attachments import Attachment, Unfit
from espace_procedures.domain.unfit_files import ScannerAway, unfit_file


class TakeFile:
    """Look into a file whose type is taken, and store what is fit to be stored of it."""

    def __init__(self, files: Files, inspect: Inspect) -> None:
        self._files, self._inspect = files, inspect

    async def __call__(self, attachment_id: UUID, role: str, content: bytes, media_type: str, locale: Locale) -> Attachment:
        """The file as its procedure will keep it. Raises UnfitFile, ScannerAway."""
        try:
            fit = await self._inspect(content, media_type)
        except Unfit as unfit:
            raise unfit_file(unfit.flaw, locale) from None
        except ScannerIsAway:
            raise ScannerAway(locale) from None
        blob = await self._files.put(fit)
        return Attachment(attachment_id, role, blob, hashlib.sha256(fit).hexdigest(), len(fit), media_type)
