from __future__ import annotations

from espace_kernel.crashpoints import reach
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Files, Procedures
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.status import Action


class DeleteDraft:
    """Forget a draft that was never forwarded, with its files."""

    def __init__(self, procedures: Procedures, files: Files) -> None:
        self._procedures, self._files = procedures, files

    async def __call__(self, seen: AsSeen) -> None:
        """Raises NoSuchProcedure, VersionConflict, WithTheFund, ForwardedBefore, AlreadyClosed."""
        procedure = await seen.load(self._procedures)
        procedure.must_allow(Action.DELETE)
        await self.forget(procedure)

    async def forget(self, procedure: Procedure) -> None:
        """Delete a draft as it was loaded. Raises VersionConflict."""
        await self._procedures.remove(procedure)
        reach("procedures.file_dropped")
        for attachment in procedure.attachments:
            await self._files.delete(attachment.blob)
