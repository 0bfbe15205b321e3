"""The composition root: the only file that knows every room."""

from __future__ import annotations

from dataclasses import dataclass

from espace_kernel.blobs import Blobs
from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring
from espace_kernel.sweeper import Sweeper
from espace_procedures.api import appointments, attaching, direct, drafting, messaging, reading
from espace_procedures.app.attach_file import AttachFile
from espace_procedures.app.book_slot import BookSlot
from espace_procedures.app.cancel_appointment import CancelAppointment
from espace_procedures.app.close_procedure import CloseProcedure
from espace_procedures.app.confirm_appointment import ConfirmAppointment
from espace_procedures.app.delete_draft import DeleteDraft
from espace_procedures.app.drop_unused_files import DropUnusedFiles
from espace_procedures.app.expire_drafts import ExpireDrafts
from espace_procedures.app.find_slots import FindSlots
from espace_procedures.app.free_slot import FreeSlot
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
from espace_procedures.app.sweep_challenges import SweepChallenges
from espace_procedures.app.sweep_files import SweepFiles
from espace_procedures.app.sweep_slots import SweepSlots
from espace_procedures.app.sweep_submissions import SweepSubmissions
from espace_procedures.app.take_file import TakeFile
from espace_procedures.app.use_cases import UseCases
from espace_procedures.app.view_procedure import ViewProcedure
from espace_procedures.app.withdraw_procedure import WithdrawProcedure
from espace_procedures.app.write_message import WriteMessage
from espace_procedures.domain.appointment import Appointment
from espace_procedures.domain.conversation import Conversation
from espace_procedures.domain.procedure import Procedure
from espace_procedures.events.incoming import subscriptions
from espace_procedures.events.outgoing import contract_of
from espace_procedures.events.outgoing_appointments import contract_of_appointment
from espace_procedures.events.outgoing_messages import contract_of_message
from espace_procedures.inspection.inspector import Inspector
from espace_procedures.inspection.scanner import Scanner
from espace_procedures.settings import Settings
from espace_procedures.storage.appointments import StoredAppointments
from espace_procedures.storage.challenges import StoredChallenges
from espace_procedures.storage.conversations import StoredConversations
from espace_procedures.storage.direct_submissions import StoredDirectSubmissions
from espace_procedures.storage.encrypted_files import EncryptedFiles
from espace_procedures.storage.funds_records import StoredFundsRecords
from espace_procedures.storage.procedures import StoredProcedures
from espace_procedures.storage.sealing import seal_of


@dataclass(frozen=True, kw_only=True)
class _Stores:
    procedures: StoredProcedures
    conversations: StoredConversations
    appointments: StoredAppointments
    challenges: StoredChallenges
    submissions: StoredDirectSubmissions
    records: StoredFundsRecords
    files: EncryptedFiles

    async def prepare(self) -> None:
        for part in (self.procedures, self.conversations, self.appointments, self.submissions):
            await part.prepare()


def wire(kernel: Kernel) -> Wiring:
    """The service, put together."""
    settings = kernel.settings
    assert isinstance(settings, Settings)
    stores = _stores(kernel)
    do = _use_cases(stores, Inspector(Scanner(settings.scanner) if settings.scanner else None))
    return Wiring(
        routers=(
            reading.routes(do), drafting.routes(do), messaging.routes(do), attaching.routes(do), appointments.agency_routes(do),
            appointments.routes(do), direct.routes(do), direct.internal_routes(do),
        ),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=stores.prepare,
        sweepers=_sweepers(stores, do),
        remembers_answers=True,
    )  # fmt: skip


def _stores(kernel: Kernel) -> _Stores:
    database = kernel.database
    seal = seal_of(kernel.settings.secret("procedures-attachments.key"))
    return _Stores(
        procedures=StoredProcedures(kernel.aggregates("procedures", Procedure, contract_of)),
        conversations=StoredConversations(kernel.aggregates("conversations", Conversation, contract_of_message)),
        appointments=StoredAppointments(
            kernel.aggregates("appointments", Appointment, contract_of_appointment), database["procedures"], database["direct_submissions"]
        ),
        challenges=StoredChallenges(database["challenges"]),
        submissions=StoredDirectSubmissions(database["direct_submissions"], seal),
        records=StoredFundsRecords(database),
        files=EncryptedFiles(Blobs(database, "attachments"), seal),
    )


def _use_cases(stores: _Stores, inspect: Inspector) -> UseCases:
    procedures, conversations, records, files = stores.procedures, stores.conversations, stores.records, stores.files
    take, book, free = TakeFile(files, inspect), BookSlot(stores.appointments, utc_now), FreeSlot(stores.appointments)
    return UseCases(
        start=StartProcedure(procedures, records, utc_now),
        save_answers=SaveAnswers(procedures, utc_now),
        attach=AttachFile(procedures, take, utc_now),
        remove_attachment=RemoveAttachment(procedures, files, utc_now),
        read_attachment=ReadAttachment(procedures, files),
        submit=SubmitProcedure(procedures, records, book, utc_now),
        delete=DeleteDraft(procedures, files),
        send_back=SendBack(procedures, utc_now),
        close=CloseProcedure(procedures, ConfirmAppointment(stores.appointments), free, utc_now),
        withdraw=WithdrawProcedure(procedures, free, utc_now),
        view=ViewProcedure(procedures, conversations, records, utc_now),
        list_page=ListProcedures(procedures, conversations),
        write=WriteMessage(procedures, conversations, utc_now),
        messages=ReadMessages(procedures, conversations, utc_now),
        receive=ReceiveMessage(procedures, conversations),
        find_slots=FindSlots(stores.appointments, utc_now),
        list_appointments=stores.appointments.all_of,
        read_appointment=ReadAppointment(stores.appointments),
        move_appointment=MoveAppointment(stores.appointments, utc_now),
        cancel_appointment=CancelAppointment(stores.appointments, utc_now),
        make_challenge=MakeChallenge(stores.challenges, utc_now),
        submit_directly=SubmitDirectly(stores.submissions, stores.challenges, take, book, utc_now),
        match_submission=MatchSubmission(stores.submissions, procedures, records, utc_now),
        list_unmatched=ListUnmatched(stores.submissions),
        keep_person=records.keep_person,
        keep_account=records.keep_account,
        keep_family=records.keep_family,
    )


def _sweepers(stores: _Stores, do: UseCases) -> tuple[Sweeper, ...]:
    procedures, submissions, free = stores.procedures, stores.submissions, FreeSlot(stores.appointments)
    drop = DropUnusedFiles(procedures, submissions, stores.files)
    return (
        Sweeper("orphan attachments", SweepFiles(stores.files, drop, utc_now), every_seconds=3600),
        Sweeper("old drafts", ExpireDrafts(procedures, do.delete, utc_now), every_seconds=3600),
        Sweeper("slots without a procedure", SweepSlots(stores.appointments, utc_now), every_seconds=300),
        Sweeper("submissions without a person", SweepSubmissions(submissions, do.match_submission, drop, free, utc_now)),
        Sweeper("expired challenges", SweepChallenges(stores.challenges, utc_now), every_seconds=600),
    )
