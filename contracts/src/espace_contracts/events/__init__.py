"""Every contract of the eSpace, one file a version."""

from espace_contracts.event import Event, declared_events
from espace_contracts.events.bank_details_recorded_v1 import BankDetailsRecorded
from espace_contracts.events.contact_confirmed_v1 import ContactConfirmed
from espace_contracts.events.correction_requested_v1 import CorrectionRequested
from espace_contracts.events.document_available_v1 import DocumentAvailable
from espace_contracts.events.edelivery_changed_v1 import EdeliveryChanged
from espace_contracts.events.letter_failed_v1 import LetterFailed, LetterFailure
from espace_contracts.events.letter_posted_v1 import LetterPosted
from espace_contracts.events.letter_requested_v1 import LetterRequested
from espace_contracts.events.person_recorded_v1 import PersonRecorded
from espace_contracts.events.procedure_closed_v1 import DocumentOrder, ProcedureClosed
from espace_contracts.events.procedure_decided_v1 import BankDetailsChangeGranted, EhicReplacementGranted, ProcedureDecided
from espace_contracts.events.procedure_forwarded_v1 import AttachmentReference, ProcedureForwarded
from espace_contracts.events.procedure_to_be_corrected_v1 import ProcedureToBeCorrected

__all__ = [
    "AttachmentReference",
    "BankDetailsChangeGranted",
    "BankDetailsRecorded",
    "ContactConfirmed",
    "CorrectionRequested",
    "DocumentAvailable",
    "DocumentOrder",
    "EdeliveryChanged",
    "EhicReplacementGranted",
    "LetterFailed",
    "LetterFailure",
    "LetterPosted",
    "LetterRequested",
    "PersonRecorded",
    "ProcedureClosed",
    "ProcedureDecided",
    "ProcedureForwarded",
    "ProcedureToBeCorrected",
    "published_events",
]


def published_events() -> dict[str, type[Event]]:
    """Every contract of this package by its type; what a test declares for itself is not among them."""
    return {name: contract for name, contract in declared_events().items() if contract.__module__.startswith(f"{__name__}.")}
