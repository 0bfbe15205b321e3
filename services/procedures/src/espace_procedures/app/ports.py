"""What the use cases need of the outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, ProcedureKind, ProcedureStatus
from espace_kernel.outcomes import RetryLater
from espace_procedures.domain.definition import OnFile
from espace_procedures.domain.procedure import Procedure

Clock = Callable[[], datetime]


class NoSuchProcedure(RetryLater):
    """The person has no such procedure. For an event: not yet, or no more."""

    def __init__(self) -> None:
        super().__init__("The person has no such procedure, or it is not stored yet.")


class Procedures(Protocol):
    """The procedures of all persons; each is reached through its person."""

    async def add(self, procedure: Procedure) -> bool:
        """Store a new one. False when its id is taken, or the person has an open one of its kind."""

    async def get(self, procedure_id: UUID, insured: InsuredId) -> Procedure:
        """The person's procedure. Raises NoSuchProcedure."""

    async def open_one(self, insured: InsuredId, kind: ProcedureKind) -> Procedure | None:
        """The one open procedure of this kind."""

    async def all_of(self, insured: InsuredId, status: ProcedureStatus | None) -> list[Procedure]:
        """Those in this status, or all when None; the one that moved last comes first."""

    async def save(self, procedure: Procedure) -> None:
        """State and events as one. Raises VersionConflict."""

    async def remove(self, procedure: Procedure) -> None:
        """Delete it in the version that was loaded. Raises VersionConflict."""

    async def files_in_use(self) -> set[UUID]:
        """The blobs that any procedure refers to."""


class FundsRecords(Protocol):
    """What is known of the fund's file on each person. An older revision never replaces a newer one."""

    async def keep_name(self, insured: InsuredId, revision: int, name: str) -> None:
        """Remember a person's name."""

    async def keep_account(self, insured: InsuredId, revision: int, iban_masked: str) -> None:
        """Remember the account on file, masked."""

    async def of(self, insured: InsuredId) -> OnFile:
        """All that is known; empty for somebody not heard of yet."""


class StoredFile(Protocol):
    """Bytes that were stored."""

    @property
    def id(self) -> UUID:
        """Where they lie."""

    @property
    def sha256(self) -> str:
        """Their hash, in hexadecimal."""


class Files(Protocol):
    """Where attached bytes lie."""

    async def put(self, data: bytes, media_type: str) -> StoredFile:
        """Store bytes under a new id."""

    async def delete(self, blob_id: UUID) -> None:
        """Remove them; silently when they are gone."""

    async def older_than(self, moment: datetime) -> list[UUID]:
        """Ids of what was stored before this moment."""
