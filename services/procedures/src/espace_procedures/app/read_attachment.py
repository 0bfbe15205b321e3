from __future__ import annotations

from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_procedures.app.ports import Files, Procedures
from espace_procedures.app.remove_attachment import NoSuchAttachment
from espace_procedures.domain.attachments import Attachment


class ReadAttachment:
    """Give a person back a file they attached, as it was stored."""

    def __init__(self, procedures: Procedures, files: Files) -> None:
        self._procedures, self._files = procedures, files

    async def __call__(self, procedure_id: UUID, insured: InsuredId, attachment_id: UUID) -> tuple[Attachment, bytes]:
        """The file, be it of the draft or of a submission. Raises NoSuchProcedure, NoSuchAttachment, Altered."""
        procedure = await self._procedures.get(procedure_id, insured)
        attachment = procedure.attached(attachment_id)
        if attachment is None:
            raise NoSuchAttachment
        return attachment, await self._files.read(attachment.blob, attachment.sha256)
