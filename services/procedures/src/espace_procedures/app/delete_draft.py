from __future__ import annotations

from espace_kernel.crashpoints import reach
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Files, Procedures


class DeleteDraft:
    """Forget a draft that was never forwarded, with its files."""

    def __init__(self, procedures: Procedures, files: Files) -> None:
        self._procedures, self._files = procedures, files

    async def __call__(self, seen: AsSeen) -> None:
        """Raises NoSuchProcedure, VersionConflict, WithTheFund, ForwardedBefore, AlreadyClosed."""
        procedure = await seen.load(self._procedures)
        procedure.must_be_a_draft()
        await self._procedures.remove(procedure)
        reach("procedures.file_dropped")
        for attachment in procedure.attachments:
            await self._files.delete(attachment.blob)
