from __future__ import annotations

from uuid import UUID

from espace_kernel.crashpoints import reach
from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Files, Procedures
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.procedure import Procedure


class AttachFile:
    """Store a file and add it to a procedure. Its bytes lie there first; if the procedure never refers to them, they are swept."""

    def __init__(self, procedures: Procedures, files: Files) -> None:
        self._procedures, self._files = procedures, files

    async def __call__(self, seen: AsSeen, attachment_id: UUID, role: str, content: bytes) -> Procedure:
        """Raises NoSuchProcedure, VersionConflict, and the Refusal that says why the file is not taken."""
        procedure = await self._procedures.get(seen.procedure, seen.insured)
        if procedure.has_attached(attachment_id):
            return procedure
        media_type = procedure.media_type_if_taken(role, content)
        stored = await self._files.put(content, media_type)
        reach("procedures.file_stored")
        return await self._add(seen, Attachment(attachment_id, role, stored.id, stored.sha256, len(content), media_type))

    async def _add(self, seen: AsSeen, attachment: Attachment) -> Procedure:
        while True:
            procedure = await seen.load(self._procedures)
            procedure.attach(attachment)
            try:
                await self._procedures.save(procedure)
            except VersionConflict:
                if seen.version is None:
                    continue  # several files may come at once: whoever is late adds to what is there now
                raise
            return procedure
