from __future__ import annotations

from datetime import datetime
from uuid import UUID

from espace_kernel.crashpoints import reach
from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.ports import Clock, Procedures
from espace_procedures.app.take_file import TakeFile
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.refusals import must_be_in_time


class AttachFile:
    """Look into a file, store it and add it to a procedure. If the procedure never comes to refer to its bytes, they are swept."""

    def __init__(self, procedures: Procedures, take: TakeFile, clock: Clock) -> None:
        self._procedures, self._take, self._clock = procedures, take, clock

    async def __call__(self, seen: AsSeen, attachment_id: UUID, role: str, content: bytes) -> Procedure:
        """Raises NoSuchProcedure, VersionConflict, and the Refusal that says why the file is not taken: TookTooLong is one."""
        arrived_at = self._clock()
        procedure = await self._procedures.get(seen.procedure, seen.insured)
        if procedure.attached(attachment_id):
            return procedure
        media_type = procedure.media_type_if_taken(role, content)
        attachment = await self._take(attachment_id, role, content, media_type, procedure.locale)
        reach("procedures.file_stored")
        return await self._add(seen, attachment, arrived_at)

    async def _add(self, seen: AsSeen, attachment: Attachment, arrived_at: datetime) -> Procedure:
        while True:
            procedure = await seen.load(self._procedures)
            if procedure.attached(attachment.id):
                return procedure  # the same request, sent again while the first was being looked into, was faster
            procedure.attach(attachment, now := self._clock())
            must_be_in_time(arrived_at, now, procedure.locale)
            try:
                await self._procedures.save(procedure)
            except VersionConflict:
                if seen.version is None:
                    continue  # several files may come at once: whoever is late adds to what is there now
                raise
            return procedure
