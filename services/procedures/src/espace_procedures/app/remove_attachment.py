from __future__ import annotations

from uuid import UUID

from espace_kernel.crashpoints import reach
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Clock, Files, Procedures
from espace_procedures.domain.procedure import Procedure


class NoSuchAttachment(Exception):
    """The procedure has no such file."""


class RemoveAttachment:
    """Take a file out of a draft. Versions that were submitted keep it, and then its bytes stay."""

    def __init__(self, procedures: Procedures, files: Files, clock: Clock) -> None:
        self._procedures, self._files, self._clock = procedures, files, clock

    async def __call__(self, seen: AsSeen, attachment_id: UUID) -> Procedure:
        """Raises NoSuchProcedure, NoSuchAttachment, VersionConflict, WithTheFund, AlreadyClosed."""
        procedure = await seen.load(self._procedures)
        removed = procedure.remove_attachment(attachment_id, self._clock())
        if removed is None:
            raise NoSuchAttachment
        await self._procedures.save(procedure)
        reach("procedures.file_dropped")
        if procedure.attached(attachment_id) is None:
            await self._files.delete(removed.blob)
        return procedure
