"""The use cases over memory instead of a store, with a clock that the tests wind."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from espace_contracts.vocabulary import InsuredId, Locale, Outcome, ProcedureKind, ProcedureStatus
from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.app.attach_file import AttachFile
from espace_procedures.app.close_procedure import CloseProcedure
from espace_procedures.app.delete_draft import DeleteDraft
from espace_procedures.app.ports import NoSuchProcedure
from espace_procedures.app.remove_attachment import RemoveAttachment
from espace_procedures.app.save_answers import SaveAnswers
from espace_procedures.app.send_back import SendBack
from espace_procedures.app.start_procedure import StartProcedure
from espace_procedures.app.submit_procedure import SubmitProcedure
from espace_procedures.app.sweep_files import SweepFiles
from espace_procedures.app.use_cases import UseCases
from espace_procedures.domain.decision import CorrectionRequest, Decision
from espace_procedures.domain.definition import OnFile
from espace_procedures.domain.procedure import Procedure, open_key

BANK = ProcedureKind.BANK_DETAILS_CHANGE
EHIC = ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE
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


def approval(submission: int = 1, granted: dict[str, object] | None = None, cause: UUID | None = None) -> Decision:
    return Decision(
        cause=cause or uuid4(),
        submission=submission,
        outcome=Outcome.APPROVED,
        decided_on=date(2026, 3, 3),
        granted=GRANTED_ACCOUNT if granted is None else granted,
    )


def refusal(submission: int = 1, reason: str | None = "Das Konto gehört nicht Ihnen.") -> Decision:
    return Decision(cause=uuid4(), submission=submission, outcome=Outcome.REFUSED, decided_on=date(2026, 3, 3), reason=reason)


def correction(submission: int = 1, cause: UUID | None = None) -> CorrectionRequest:
    return CorrectionRequest(cause=cause or uuid4(), submission=submission, reason="Der Kontonachweis fehlt.")


def draft(kind: ProcedureKind = BANK, locale: Locale = Locale.ENGLISH, answers: dict[str, str] | None = None) -> Procedure:
    procedure = Procedure.start(uuid4(), InsuredId(uuid4()), kind, locale, on_file=OnFile(), at=NOON)
    procedure.answers = {"iban": IBAN, "holder": "Sophie Hoffmann"} if answers is None else answers
    return procedure


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
        kept = self.kept.get(procedure_id)
        if kept is None or kept.insured != insured:
            raise NoSuchProcedure
        return copy.deepcopy(kept)

    async def open_one(self, insured: InsuredId, kind: ProcedureKind) -> Procedure | None:
        return next((copy.deepcopy(kept) for kept in self.kept.values() if kept.open_key == open_key(insured, kind)), None)

    async def all_of(self, insured: InsuredId, status: ProcedureStatus | None) -> list[Procedure]:
        return [kept for kept in self.kept.values() if kept.insured == insured and status in (None, kept.status)]

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

    async def files_in_use(self) -> set[UUID]:
        versions = [(kept.attachments, *(made.attachments for made in kept.submissions)) for kept in self.kept.values()]
        return {attachment.blob for version in versions for attachments in version for attachment in attachments}

    def _keep(self, procedure: Procedure) -> None:
        self.told += procedure.recorded
        procedure.recorded.clear()
        procedure.version += 1
        self.kept[procedure.id] = copy.deepcopy(procedure)


@dataclass(frozen=True)
class StoredBytes:
    id: UUID
    sha256: str


class Shelf:
    """Attached bytes, with the moment each was stored."""

    def __init__(self) -> None:
        self.now = NOON
        self.kept: dict[UUID, datetime] = {}

    async def put(self, data: bytes, media_type: str) -> StoredBytes:
        stored = StoredBytes(uuid4(), hashlib.sha256(data).hexdigest())
        self.kept[stored.id] = self.now
        return stored

    async def delete(self, blob_id: UUID) -> None:
        self.kept.pop(blob_id, None)

    async def older_than(self, moment: datetime) -> list[UUID]:
        return [blob_id for blob_id, stored_at in self.kept.items() if stored_at < moment]


@dataclass
class Records:
    """What the fund's file says."""

    known: dict[InsuredId, OnFile] = field(default_factory=dict)

    async def of(self, insured: InsuredId) -> OnFile:
        return self.known.get(insured, OnFile())

    async def keep_name(self, insured: InsuredId, revision: int, name: str) -> None:
        self.known[insured] = replace(await self.of(insured), name=name)

    async def keep_account(self, insured: InsuredId, revision: int, iban_masked: str) -> None:
        self.known[insured] = replace(await self.of(insured), iban_masked=iban_masked)


class World:
    """One person with the whole service."""

    def __init__(self) -> None:
        self.insured = InsuredId(uuid4())
        self.procedures, self.files, self.records = Memory(), Shelf(), Records()
        self.start = StartProcedure(self.procedures, self.records, self.clock)
        self.save_answers = SaveAnswers(self.procedures)
        self.attach = AttachFile(self.procedures, self.files)
        self.remove_attachment = RemoveAttachment(self.procedures, self.files)
        self.submit = SubmitProcedure(self.procedures, self.clock)
        self.delete = DeleteDraft(self.procedures, self.files)
        self.send_back = SendBack(self.procedures, self.clock)
        self.close = CloseProcedure(self.procedures, self.clock)
        self.sweep = SweepFiles(self.procedures, self.files, self.clock)

    @property
    def do(self) -> UseCases:
        return UseCases(
            start=self.start,
            save_answers=self.save_answers,
            attach=self.attach,
            remove_attachment=self.remove_attachment,
            submit=self.submit,
            delete=self.delete,
            send_back=self.send_back,
            close=self.close,
            read=self.procedures.get,
            list_all=self.procedures.all_of,
            keep_name=self.records.keep_name,
            keep_account=self.records.keep_account,
        )

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
        procedure = await self.has_a_complete_draft()
        return await self.submit(self.seen(procedure), uuid4(), locale=None, freshly_logged_in=True)


@pytest.fixture
def world() -> World:
    return World()
