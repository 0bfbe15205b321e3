from __future__ import annotations

from uuid import UUID

from espace_kernel.crashpoints import reach
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Files, Procedures
from espace_procedures.domain.procedure import Procedure


class NoSuchAttachment(Exception):
    """The draft has no such file."""


class RemoveAttachment:
    """Take a file out of a draft. Versions that were submitted keep it, and then its bytes stay."""

    def __init__(self, procedures: Procedures, files: Files) -> None:
        self._procedures, self._files = procedures, files

    async def __call__(self, seen: AsSeen, attachment_id: UUID) -> Procedure:
        """Raises NoSuchProcedure, NoSuchAttachment, VersionConflict, WithTheFund, AlreadyClosed."""
        procedure = await seen.load(self._procedures)
        removed = procedure.remove_attachment(attachment_id)
        if removed is None:
            raise NoSuchAttachment
        await self._procedures.save(procedure)
        reach("procedures.file_dropped")
        if not procedure.has_attached(attachment_id):
            await self._files.delete(removed.blob)
        return procedure
