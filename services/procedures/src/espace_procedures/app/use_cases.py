from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, ProcedureStatus
from espace_procedures.app.attach_file import AttachFile
from espace_procedures.app.close_procedure import CloseProcedure
from espace_procedures.app.delete_draft import DeleteDraft
from espace_procedures.app.remove_attachment import RemoveAttachment
from espace_procedures.app.save_answers import SaveAnswers
from espace_procedures.app.send_back import SendBack
from espace_procedures.app.start_procedure import StartProcedure
from espace_procedures.app.submit_procedure import SubmitProcedure
from espace_procedures.domain.procedure import Procedure


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """All that the service does. What only reads or only remembers is a port's own method."""

    start: StartProcedure
    save_answers: SaveAnswers
    attach: AttachFile
    remove_attachment: RemoveAttachment
    submit: SubmitProcedure
    delete: DeleteDraft
    send_back: SendBack
    close: CloseProcedure
    read: Callable[[UUID, InsuredId], Awaitable[Procedure]]
    list_all: Callable[[InsuredId, ProcedureStatus | None], Awaitable[list[Procedure]]]
    keep_name: Callable[[InsuredId, int, str], Awaitable[None]]
    keep_account: Callable[[InsuredId, int, str], Awaitable[None]]
