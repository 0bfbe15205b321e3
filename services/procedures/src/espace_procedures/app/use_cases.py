from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from espace_contracts.vocabulary import InsuredId
from espace_procedures.app.attach_file import AttachFile
from espace_procedures.app.cancel_appointment import CancelAppointment
from espace_procedures.app.close_procedure import CloseProcedure
from espace_procedures.app.delete_draft import DeleteDraft
from espace_procedures.app.find_slots import FindSlots
from espace_procedures.app.list_procedures import ListProcedures
from espace_procedures.app.list_unmatched import ListUnmatched
from espace_procedures.app.make_challenge import MakeChallenge
from espace_procedures.app.match_submission import MatchSubmission
from espace_procedures.app.move_appointment import MoveAppointment
from espace_procedures.app.read_appointment import ReadAppointment
from espace_procedures.app.read_attachment import ReadAttachment
from espace_procedures.app.read_messages import ReadMessages
from espace_procedures.app.receive_message import ReceiveMessage
from espace_procedures.app.remove_attachment import RemoveAttachment
from espace_procedures.app.save_answers import SaveAnswers
from espace_procedures.app.send_back import SendBack
from espace_procedures.app.start_procedure import StartProcedure
from espace_procedures.app.submit_directly import SubmitDirectly
from espace_procedures.app.submit_procedure import SubmitProcedure
from espace_procedures.app.view_procedure import ViewProcedure
from espace_procedures.app.withdraw_procedure import WithdrawProcedure
from espace_procedures.app.write_message import WriteMessage
from espace_procedures.domain.appointment import Appointment
from espace_procedures.domain.on_file import PersonOnFile, Relative


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """All that the service does. What only reads or only remembers is a port's own method."""

    start: StartProcedure
    save_answers: SaveAnswers
    attach: AttachFile
    remove_attachment: RemoveAttachment
    read_attachment: ReadAttachment
    submit: SubmitProcedure
    delete: DeleteDraft
    send_back: SendBack
    close: CloseProcedure
    withdraw: WithdrawProcedure
    view: ViewProcedure
    list_page: ListProcedures
    write: WriteMessage
    messages: ReadMessages
    receive: ReceiveMessage
    find_slots: FindSlots
    list_appointments: Callable[[InsuredId], Awaitable[list[Appointment]]]
    read_appointment: ReadAppointment
    move_appointment: MoveAppointment
    cancel_appointment: CancelAppointment
    make_challenge: MakeChallenge
    submit_directly: SubmitDirectly
    match_submission: MatchSubmission
    list_unmatched: ListUnmatched
    keep_person: Callable[[InsuredId, int, PersonOnFile], Awaitable[None]]
    keep_account: Callable[[InsuredId, int, str], Awaitable[None]]
    keep_family: Callable[[InsuredId, int, tuple[Relative, ...]], Awaitable[None]]
