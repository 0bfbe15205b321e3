"""What the use cases need from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_identity.domain.access import Access
from espace_identity.domain.account import Account
from espace_identity.domain.challenge import ContactCodes
from espace_identity.domain.family import Family
from espace_identity.domain.link import Linking
from espace_identity.domain.login import LoginAttempt, Vouched
from espace_identity.domain.mandate import Mandate
from espace_identity.domain.person import Person
from espace_identity.domain.provider import Provider
from espace_identity.domain.session import Session, SessionEnd
from espace_identity.domain.token import Claims

Clock = Callable[[], datetime]


class MatriculeTaken(Exception):
    """Another person on file holds this matricule at the moment."""


class IdentityTaken(Exception):
    """This foreign identity opens another person's eSpace."""


class Persons(Protocol):
    """The persons on file, by their highest revision."""

    async def keep(self, person: Person) -> bool:
        """Store the person unless this or a higher revision is stored (False). Raises MatriculeTaken."""

    async def on_file(self, insured: InsuredId) -> Person | None:
        """The person with this id."""

    async def holder_of(self, matricule: str) -> Person | None:
        """The person who has this matricule now."""


class Families(Protocol):
    """The children whom each person represents, by the highest revision of the file."""

    async def keep(self, family: Family) -> None:
        """Store the family unless this or a higher revision is stored; what the parent renounced stays renounced."""

    async def of(self, parent: InsuredId) -> Family | None:
        """The children of this person."""

    async def with_child(self, child: InsuredId) -> list[Family]:
        """The families in which this person is a represented child."""

    async def renounce(self, parent: InsuredId, child: InsuredId) -> None:
        """The parent does not act for the child any more."""


class Attempts(Protocol):
    """Logins under way, each under its state's fingerprint."""

    async def add(self, fingerprint: str, attempt: LoginAttempt) -> None:
        """Store a new attempt."""

    async def take(self, fingerprint: str) -> LoginAttempt | None:
        """The attempt, for the one caller that comes first; for everybody else there is none."""


class Linkings(Protocol):
    """Foreign identities that wait for their matricule, each under its secret's fingerprint."""

    async def add(self, fingerprint: str, linking: Linking) -> None:
        """Store a new one."""

    async def get(self, fingerprint: str) -> Linking | None:
        """The one under this fingerprint, over or not."""

    async def spend_try(self, identifier: str, now: datetime) -> bool:
        """Count a try of this foreign identity. False when it has none left for now: then nothing was counted."""

    async def remove(self, fingerprint: str) -> None:
        """It is linked."""


class MobileTries(Protocol):
    """How many codes may still go to a mobile number, whoever asks."""

    async def spend_try(self, number: str, now: datetime) -> bool:
        """Count a code to this number. False when it has had enough for now: then nothing was counted."""


@dataclass(frozen=True, kw_only=True)
class Which:
    """Some sessions: those that fit everything that is set. At least one thing is."""

    fingerprint: str | None = None
    insured: InsuredId | None = None
    session: UUID | None = None
    provider: str | None = None
    subject: str | None = None
    sid: str | None = None


class Sessions(Protocol):
    """The sessions, each under its secret's fingerprint."""

    async def add(self, fingerprint: str, session: Session) -> None:
        """Store a new session."""

    async def get(self, fingerprint: str) -> Session | None:
        """The session, ended or not."""

    async def of(self, insured: InsuredId) -> list[Session]:
        """All sessions of a person, ended or not."""

    async def use(self, fingerprint: str, session: Session) -> bool:
        """Store that the session was used. False when it was closed meanwhile."""

    async def end(self, which: Which, at: datetime, why: SessionEnd) -> list[Session]:
        """Close sessions that nobody closed: from now on they open nothing. They stay until they are forgotten."""

    async def ended_before(self, at: datetime, limit: int) -> list[Session]:
        """At most `limit` of those closed before this moment and not forgotten."""

    async def expired_before(self, at: datetime, limit: int) -> list[Session]:
        """At most `limit` of those whose time was over by this moment, closed by nobody."""

    async def forget(self, sessions: Sequence[Session]) -> None:
        """Drop them; all that was to be said of them is said."""


class Accounts(Protocol):
    """The accounts, by insured id."""

    async def get(self, aggregate_id: UUID) -> Account | None:
        """The person's account, once they decided anything."""

    async def with_challenge(self, challenge: UUID) -> Account | None:
        """The account whose pending address has this challenge."""

    async def linked_to(self, identifier: str) -> Account | None:
        """The account that this foreign identity opens."""

    async def was_linked_to(self, identifier: str) -> bool:
        """Whether this foreign identity opened an account and was replaced."""

    async def add(self, aggregate: Account) -> bool:
        """Store a new account. False when the person has one already. Raises IdentityTaken."""

    async def save(self, aggregate: Account) -> None:
        """Store a changed account. Raises VersionConflict, IdentityTaken."""


class Mandates(Protocol):
    """The mandates, by the id of their pair."""

    async def get(self, aggregate_id: UUID) -> Mandate | None:
        """The mandate with this id."""

    async def of(self, insured: InsuredId) -> list[Mandate]:
        """Those that this person gave or holds."""

    async def add(self, aggregate: Mandate) -> bool:
        """Store a new one. False when the pair has one."""

    async def save(self, aggregate: Mandate) -> None:
        """Store a changed one. Raises VersionConflict."""


class AccessLog(Protocol):
    """Who looked at whose data."""

    async def append(self, access: Access) -> None:
        """Add an entry; nothing happens when it is there already."""

    async def page(self, insured: InsuredId, before: str | None, limit: int) -> tuple[list[Access], str | None]:
        """Entries of a person, the newest first, and where the next page begins. `before` is where the last one ended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizationRequest:
    """With what a browser is sent to a provider."""

    attempt: LoginAttempt
    state: str
    locale: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderLogout:
    """What a provider tells when a person logged out there: whom, or which of its sessions; and the id of the telling."""

    subject: str | None
    sid: str | None
    token_id: str
    issued_at: datetime


class LoginProvider(Protocol):
    """One provider, as OpenID Connect speaks with it. Every call raises LoginRefused."""

    @property
    def agreed(self) -> Provider:
        """What was agreed with it."""

    async def address_for(self, request: AuthorizationRequest) -> str:
        """Where the browser is to be sent."""

    async def check_issuer(self, named: str | None) -> None:
        """The issuer that a callback names (RFC 9207) is this one; it may be left out only where the provider does so."""

    async def vouch(self, code: str, attempt: LoginAttempt) -> Vouched:
        """Whom the code stands for, after all checks of OpenID Connect Core 3.1.3.7."""

    async def logout_address(self, sid: str | None) -> str | None:
        """Where a browser logs out at the provider too; None where it offers no such place or is away."""

    async def told_logout(self, logout_token: str) -> ProviderLogout:
        """What a logout token says, after all checks of OpenID Connect Back-Channel Logout 2.6."""


class Providers(Protocol):
    """The ways to log in."""

    def get(self, provider: str) -> LoginProvider | None:
        """The one with this id."""

    def all(self) -> Sequence[Provider]:
        """What was agreed with each, in the order of the page."""


class HeardLogouts(Protocol):
    """The logout tokens that were heard, so that none counts twice."""

    async def first_time(self, provider: str, token: ProviderLogout) -> bool:
        """False when this one was heard before."""


class Signer(Protocol):
    """Holds the key that every service trusts."""

    def sign(self, claims: Claims) -> str:
        """The token that says this."""


@dataclass(frozen=True, kw_only=True)
class Ports:
    """All that the use cases need, for their composition."""

    clock: Clock
    persons: Persons
    families: Families
    accounts: Accounts
    sessions: Sessions
    attempts: Attempts
    linkings: Linkings
    mobile_tries: MobileTries
    mandates: Mandates
    access_log: AccessLog
    heard_logouts: HeardLogouts
    providers: Providers
    codes: ContactCodes
    signer: Signer
