"""The ports of identity's use cases, in memory, so that a test can look into them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_identity.app.ports import AuthorizationRequest, IdentityTaken, MatriculeTaken, ProviderLogout, Which
from espace_identity.domain.access import Access
from espace_identity.domain.account import Account
from espace_identity.domain.family import Family
from espace_identity.domain.link import TRIES, TRIES_WITHIN, Linking
from espace_identity.domain.login import LoginAttempt, LoginRefused, Vouched
from espace_identity.domain.mandate import Mandate
from espace_identity.domain.mobile import MOBILE_CODES, MOBILE_CODES_WITHIN
from espace_identity.domain.person import Person
from espace_identity.domain.provider import Provider
from espace_identity.domain.session import Session, SessionEnd
from espace_identity.domain.token import Claims
from espace_kernel.outcomes import VersionConflict


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

    async def keep(self, person: Person) -> bool:
        stored = self.by_id.get(person.insured)
        if stored is not None and stored.revision >= person.revision:
            return False
        holder = await self.holder_of(person.matricule)
        if holder is not None and holder.insured != person.insured:
            raise MatriculeTaken
        self.by_id[person.insured] = person
        return True

    async def on_file(self, insured: InsuredId) -> Person | None:
        return self.by_id.get(insured)

    async def holder_of(self, matricule: str) -> Person | None:
        return next((person for person in self.by_id.values() if person.matricule == matricule), None)


@dataclass
class Families:
    by_parent: dict[InsuredId, Family] = field(default_factory=dict)

    async def keep(self, family: Family) -> None:
        stored = self.by_parent.get(family.parent)
        if stored is None or stored.revision < family.revision:
            self.by_parent[family.parent] = replace(family, renounced=stored.renounced if stored else frozenset())

    async def of(self, parent: InsuredId) -> Family | None:
        return self.by_parent.get(parent)

    async def with_child(self, child: InsuredId) -> list[Family]:
        return [family for family in self.by_parent.values() if any(each.insured == child for each in family.children)]

    async def renounce(self, parent: InsuredId, child: InsuredId) -> None:
        family = self.by_parent[parent]
        self.by_parent[parent] = replace(family, renounced=family.renounced | {child})


@dataclass
class Attempts:
    by_fingerprint: dict[str, LoginAttempt] = field(default_factory=dict)

    async def add(self, fingerprint: str, attempt: LoginAttempt) -> None:
        self.by_fingerprint[fingerprint] = attempt

    async def take(self, fingerprint: str) -> LoginAttempt | None:
        return self.by_fingerprint.pop(fingerprint, None)


@dataclass
class Linkings:
    by_fingerprint: dict[str, Linking] = field(default_factory=dict)
    tries: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    async def add(self, fingerprint: str, linking: Linking) -> None:
        self.by_fingerprint[fingerprint] = linking

    async def get(self, fingerprint: str) -> Linking | None:
        return self.by_fingerprint.get(fingerprint)

    async def spend_try(self, identifier: str, now: datetime) -> bool:
        left, until = self.tries.get(identifier, (TRIES, now + TRIES_WITHIN))
        if until <= now:
            left, until = TRIES, now + TRIES_WITHIN
        self.tries[identifier] = max(left - 1, 0), until
        return left > 0

    async def remove(self, fingerprint: str) -> None:
        self.by_fingerprint.pop(fingerprint, None)


@dataclass
class MobileTries:
    spent: dict[str, list[datetime]] = field(default_factory=dict)

    async def spend_try(self, number: str, now: datetime) -> bool:
        recent = [moment for moment in self.spent.get(number, []) if moment > now - MOBILE_CODES_WITHIN]
        if len(recent) < MOBILE_CODES:
            self.spent[number] = [*recent, now]
        return len(recent) < MOBILE_CODES


@dataclass
class Sessions:
    by_fingerprint: dict[str, Session] = field(default_factory=dict)

    async def add(self, fingerprint: str, session: Session) -> None:
        self.by_fingerprint[fingerprint] = session

    async def get(self, fingerprint: str) -> Session | None:
        return self.by_fingerprint.get(fingerprint)

    async def of(self, insured: InsuredId) -> list[Session]:
        return [session for session in self.by_fingerprint.values() if session.login.insured == insured]

    async def use(self, fingerprint: str, session: Session) -> bool:
        stored = self.by_fingerprint.get(fingerprint)
        if stored is None or stored.ended_at is not None:
            return False
        self.by_fingerprint[fingerprint] = session
        return True

    async def end(self, which: Which, at: datetime, why: SessionEnd) -> list[Session]:
        ended = []
        for fingerprint, session in list(self.by_fingerprint.items()):
            vouched = session.login.vouched
            has = Which(
                fingerprint=fingerprint, insured=session.login.insured, session=session.id, provider=vouched.provider,
                subject=vouched.subject, sid=vouched.sid,
            )  # fmt: skip
            wanted = {name: value for name, value in vars(which).items() if value is not None}
            if session.is_open(at) and all(getattr(has, name) == value for name, value in wanted.items()):
                self.by_fingerprint[fingerprint] = replace(session, ended_at=at, ended_why=why)
                ended.append(self.by_fingerprint[fingerprint])
        return ended

    async def ended_before(self, at: datetime, limit: int) -> list[Session]:
        return [session for session in self.by_fingerprint.values() if session.ended_at is not None and session.ended_at < at][:limit]

    async def expired_before(self, at: datetime, limit: int) -> list[Session]:
        return [session for session in self.by_fingerprint.values() if session.ended_at is None and session.ends_at <= at][:limit]

    async def forget(self, sessions: Sequence[Session]) -> None:
        gone = {session.id for session in sessions}
        self.by_fingerprint = {key: session for key, session in self.by_fingerprint.items() if session.id not in gone}


@dataclass
class Accounts:
    by_id: dict[UUID, Account] = field(default_factory=dict)
    told: list[object] = field(default_factory=list)
    conflicts: int = 0
    """So many saves meet another change first."""

    async def get(self, aggregate_id: UUID) -> Account | None:
        stored = self.by_id.get(aggregate_id)
        return replace(stored) if stored else None

    async def with_challenge(self, challenge: UUID) -> Account | None:
        for each in self.by_id.values():
            if any(pending and pending.challenge == challenge for pending in (each.pending, each.pending_mobile)):
                return each
        return None

    async def linked_to(self, identifier: str) -> Account | None:
        return next((each for each in self.by_id.values() if each.link and each.link.identifier == identifier), None)

    async def was_linked_to(self, identifier: str) -> bool:
        return any(link.identifier == identifier for each in self.by_id.values() for link in each.links_before)

    async def add(self, aggregate: Account) -> bool:
        if aggregate.id in self.by_id or self._conflict():
            return False
        self._store(aggregate)
        return True

    async def save(self, aggregate: Account) -> None:
        if self._conflict():
            raise VersionConflict
        self._store(aggregate)

    def _conflict(self) -> bool:
        self.conflicts -= 1
        return self.conflicts >= 0

    def _store(self, aggregate: Account) -> None:
        if aggregate.link and any(
            each.link and each.link.identifier == aggregate.link.identifier and each.id != aggregate.id for each in self.by_id.values()
        ):
            raise IdentityTaken
        self.told += aggregate.recorded
        aggregate.recorded.clear()
        aggregate.version += 1
        self.by_id[aggregate.id] = replace(aggregate)


@dataclass
class Mandates:
    by_id: dict[UUID, Mandate] = field(default_factory=dict)

    async def get(self, aggregate_id: UUID) -> Mandate | None:
        stored = self.by_id.get(aggregate_id)
        return replace(stored) if stored else None

    async def of(self, insured: InsuredId) -> list[Mandate]:
        return [replace(mandate) for mandate in self.by_id.values() if insured in {mandate.giver, mandate.holder}]

    async def add(self, aggregate: Mandate) -> bool:
        if aggregate.id in self.by_id:
            return False
        await self.save(aggregate)
        return True

    async def save(self, aggregate: Mandate) -> None:
        aggregate.version += 1
        self.by_id[aggregate.id] = replace(aggregate)


@dataclass
class AccessLog:
    entries: dict[UUID, Access] = field(default_factory=dict)

    async def append(self, access: Access) -> None:
        self.entries.setdefault(access.id, access)

    async def page(self, insured: InsuredId, before: str | None, limit: int) -> tuple[list[Access], str | None]:
        own = sorted((each for each in self.entries.values() if each.insured == insured), key=_order, reverse=True)
        following = [each for each in own if before is None or _order(each) < before]
        return following[:limit], _order(following[limit - 1]) if len(following) > limit else None

    def of(self, insured: InsuredId) -> list[Access]:
        return [each for each in self.entries.values() if each.insured == insured]


def _order(access: Access) -> str:
    return f"{int(access.at.timestamp() * 1000):015d}-{access.id.hex}"


@dataclass
class HeardLogouts:
    heard: set[tuple[str, str]] = field(default_factory=set)

    async def first_time(self, provider: str, token: ProviderLogout) -> bool:
        before = len(self.heard)
        self.heard.add((provider, token.token_id))
        return len(self.heard) > before


@dataclass
class PlainProvider:
    """Vouches for whom the test says, and checks nothing."""

    agreed: Provider
    word: Vouched | LoginRefused | None = None
    logged_out: ProviderLogout | None = None

    async def address_for(self, request: AuthorizationRequest) -> str:
        return f"https://provider.example.lu/?state={request.state}"

    async def check_issuer(self, named: str | None) -> None:
        pass

    async def vouch(self, code: str, attempt: LoginAttempt) -> Vouched:
        assert code
        if not isinstance(self.word, Vouched):
            raise self.word or AssertionError
        return self.word

    async def logout_address(self, sid: str | None) -> str | None:
        return f"https://provider.example.lu/logout?sid={sid}"

    async def told_logout(self, logout_token: str) -> ProviderLogout:
        assert self.logged_out is not None
        return self.logged_out


@dataclass
class PlainProviders:
    by_id: dict[str, Any] = field(default_factory=dict)

    def get(self, provider: str) -> Any:
        return self.by_id.get(provider)

    def all(self) -> Sequence[Provider]:
        return [each.agreed for each in self.by_id.values()]


class PlainSigner:
    """Signs nothing: the claims can be read as they are."""

    def __init__(self) -> None:
        self.signed: list[Claims] = []

    def sign(self, claims: Claims) -> str:
        self.signed.append(claims)
        return f"token {len(self.signed)}"
