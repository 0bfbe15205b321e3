"""An appointment at an agency: booked with its procedure's submission, confirmed by the fund, moved or cancelled while there is time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from espace_contracts.contents import AppointmentConfirmation, AppointmentNotCancelled
from espace_contracts.vocabulary import AppointmentMode, InsuredId, Locale
from espace_kernel.aggregate import Aggregate
from espace_procedures.domain.agencies import AGENCIES, Agency, Subject, local_day
from espace_procedures.domain.answers import Finding
from espace_procedures.domain.appointment_refusals import AppointmentOver, CancelledBefore, NotConfirmedYet
from espace_procedures.domain.sentences import Sentence, _

NO_SUCH_TIME = _("This is no time that can be booked. Choose one of those that are offered.")
SLOT_TAKEN = _("This time was taken by somebody else meanwhile. Choose another.")
_NAMESPACE = UUID("a0b6b2a5-40a7-4cf0-8f15-2b5d0e6f7c39")


class AppointmentStatus(StrEnum):
    """Requested: the fund has not answered yet. Confirmed: the agency expects the person. Cancelled: by the person, in time."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Slot:
    """A place in time: one agency, one start in UTC."""

    agency: str
    starts_at: datetime

    def key(self, counter: int) -> str:
        """What only one appointment can have: one counter receives one person at a time."""
        return f"{self.agency}/{self.starts_at:%Y-%m-%dT%H:%M}Z/{counter}"

    @property
    def counters(self) -> int:
        """How many persons can have this slot at once."""
        return AGENCIES.agencies[self.agency].counters


@dataclass(frozen=True, slots=True)
class Moved:
    """A confirmed appointment has another time, so it is confirmed again. `order` is the id of the order of that document."""

    appointment: Appointment
    order: UUID


@dataclass(frozen=True, slots=True)
class NotCancelled:
    """The person asked to cancel too late, for the first time."""

    appointment: Appointment
    order: UUID
    asked_at: datetime


@dataclass(kw_only=True)
class Appointment(Aggregate):
    """One person's time at an agency. Its id is that of its procedure, so that a procedure has one.

    `insured` is None when it was made without login: then nobody sees it online. `slot_key` is unique while the slot is held, else None.
    `moves` are the requests that moved it. `asked_too_late_at` is when the person first asked to cancel after the cut-off.
    """

    insured: InsuredId | None
    locale: Locale
    reference: str
    subject: str
    mode: AppointmentMode
    slot: Slot
    minutes: int
    booked_at: datetime
    status: AppointmentStatus = AppointmentStatus.REQUESTED
    slot_key: str | None = None
    moves: tuple[UUID, ...] = ()
    asked_too_late_at: datetime | None = None

    @property
    def agency(self) -> Agency:
        """Where it is."""
        return AGENCIES.agencies[self.slot.agency]

    @property
    def about(self) -> Subject:
        """What it is about."""
        return AGENCIES.subjects[self.subject]

    @property
    def cancel_until(self) -> datetime:
        """Up to when it can be moved or cancelled online."""
        return self.slot.starts_at - AGENCIES.cancel_before

    def can_be_changed(self, at: datetime) -> bool:
        """Whether the person may move or cancel it now."""
        return self.status is AppointmentStatus.CONFIRMED and at <= self.cancel_until

    def must_lie_ahead(self, at: datetime) -> None:
        """Raises the Refusal that says why there is nothing to move or to cancel."""
        if self.status is AppointmentStatus.REQUESTED:
            raise NotConfirmedYet(self.locale)
        if self.status is AppointmentStatus.CANCELLED:
            raise CancelledBefore(self.locale)
        if at >= self.slot.starts_at:
            raise AppointmentOver(self.locale)

    def confirm(self) -> bool:
        """The fund agrees. False when it did before, or the person has cancelled since."""
        if self.status is not AppointmentStatus.REQUESTED:
            return False
        self.status = AppointmentStatus.CONFIRMED
        return True

    def move(self, slot: Slot, request: UUID) -> None:
        """Take another slot; the caller looks after its key."""
        self.slot, self.moves = slot, (*self.moves, request)
        if self.status is AppointmentStatus.CONFIRMED:
            self.record(Moved(self, uuid5(_NAMESPACE, f"moved/{self.id}/{request}")))

    def cancel(self) -> None:
        """Give the slot back."""
        self.status, self.slot_key = AppointmentStatus.CANCELLED, None

    def ask_too_late(self, at: datetime) -> bool:
        """The person wants to cancel after the cut-off: a document says that it stays. False when one said so before."""
        if self.asked_too_late_at is not None:
            return False
        self.asked_too_late_at = at
        self.record(NotCancelled(self, uuid5(_NAMESPACE, f"not-cancelled/{self.id}"), at))
        return True

    def confirmation(self) -> AppointmentConfirmation:
        """The document that says when and where."""
        return AppointmentConfirmation(
            procedure_reference=self.reference,
            agency_name=self.agency.name,
            agency_address=self.agency.address,
            subject=self.about.names[self.locale],
            mode=self.mode,
            starts_at=self.slot.starts_at,
            minutes=self.minutes,
            cancel_until=self.cancel_until,
        )

    def not_cancelled(self, asked_at: datetime) -> AppointmentNotCancelled:
        """The document that says that it stays."""
        return AppointmentNotCancelled(
            procedure_reference=self.reference,
            agency_name=self.agency.name,
            agency_address=self.agency.address,
            subject=self.about.names[self.locale],
            mode=self.mode,
            starts_at=self.slot.starts_at,
            asked_at=asked_at,
            cancel_until=self.cancel_until,
        )


def start_in(text: str) -> datetime | None:
    """The start of a slot as it is written in an answer, ISO 8601 with its offset; None when it is none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None


def slot_error(slot: Slot, now: datetime) -> Sentence | None:
    """Why nobody can have this slot, whether or not somebody has it."""
    if slot.starts_at <= now:
        return _("This time has passed. Choose a later one.")
    if slot.starts_at > now + AGENCIES.horizon:
        return _("Appointments can be made %(days)s days ahead at most. Choose an earlier time.", days=AGENCIES.horizon.days)
    if slot.starts_at not in AGENCIES.slots_on(AGENCIES.agencies[slot.agency], local_day(slot.starts_at)):
        return _("The agency has no appointment at this time. Choose one of the times it offers.")
    return None


def findings_on(answers: Mapping[str, str], now: datetime) -> Iterator[Finding]:
    """What keeps these answers from being booked, where each is right by itself: `subject`, `mode`, `agency` and `slot`."""
    subject, agency = AGENCIES.subjects.get(answers.get("subject", "")), AGENCIES.agencies.get(answers.get("agency", ""))
    if answers.get("mode") == AppointmentMode.VIDEO and (error := _video_error(subject, agency)):
        yield Finding("mode", error)
    start = start_in(answers.get("slot", ""))
    if start is not None and agency is not None and (error := slot_error(Slot(agency.code, start), now)):
        yield Finding("slot", error)


def _video_error(subject: Subject | None, agency: Agency | None) -> Sentence | None:
    if subject is not None and AppointmentMode.VIDEO not in subject.modes:
        return _("This subject cannot be dealt with in a video call. Choose an appointment at an agency.")
    if agency is not None and AppointmentMode.VIDEO not in agency.modes:
        return _("This agency offers no video calls. Choose another agency, or an appointment at the agency.")
    return None
