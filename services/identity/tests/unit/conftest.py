"""Identity's use cases over what a test can look into."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.app.close_session import CloseSession
from espace_identity.app.confirm_contact import ConfirmContact
from espace_identity.app.issue_person_token import IssuePersonToken
from espace_identity.app.issue_service_token import IssueServiceToken
from espace_identity.app.log_in_by_matricule import LogInByMatricule
from espace_identity.app.open_session import OpenSession
from espace_identity.app.ports import MatriculeTaken
from espace_identity.app.record_person import RecordPerson
from espace_identity.app.see_session import SeeSession
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.account import Account
from espace_identity.domain.person import Person
from espace_identity.domain.session import Session
from espace_identity.domain.token import Claims

MATRICULE = "1983081246785"


@dataclass
class MovedClock:
    now: datetime = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Persons:
    by_id: dict[InsuredId, Person] = field(default_factory=dict)

    async def keep(self, person: Person) -> None:
        stored = self.by_id.get(person.insured)
        if stored is not None and stored.revision >= person.revision:
            return
        holder = await self.holder_of(person.matricule)
        if holder is not None and holder.insured != person.insured:
            raise MatriculeTaken
        self.by_id[person.insured] = person

    async def on_file(self, insured: InsuredId) -> Person | None:
        return self.by_id.get(insured)

    async def holder_of(self, matricule: str) -> Person | None:
        return next((person for person in self.by_id.values() if person.matricule == matricule), None)


@dataclass
class Sessions:
    by_fingerprint: dict[str, Session] = field(default_factory=dict)

    async def add(self, fingerprint: str, session: Session) -> None:
        self.by_fingerprint[fingerprint] = session

    async def get(self, fingerprint: str) -> Session | None:
        return self.by_fingerprint.get(fingerprint)

    async def use(self, fingerprint: str, session: Session) -> bool:
        if fingerprint not in self.by_fingerprint:
            return False
        self.by_fingerprint[fingerprint] = session
        return True

    async def remove(self, fingerprint: str) -> None:
        self.by_fingerprint.pop(fingerprint, None)


@dataclass
class Accounts:
    by_id: dict[UUID, Account] = field(default_factory=dict)
    told: list[object] = field(default_factory=list)

    async def get(self, aggregate_id: UUID) -> Account | None:
        stored = self.by_id.get(aggregate_id)
        return replace(stored) if stored else None

    async def add(self, aggregate: Account) -> bool:
        if aggregate.id in self.by_id:
            return False
        self._store(aggregate)
        return True

    async def save(self, aggregate: Account) -> None:
        self._store(aggregate)

    def _store(self, aggregate: Account) -> None:
        self.told += aggregate.recorded
        aggregate.recorded.clear()
        aggregate.version += 1
        self.by_id[aggregate.id] = replace(aggregate)


class PlainSigner:
    """Signs nothing: the claims can be read as they are."""

    def __init__(self) -> None:
        self.signed: list[Claims] = []

    def sign(self, claims: Claims) -> str:
        self.signed.append(claims)
        return f"token {len(self.signed)}"


@dataclass
class Identity:
    clock: MovedClock = field(default_factory=MovedClock)
    persons: Persons = field(default_factory=Persons)
    sessions: Sessions = field(default_factory=Sessions)
    accounts: Accounts = field(default_factory=Accounts)
    signer: PlainSigner = field(default_factory=PlainSigner)

    def __post_init__(self) -> None:
        self.do = UseCases(
            record_person=RecordPerson(self.persons),
            log_in_by_matricule=LogInByMatricule(self.persons, OpenSession(self.sessions), self.clock),
            see_session=SeeSession(self.sessions, self.clock),
            close_session=CloseSession(self.sessions),
            issue_person_token=IssuePersonToken(self.sessions, self.signer, self.clock),
            issue_service_token=IssueServiceToken(self.signer, self.clock),
            confirm_contact=ConfirmContact(self.accounts, self.persons, self.clock),
        )

    async def person(self, matricule: str = MATRICULE, locale: Locale = Locale.FRENCH) -> Person:
        person = Person(insured=InsuredId(uuid4()), revision=1, matricule=matricule, locale=locale)
        await self.do.record_person(person)
        return person

    async def logged_in(self, matricule: str = MATRICULE, instead_of: str | None = None) -> str:
        assert self.do.log_in_by_matricule is not None
        secret, _ = await self.do.log_in_by_matricule(matricule, instead_of)
        return secret


@pytest.fixture
def identity() -> Identity:
    return Identity()
