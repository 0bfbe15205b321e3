"""What the use cases need from outside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_identity.domain.account import Account
from espace_identity.domain.person import Person
from espace_identity.domain.session import Session
from espace_identity.domain.token import Claims

Clock = Callable[[], datetime]


class MatriculeTaken(Exception):
    """Another person on file holds this matricule at the moment."""


class Persons(Protocol):
    """The persons on file, by their highest revision."""

    async def keep(self, person: Person) -> None:
        """Store the person unless a higher revision is stored. Raises MatriculeTaken."""

    async def on_file(self, insured: InsuredId) -> Person | None:
        """The person with this id."""

    async def holder_of(self, matricule: str) -> Person | None:
        """The person who has this matricule now."""


class Sessions(Protocol):
    """The open sessions, each under its secret's fingerprint."""

    async def add(self, fingerprint: str, session: Session) -> None:
        """Store a new session; sessions whose time is over may be dropped on the occasion."""

    async def get(self, fingerprint: str) -> Session | None:
        """The session, over or not."""

    async def use(self, fingerprint: str, session: Session) -> bool:
        """Store that the session was used. False when it was closed meanwhile."""

    async def remove(self, fingerprint: str) -> None:
        """Close a session; nothing happens when there is none."""


class Accounts(Protocol):
    """The accounts, by insured id."""

    async def get(self, aggregate_id: UUID) -> Account | None:
        """The person's account, once they decided anything."""

    async def add(self, aggregate: Account) -> bool:
        """Store a new account. False when the person has one already."""

    async def save(self, aggregate: Account) -> None:
        """Store a changed account. Raises VersionConflict."""


class Signer(Protocol):
    """Holds the key that every service trusts."""

    def sign(self, claims: Claims) -> str:
        """The token that says this."""
