"""What the use cases need of the outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, ProcedureKind, ProcedureStatus
from espace_kernel.outcomes import RetryLater
from espace_procedures.domain.appointment import Appointment
from espace_procedures.domain.challenge import Challenge
from espace_procedures.domain.conversation import Conversation
from espace_procedures.domain.direct_submission import DirectSubmission
from espace_procedures.domain.on_file import OnFile, PersonOnFile, Relative
from espace_procedures.domain.procedure import Procedure

Clock = Callable[[], datetime]
Place = tuple[datetime, UUID]
"""Where something stands in a list: a moment, then its id."""


class NoSuchProcedure(RetryLater):
    """The person has no such procedure. For an event: not yet, or no more."""

    def __init__(self) -> None:
        super().__init__("The person has no such procedure, or it is not stored yet.")


class Procedures(Protocol):
    """The procedures of all persons; each is reached through its person."""

    async def add(self, procedure: Procedure) -> bool:
        """Store a new one. False when its id is taken, or the person has an open one of its kind."""

    async def get(self, procedure_id: UUID, insured: InsuredId) -> Procedure:
        """The person's procedure, made with a login: what was sent without one cannot be followed. Raises NoSuchProcedure."""

    async def get_for_the_fund(self, procedure_id: UUID, insured: InsuredId) -> Procedure:
        """The person's procedure, with a login or without. Raises NoSuchProcedure."""

    async def open_one(self, insured: InsuredId, kind: ProcedureKind) -> Procedure | None:
        """The one open procedure of this kind."""

    async def all_of(self, insured: InsuredId, status: ProcedureStatus | None) -> list[Procedure]:
        """Those made with a login in this status, or all when None; in no order."""

    def drafts_unchanged_since(self, moment: datetime) -> AsyncIterator[Procedure]:
        """Drafts of any person that nobody changed after this moment, read bit by bit."""

    async def save(self, procedure: Procedure) -> None:
        """State and events as one. Raises VersionConflict."""

    async def remove(self, procedure: Procedure) -> None:
        """Delete it in the version that was loaded. Raises VersionConflict."""

    async def files_in_use(self, among: Collection[UUID]) -> set[UUID]:
        """Those of these blobs that any procedure refers to, in a draft or in a version that was submitted."""


class Conversations(Protocol):
    """What was written about each procedure."""

    async def about(self, procedure: Procedure) -> Conversation:
        """The messages about this procedure; an empty conversation when nobody wrote yet."""

    async def unread(self, insured: InsuredId) -> Mapping[UUID, int]:
        """By procedure, how many messages of the fund the person has not read; those without any are left out."""

    async def save(self, conversation: Conversation) -> None:
        """State and events as one. Raises VersionConflict."""


class FundsRecords(Protocol):
    """What is known of the fund's file on each person. An older revision never replaces a newer one."""

    async def keep_person(self, insured: InsuredId, revision: int, person: PersonOnFile) -> None:
        """Remember who a person is."""

    async def keep_account(self, insured: InsuredId, revision: int, iban_masked: str) -> None:
        """Remember the account on file, masked."""

    async def keep_family(self, insured: InsuredId, revision: int, family: tuple[Relative, ...]) -> None:
        """Remember a person's family."""

    async def of(self, insured: InsuredId) -> OnFile:
        """All that is known; empty for somebody not heard of yet."""

    async def known_by(self, matricule: str) -> InsuredId | None:
        """Who has, or had, this matricule."""


class ScannerIsAway(Exception):
    """A file could not be scanned; nothing is stored unscanned."""


class Inspect(Protocol):
    """Looks into a file whose type is taken."""

    async def __call__(self, content: bytes, media_type: str) -> bytes:
        """What is to be stored of it. Raises Unfit, ScannerIsAway."""


class Altered(Exception):
    """Stored bytes are not those that were stored, or were encrypted with a key that is not at hand."""


class Files(Protocol):
    """Where attached bytes lie, encrypted."""

    async def put(self, data: bytes) -> UUID:
        """Store bytes under a new id."""

    async def read(self, blob_id: UUID, sha256: str) -> bytes:
        """The bytes as they were put, which must have this hash. Raises Altered."""

    async def delete(self, blob_id: UUID) -> None:
        """Remove them; silently when they are gone."""

    def older_than(self, moment: datetime) -> AsyncIterator[UUID]:
        """Ids of what was stored before this moment, read bit by bit."""


class Appointments(Protocol):
    """The appointments of all persons. A slot is held by as many of them as its agency has counters, and never by more."""

    async def take(self, appointment: Appointment) -> bool:
        """Store a new one at the first free counter of its slot. False when none is free, or its procedure has one already."""

    async def take_another(self, appointment: Appointment) -> bool:
        """Save one whose slot changed, at the first free counter of the new slot. False when none is free. Raises VersionConflict."""

    async def of(self, procedure_id: UUID) -> Appointment | None:
        """The one appointment of a procedure."""

    async def all_of(self, insured: InsuredId) -> list[Appointment]:
        """Those a person made with a login, the next first."""

    async def taken(self, agency: str, first: datetime, last: datetime) -> Counter[datetime]:
        """How many counters are taken at each start from the first to the last."""

    async def save(self, appointment: Appointment) -> None:
        """State and events as one. Raises VersionConflict."""

    async def remove(self, appointment: Appointment) -> None:
        """Delete it in the version that was loaded. Raises VersionConflict."""

    def unfounded(self, before: datetime) -> AsyncIterator[Appointment]:
        """Those booked before this moment that hold a slot, and that no forwarded or approved procedure stands behind, read bit by bit."""


class Challenges(Protocol):
    """The challenges put to whoever has no login."""

    async def add(self, challenge: Challenge) -> bool:
        """Store a new one. False when its id is taken."""

    async def get(self, challenge_id: UUID) -> Challenge | None:
        """The challenge; None when there is none, or no more."""

    async def save(self, challenge: Challenge) -> None:
        """Raises VersionConflict."""

    async def forget_expired(self, before: datetime) -> None:
        """Delete those that expired before this moment."""


class DirectSubmissions(Protocol):
    """What was sent without login and belongs to nobody on file yet; what was typed lies there encrypted."""

    async def add(self, submission: DirectSubmission) -> None:
        """Store it; does nothing when it is there."""

    async def get(self, submission_id: UUID) -> DirectSubmission | None:
        """One of them. Raises Altered."""

    async def behind(self, place: Place | None, limit: int) -> list[DirectSubmission]:
        """At most so many that came after the one at this place, or from the first on, the oldest first. Raises Altered."""

    async def between(self, first: UUID, last: UUID) -> list[DirectSubmission]:
        """Those whose ids are these or lie between them. Raises Altered."""

    def all(self) -> AsyncIterator[DirectSubmission]:
        """All of them, the oldest first, read bit by bit. Raises Altered."""

    async def remove(self, submission_id: UUID) -> bool:
        """Delete it. False when it is gone."""

    async def files_in_use(self, among: Collection[UUID]) -> set[UUID]:
        """Those of these blobs that any of them refers to."""
