"""What happens to a document that lies unread in the eSpace: reminders, and for what runs against a deadline, paper in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from espace_contracts.vocabulary import DocumentType

NOBODY_THERE = timedelta(days=1)
"""How long a due step waits for another look while the recipient counts as deceased: at most so long it waits after a correction."""


class UnreadClass(StrEnum):
    """How much it matters that a document is read soon."""

    DEADLINE = "deadline"
    """A time runs for the person from it: to object, to answer, to hand something in."""
    ORDINARY = "ordinary"
    RECEIPT = "receipt"
    """It answers what the person just did in the eSpace."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """How long after it became available an unread document is reminded of, each time, and ordered on paper; None: never.

    Raises ValueError, in a sentence, unless the times rise.
    """

    reminders: tuple[timedelta, ...] = ()
    paper: timedelta | None = None

    def __post_init__(self) -> None:
        if any(pause <= timedelta(0) for pause in self._pauses):
            raise ValueError("The times of an unread ladder must rise from one reminder to the next, and to paper, which comes last.")

    def due_after(self, reminders: int, at: datetime) -> datetime | None:
        """When the next step is due after so many reminders, of which the last was raised at `at`; None when there is none.

        From step to step and not from the beginning: after an outage, nobody gets the reminders and the letter all at once.
        """
        return at + self._pauses[reminders] if reminders < len(self._pauses) else None

    @property
    def shortest_pause(self) -> timedelta | None:
        """None when the ladder has no step."""
        return min(self._pauses, default=None)

    @property
    def _pauses(self) -> tuple[timedelta, ...]:
        steps = (*self.reminders, *([self.paper] if self.paper is not None else ()))
        return tuple(step - before for step, before in zip(steps, (timedelta(0), *steps), strict=False))


Ladders = Mapping[UnreadClass, Ladder]

DEFAULT_LADDERS: Ladders = {
    UnreadClass.DEADLINE: Ladder(reminders=(timedelta(days=3), timedelta(days=7)), paper=timedelta(days=10)),
    UnreadClass.ORDINARY: Ladder(reminders=(timedelta(days=14),)),
    UnreadClass.RECEIPT: Ladder(),
}
"""The project's own defaults: the fund publishes no such times. A deployment sets its own by ESPACE_UNREAD_LADDER."""

_CLASSES: Mapping[DocumentType, UnreadClass] = {
    DocumentType.JOINT_COMMITTEE_NOTIFICATION: UnreadClass.DEADLINE,
    DocumentType.LATE_DECLARATION_WARNING: UnreadClass.DEADLINE,
    DocumentType.IDENTIFICATION_NUMBER_MISSING: UnreadClass.DEADLINE,
    DocumentType.HOUSEHOLD_SICK_PAY_NOTICE: UnreadClass.DEADLINE,
    DocumentType.CLOSING_LETTER: UnreadClass.DEADLINE,
    DocumentType.APPOINTMENT_CONFIRMATION: UnreadClass.ORDINARY,
    DocumentType.APPOINTMENT_NOT_CANCELLED: UnreadClass.ORDINARY,
    DocumentType.BANK_ACCOUNT_CHANGE: UnreadClass.ORDINARY,
    DocumentType.CASH_BENEFIT_CALCULATION: UnreadClass.ORDINARY,
    DocumentType.COINSURANCE_CERTIFICATE: UnreadClass.ORDINARY,
    DocumentType.DIRECT_PAYMENT_STATEMENT: UnreadClass.ORDINARY,
    DocumentType.EHIC_REPLACEMENT_CERTIFICATE: UnreadClass.ORDINARY,
    DocumentType.ENTITLEMENT_CERTIFICATE: UnreadClass.ORDINARY,
    DocumentType.FAMILY_LEAVE_CERTIFICATE: UnreadClass.ORDINARY,
    DocumentType.PAYMENT_CHARGE_CHANGE: UnreadClass.ORDINARY,
    DocumentType.REIMBURSEMENT_STATEMENT: UnreadClass.ORDINARY,
    DocumentType.REMUNERATION_CERTIFICATE: UnreadClass.ORDINARY,
    DocumentType.SUBMISSION_RECEIPT: UnreadClass.RECEIPT,
}


def class_of(document_type: DocumentType) -> UnreadClass:
    """The class of a kind of document. Which kinds run against a deadline is the project's own reading of what they say."""
    return _CLASSES[document_type]
