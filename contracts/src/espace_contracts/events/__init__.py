"""Every contract of the eSpace, one file a version."""

from espace_contracts.event import Event, declared_events
from espace_contracts.events.bank_details_recorded_v1 import BankDetailsRecorded
from espace_contracts.events.benefit_settled_v1 import BenefitSettled
from espace_contracts.events.contact_code_requested_v1 import ContactCodeRequested
from espace_contracts.events.contact_confirmed_v1 import ContactConfirmed
from espace_contracts.events.correction_requested_v1 import CorrectionRequested
from espace_contracts.events.document_available_v1 import DocumentAvailable
from espace_contracts.events.document_ordered_v1 import DocumentOrdered
from espace_contracts.events.document_unread_v1 import DocumentUnread
from espace_contracts.events.draft_expiring_v1 import DraftExpiring
from espace_contracts.events.edelivery_changed_v1 import EdeliveryChanged
from espace_contracts.events.family_leave_recorded_v1 import (
    ChildLeave,
    FamilyLeaveRecorded,
    LeaveAbsence,
    LeaveKind,
    LeaveStatus,
    Period,
)
from espace_contracts.events.family_recorded_v1 import FamilyMember, FamilyRecorded
from espace_contracts.events.fund_message_sent_v1 import FundMessageSent
from espace_contracts.events.letter_called_off_v1 import CallOffReason, LetterCalledOff
from espace_contracts.events.letter_dispatched_v1 import LetterDispatched
from espace_contracts.events.letter_failed_v1 import LetterFailed, LetterFailure
from espace_contracts.events.letter_posted_v1 import LetterPosted
from espace_contracts.events.letter_requested_v1 import LetterRequested
from espace_contracts.events.letter_returned_v1 import LetterReturned, ReturnReason
from espace_contracts.events.message_received_v1 import MessageReceived
from espace_contracts.events.message_written_v1 import MessageWritten
from espace_contracts.events.mobile_code_requested_v1 import MobileCodeRequested
from espace_contracts.events.mobile_confirmed_v1 import MobileConfirmed
from espace_contracts.events.notice_bounced_v1 import NoticeBounced
from espace_contracts.events.notice_sent_v1 import NoticeSent
from espace_contracts.events.person_recorded_v1 import PersonRecorded
from espace_contracts.events.procedure_closed_v1 import DocumentOrder, ProcedureClosed
from espace_contracts.events.procedure_decided_v1 import (
    AppointmentGranted,
    BankDetailsChangeGranted,
    CoinsuranceGranted,
    CoinsuredPerson,
    EhicReplacementGranted,
    EntitledPerson,
    EntitlementGranted,
    ProcedureDecided,
)
from espace_contracts.events.procedure_forwarded_v1 import AttachmentReference, ProcedureForwarded
from espace_contracts.events.procedure_to_be_corrected_v1 import ProcedureToBeCorrected
from espace_contracts.events.procedure_withdrawn_v1 import ProcedureWithdrawn
from espace_contracts.events.reimbursement_settled_v1 import ReimbursementLine, ReimbursementSettled
from espace_contracts.events.sessions_ended_v1 import SessionsEnded

__all__ = [
    "AppointmentGranted",
    "AttachmentReference",
    "BankDetailsChangeGranted",
    "BankDetailsRecorded",
    "BenefitSettled",
    "CallOffReason",
    "ChildLeave",
    "CoinsuranceGranted",
    "CoinsuredPerson",
    "ContactCodeRequested",
    "ContactConfirmed",
    "CorrectionRequested",
    "DocumentAvailable",
    "DocumentOrder",
    "DocumentOrdered",
    "DocumentUnread",
    "DraftExpiring",
    "EdeliveryChanged",
    "EhicReplacementGranted",
    "EntitledPerson",
    "EntitlementGranted",
    "FamilyLeaveRecorded",
    "FamilyMember",
    "FamilyRecorded",
    "FundMessageSent",
    "LeaveAbsence",
    "LeaveKind",
    "LeaveStatus",
    "LetterCalledOff",
    "LetterDispatched",
    "LetterFailed",
    "LetterFailure",
    "LetterPosted",
    "LetterRequested",
    "LetterReturned",
    "MessageReceived",
    "MessageWritten",
    "MobileCodeRequested",
    "MobileConfirmed",
    "NoticeBounced",
    "NoticeSent",
    "Period",
    "PersonRecorded",
    "ProcedureClosed",
    "ProcedureDecided",
    "ProcedureForwarded",
    "ProcedureToBeCorrected",
    "ProcedureWithdrawn",
    "ReimbursementLine",
    "ReimbursementSettled",
    "ReturnReason",
    "SessionsEnded",
    "published_events",
]


def published_events() -> dict[str, type[Event]]:
    """Every contract of this package by its type; what a test declares for itself is not among them."""
    return {name: contract for name, contract in declared_events().items() if contract.__module__.startswith(f"{__name__}.")}
