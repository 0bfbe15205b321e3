"""The use cases over memory instead of a store, with a clock that the tests wind."""

from __future__ import annotations

import copy
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from espace_contracts.vocabulary import InsuredId, Locale, Outcome, ProcedureKind, ProcedureStatus, Relation, StayCountry
from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.attach_file import AttachFile
from espace_procedures.app.book_slot import BookSlot
from espace_procedures.app.close_procedure import CloseProcedure
from espace_procedures.app.confirm_appointment import ConfirmAppointment
from espace_procedures.app.delete_draft import DeleteDraft
from espace_procedures.app.drop_unused_files import DropUnusedFiles
from espace_procedures.app.expire_drafts import ExpireDrafts
from espace_procedures.app.free_slot import FreeSlot
from espace_procedures.app.list_procedures import ListProcedures
from espace_procedures.app.ports import Altered, NoSuchProcedure
from espace_procedures.app.read_messages import ReadMessages
from espace_procedures.app.receive_message import ReceiveMessage
from espace_procedures.app.remove_attachment import RemoveAttachment
from espace_procedures.app.save_answers import SaveAnswers
from espace_procedures.app.send_back import SendBack
from espace_procedures.app.start_procedure import StartProcedure
from espace_procedures.app.submit_procedure import SubmitProcedure
from espace_procedures.app.sweep_files import SweepFiles
from espace_procedures.app.take_file import TakeFile
from espace_procedures.app.view_procedure import View, ViewProcedure
from espace_procedures.app.withdraw_procedure import WithdrawProcedure
from espace_procedures.app.write_message import WriteMessage
from espace_procedures.domain.agencies import AGENCIES
from espace_procedures.domain.appointment import Appointment, AppointmentStatus
from espace_procedures.domain.conversation import Conversation
from espace_procedures.domain.decision import CorrectionRequest, Decision
from espace_procedures.domain.direct_submission import DirectSubmission
from espace_procedures.domain.on_file import OnFile, PersonOnFile, Relative, Situation
from espace_procedures.domain.procedure import Procedure, open_key

BANK = ProcedureKind.BANK_DETAILS_CHANGE
COINSURANCE = ProcedureKind.COINSURANCE_CERTIFICATE
EHIC = ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE
ENTITLEMENT = ProcedureKind.ENTITLEMENT_CERTIFICATE
APPOINTMENT = ProcedureKind.AGENCY_APPOINTMENT
IBAN = "LU280019400644750000"
PDF = b"%PDF-1.7 a bank statement"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

GRANTED_ACCOUNT: dict[str, object] = {
    "kind": BANK,
    "replaced_iban": "LU120010001234567891",
    "iban": IBAN,
    "bic": "BCEELULL",
    "holder": "Sophie Hoffmann",
    "effective_on": date(2026, 3, 3),
}
GRANTED_CERTIFICATE: dict[str, object] = {
    "kind": EHIC,
    "holder_name": "Weber",
    "holder_given_names": "Tun Jean",
    "date_of_birth": date(2003, 4, 25),
    "matricule": "2003042581939",
    "institution_id": "0000",
    "institution_name": "Caisse nationale de santé (sample)",
    "card_number": "80442000010012345678",
    "card_expires_on": date(2028, 9, 30),
    "valid_from": date(2026, 3, 4),
    "valid_to": date(2026, 6, 3),
    "destination": "IT",
}


GRANTED_COINSURANCE: dict[str, object] = {
    "kind": COINSURANCE,
    "principal_name": "Sophie Hoffmann",
    "principal_matricule": "1983081246785",
    "coinsured": (
        {"name": "Mia Hoffmann", "matricule": "2015061004565", "relation": Relation.CHILD, "since": date(2015, 6, 10), "until": None},
    ),
    "as_of": date(2026, 3, 3),
}
GRANTED_ENTITLEMENT: dict[str, object] = {
    "kind": ENTITLEMENT,
    "country": StayCountry.TUNISIA,
    "form": "T/L",
    "persons": ({"name": "Sophie Hoffmann", "date_of_birth": date(1983, 8, 12), "matricule": "1983081246785"},),
    "address_of_stay": None,
    "institution_id": "0000",
    "institution_name": "Caisse nationale de santé (sample)",
    "valid_from": date(2026, 4, 1),
    "valid_to": date(2026, 4, 30),
}

SELF, SPOUSE, CHILD, FORMER_SPOUSE, GROWN_CHILD = (InsuredId(UUID(int=number)) for number in range(1, 6))
"""A family: Sophie, her husband and her daughter, both co-insured; a former husband, who was; and a son with an insurance of his own."""
SOPHIE = PersonOnFile(
    given_name="Sophie", family_name="Hoffmann", matricule="1983081246785", date_of_birth=date(1983, 8, 12), residence="LU"
)
_FAMILY = (
    (SPOUSE, "Luc Schmit", date(2020, 1, 1), None),
    (CHILD, "Mia Hoffmann", date(2015, 6, 10), date(2042, 6, 9)),
    (FORMER_SPOUSE, "Jean Weber", date(2008, 1, 1), date(2019, 12, 31)),
    (GROWN_CHILD, "Tom Weber", None, None),
)
FAMILY = tuple(Relative(person=person, name=name, coinsured_from=since, coinsured_until=until) for person, name, since, until in _FAMILY)
ON_FILE = OnFile(SOPHIE, "LU12 **** **** **** 7891", FAMILY)
SLOT = "2026-03-12T09:30:00+00:00"
APPOINTMENT_ANSWERS = {"consent": "yes", "subject": "information_documents", "mode": "at_agency", "agency": "luxembourg", "slot": SLOT}


def situation(on_file: OnFile = ON_FILE, *, now: datetime = NOON, insured: InsuredId = SELF, with_login: bool = True) -> Situation:
    return Situation(insured=insured, now=now, on_file=on_file, with_login=with_login)


def approval(submission: int = 1, *granted: dict[str, object], cause: UUID | None = None) -> Decision:
    return Decision(
        cause=cause or uuid4(),
        submission=submission,
        outcome=Outcome.APPROVED,
        decided_on=date(2026, 3, 3),
        granted=granted or (GRANTED_ACCOUNT,),
    )


def refusal(submission: int = 1, reason: str | None = "Das Konto gehört nicht Ihnen.") -> Decision:
    return Decision(cause=uuid4(), submission=submission, outcome=Outcome.REFUSED, decided_on=date(2026, 3, 3), reason=reason)


def correction(submission: int = 1, cause: UUID | None = None) -> CorrectionRequest:
    return CorrectionRequest(cause=cause or uuid4(), submission=submission, reason="Der Kontonachweis fehlt.")


def draft(kind: ProcedureKind = BANK, locale: Locale = Locale.ENGLISH, answers: dict[str, str] | None = None) -> Procedure:
    procedure = Procedure.start(uuid4(), SELF, kind, locale, on_file=ON_FILE, at=NOON)
    procedure.answers = {"iban": IBAN, "holder": "Sophie Hoffmann"} if answers is None else answers
    return procedure


def submit(procedure: Procedure, submission: UUID | None = None) -> None:
    """The person forwards it, soon after a login."""
    procedure.submit(submission or uuid4(), situation(insured=procedure.insured), freshly_logged_in=True)


def view(procedure: Procedure, unread: int = 0) -> View:
    return View(procedure, procedure.situation(ON_FILE, NOON), unread)


class Memory:
    """Procedures as a store keeps them: copies, saved in the version they were loaded in."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Procedure] = {}
        self.told: list[object] = []
        self.before_next_save: list[Procedure] = []
        """What others save between a load and the next save."""

    async def add(self, procedure: Procedure) -> bool:
        taken = {kept.open_key for kept in self.kept.values() if kept.open_key}
        if procedure.id in self.kept or procedure.open_key in taken:
            return False
        self._keep(procedure)
        return True

    async def get(self, procedure_id: UUID, insured: InsuredId) -> Procedure:
        procedure = await self.get_for_the_fund(procedure_id, insured)
        if not procedure.with_login:
            raise NoSuchProcedure
        return procedure

    async def get_for_the_fund(self, procedure_id: UUID, insured: InsuredId) -> Procedure:
        kept = self.kept.get(procedure_id)
        if kept is None or kept.insured != insured:
            raise NoSuchProcedure
        return copy.deepcopy(kept)

    async def open_one(self, insured: InsuredId, kind: ProcedureKind) -> Procedure | None:
        return next((copy.deepcopy(kept) for kept in self.kept.values() if kept.open_key == open_key(insured, kind)), None)

    async def all_of(self, insured: InsuredId, status: ProcedureStatus | None) -> list[Procedure]:
        return [kept for kept in self.kept.values() if kept.insured == insured and kept.with_login and status in (None, kept.status)]

    async def drafts_unchanged_since(self, moment: datetime) -> AsyncIterator[Procedure]:
        drafts = [kept for kept in self.kept.values() if kept.status is ProcedureStatus.IN_PREPARATION and kept.changed_at <= moment]
        for kept in drafts:
            yield copy.deepcopy(kept)

    async def save(self, procedure: Procedure) -> None:
        while self.before_next_save:
            self._keep(self.before_next_save.pop())
        if self.kept[procedure.id].version != procedure.version:
            raise VersionConflict("saved by somebody else")
        self._keep(procedure)

    async def remove(self, procedure: Procedure) -> None:
        if self.kept[procedure.id].version != procedure.version:
            raise VersionConflict("saved by somebody else")
        del self.kept[procedure.id]

    async def files_in_use(self, among: Collection[UUID]) -> set[UUID]:
        versions = [(kept.attachments, *(made.attachments for made in kept.submissions)) for kept in self.kept.values()]
        return {attachment.blob for version in versions for attachments in version for attachment in attachments} & set(among)

    def _keep(self, procedure: Procedure) -> None:
        self.told += procedure.recorded
        procedure.recorded.clear()
        procedure.version += 1
        self.kept[procedure.id] = copy.deepcopy(procedure)


class Shelf:
    """Attached bytes, with the moment each was stored."""

    def __init__(self) -> None:
        self.now = NOON
        self.kept: dict[UUID, datetime] = {}
        self.bytes: dict[UUID, bytes] = {}

    async def put(self, data: bytes) -> UUID:
        blob_id = uuid4()
        self.kept[blob_id], self.bytes[blob_id] = self.now, data
        return blob_id

    async def read(self, blob_id: UUID, sha256: str) -> bytes:
        data = self.bytes.get(blob_id, b"")
        if hashlib.sha256(data).hexdigest() != sha256:
            raise Altered("Another file lies where this one was stored.")
        return data

    async def delete(self, blob_id: UUID) -> None:
        self.kept.pop(blob_id, None)
        self.bytes.pop(blob_id, None)

    async def older_than(self, moment: datetime) -> AsyncIterator[UUID]:
        for blob_id in [blob_id for blob_id, stored_at in self.kept.items() if stored_at < moment]:
            yield blob_id


@dataclass
class Records:
    """What the fund's file says."""

    known: dict[InsuredId, OnFile] = field(default_factory=dict)

    async def of(self, insured: InsuredId) -> OnFile:
        return self.known.get(insured, OnFile())

    async def keep_person(self, insured: InsuredId, revision: int, person: PersonOnFile) -> None:
        self.known[insured] = replace(await self.of(insured), person=person)

    async def keep_account(self, insured: InsuredId, revision: int, iban_masked: str) -> None:
        self.known[insured] = replace(await self.of(insured), iban_masked=iban_masked)

    async def keep_family(self, insured: InsuredId, revision: int, family: tuple[Relative, ...]) -> None:
        self.known[insured] = replace(await self.of(insured), family=family)

    async def known_by(self, matricule: str) -> InsuredId | None:
        return next((known for known, on_file in self.known.items() if on_file.person and on_file.person.matricule == matricule), None)


class Letters:
    """Conversations as a store keeps them."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Conversation] = {}
        self.told: list[object] = []
        self.before_next_save: list[Conversation] = []
        """What others save between a load and the next save."""

    async def about(self, procedure: Procedure) -> Conversation:
        return copy.deepcopy(self.kept.get(procedure.id)) or Conversation(id=procedure.id, insured=procedure.insured)

    async def unread(self, insured: InsuredId) -> Mapping[UUID, int]:
        return {kept.id: kept.unread for kept in self.kept.values() if kept.insured == insured and kept.unread}

    async def save(self, conversation: Conversation) -> None:
        while self.before_next_save:
            self._keep(self.before_next_save.pop())
        kept = self.kept.get(conversation.id)
        if (kept.version if kept else 0) != conversation.version:
            raise VersionConflict("saved by somebody else")
        self._keep(conversation)

    def _keep(self, conversation: Conversation) -> None:
        self.told += conversation.recorded
        conversation.recorded.clear()
        conversation.version += 1
        self.kept[conversation.id] = copy.deepcopy(conversation)


class Diary:
    """Appointments as a store keeps them: a counter of an agency receives one person at a time."""

    def __init__(self) -> None:
        self.kept: dict[UUID, Appointment] = {}
        self.told: list[object] = []
        self.counters = AGENCIES.agencies["luxembourg"].counters

    async def take(self, appointment: Appointment) -> bool:
        return appointment.id not in self.kept and await self.take_another(appointment)

    async def take_another(self, appointment: Appointment) -> bool:
        taken = {kept.slot_key for kept in self.kept.values() if kept.id != appointment.id}
        for counter in range(appointment.slot.counters):
            if (key := appointment.slot.key(counter)) not in taken:
                appointment.slot_key = key
                await self.save(appointment)
                return True
        return False

    async def of(self, procedure_id: UUID) -> Appointment | None:
        return copy.deepcopy(self.kept.get(procedure_id))

    async def all_of(self, insured: InsuredId) -> list[Appointment]:
        return sorted((kept for kept in self.kept.values() if kept.insured == insured), key=lambda kept: kept.slot.starts_at)

    async def taken(self, agency: str, first: datetime, last: datetime) -> Counter[datetime]:
        held = [kept.slot for kept in self.kept.values() if kept.slot_key]
        return Counter(slot.starts_at for slot in held if slot.agency == agency and first <= slot.starts_at <= last)

    async def save(self, appointment: Appointment) -> None:
        kept = self.kept.get(appointment.id)
        if (kept.version if kept else 0) != appointment.version:
            raise VersionConflict("saved by somebody else")
        self.told += appointment.recorded
        appointment.recorded.clear()
        appointment.version += 1
        self.kept[appointment.id] = copy.deepcopy(appointment)

    async def remove(self, appointment: Appointment) -> None:
        if self.kept[appointment.id].version != appointment.version:
            raise VersionConflict("saved by somebody else")
        del self.kept[appointment.id]

    async def unfounded(self, before: datetime) -> AsyncIterator[Appointment]:
        for kept in [kept for kept in self.kept.values() if kept.status is AppointmentStatus.REQUESTED]:
            if kept.booked_at < before:
                yield copy.deepcopy(kept)


class DirectBox:
    """What was sent without login and belongs to nobody on file yet."""

    def __init__(self) -> None:
        self.kept: dict[UUID, DirectSubmission] = {}

    async def add(self, submission: DirectSubmission) -> None:
        self.kept.setdefault(submission.id, submission)

    async def get(self, submission_id: UUID) -> DirectSubmission | None:
        return self.kept.get(submission_id)

    async def all(self) -> AsyncIterator[DirectSubmission]:
        for kept in sorted(self.kept.values(), key=lambda kept: kept.received_at):
            yield kept

    async def remove(self, submission_id: UUID) -> bool:
        return self.kept.pop(submission_id, None) is not None

    async def files_in_use(self, among: Collection[UUID]) -> set[UUID]:
        return {attachment.blob for kept in self.kept.values() for attachment in kept.attachments} & set(among)


async def found_fit(content: bytes, media_type: str) -> bytes:
    """An inspection that finds nothing."""
    return content


class World:
    """One person with the whole service."""

    def __init__(self) -> None:
        self.insured = InsuredId(uuid4())
        self.procedures, self.files, self.records = Memory(), Shelf(), Records()
        self.conversations, self.appointments = Letters(), Diary()
        self.start = StartProcedure(self.procedures, self.records, self.clock)
        self.save_answers = SaveAnswers(self.procedures, self.clock)
        self.attach = AttachFile(self.procedures, TakeFile(self.files, found_fit), self.clock)
        self.remove_attachment = RemoveAttachment(self.procedures, self.files, self.clock)
        self.submit = SubmitProcedure(self.procedures, self.records, BookSlot(self.appointments, self.clock), self.clock)
        self.delete = DeleteDraft(self.procedures, self.files)
        self.send_back = SendBack(self.procedures, self.clock)
        free = FreeSlot(self.appointments)
        self.close = CloseProcedure(self.procedures, ConfirmAppointment(self.appointments), free, self.clock)
        self.withdraw = WithdrawProcedure(self.procedures, free, self.clock)
        self.view = ViewProcedure(self.procedures, self.conversations, self.records, self.clock)
        self.list_page = ListProcedures(self.procedures, self.conversations)
        self.write = WriteMessage(self.procedures, self.conversations, self.clock)
        self.messages = ReadMessages(self.procedures, self.conversations, self.clock)
        self.receive = ReceiveMessage(self.procedures, self.conversations)
        self.waiting = DirectBox()
        self.drop = DropUnusedFiles(self.procedures, self.waiting, self.files)
        self.sweep = SweepFiles(self.files, self.drop, self.clock)
        self.keep_person, self.keep_account = self.records.keep_person, self.records.keep_account
        self.keep_family = self.records.keep_family
        self.expire = ExpireDrafts(self.procedures, self.delete, self.clock)

    def clock(self) -> datetime:
        return self.files.now

    def later(self, by: timedelta) -> None:
        self.files.now += by

    def seen(self, procedure: Procedure, version: int | None = None) -> AsSeen:
        return AsSeen(procedure.id, self.insured, version)

    async def now(self, procedure: Procedure) -> Procedure:
        return await self.procedures.get(procedure.id, self.insured)

    async def has_started(self, kind: ProcedureKind = BANK) -> Procedure:
        return await self.start(uuid4(), self.insured, kind, Locale.GERMAN)

    async def has_a_complete_draft(self) -> Procedure:
        procedure = await self.has_started()
        return await self.save_answers(self.seen(procedure), {"iban": IBAN, "holder": "Sophie Hoffmann"})

    async def has_forwarded(self) -> Procedure:
        return await self.submits(await self.has_a_complete_draft())

    async def has_asked_for_an_appointment(self, **answers: str) -> Procedure:
        procedure = await self.has_started(APPOINTMENT)
        return await self.submits(await self.save_answers(self.seen(procedure), APPOINTMENT_ANSWERS | answers))

    async def submits(self, procedure: Procedure) -> Procedure:
        return await self.submit(self.seen(procedure), uuid4(), locale=None, freshly_logged_in=True)


@pytest.fixture
def world() -> World:
    return World()
