"""Identity's use cases over what a test can look into."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from stdnum import luhn, verhoeff

from espace_contracts.vocabulary import InsuredId, Locale
from espace_identity.app.begin_login import LoginWish
from espace_identity.app.finish_login import Callback, LinkNeeded, LoggedIn
from espace_identity.app.ports import Ports
from espace_identity.app.use_cases import composed
from espace_identity.domain.assurance import SUBSTANTIAL
from espace_identity.domain.challenge import ContactCodes
from espace_identity.domain.family import Child, Family
from espace_identity.domain.login import ForeignIdentity, Vouched
from espace_identity.domain.person import Person
from espace_identity.domain.provider import Provider
from espace_identity.domain.session import AtProvider
from espace_kernel.clock import utc_now

from .fakes import (
    AccessLog,
    Accounts,
    Attempts,
    Families,
    HeardLogouts,
    Linkings,
    Mandates,
    MobileTries,
    MovedClock,
    Persons,
    PlainProvider,
    PlainProviders,
    PlainSigner,
    Sessions,
)

MATRICULE = "1983081246785"
LUXTRUST = Provider(
    id="luxtrust", issuer="https://luxtrust.example.lu", client_id="espace", acr_values=(SUBSTANTIAL,), matricule_claim="matricule"
)
EIDAS = Provider(
    id="eidas", issuer="https://eidas.example.lu", client_id="espace", acr_values=(SUBSTANTIAL,),
    person_identifier_claim="person_identifier",
)  # fmt: skip
_numbers = count()


def new_matricule() -> str:
    """One that nobody has yet."""
    base = f"20010101{next(_numbers):03d}"
    return base + luhn.calc_check_digit(base) + verhoeff.calc_check_digit(base)


@dataclass
class Identity:
    clock: MovedClock = field(default_factory=MovedClock)
    persons: Persons = field(default_factory=Persons)
    families: Families = field(default_factory=Families)
    sessions: Sessions = field(default_factory=Sessions)
    attempts: Attempts = field(default_factory=Attempts)
    linkings: Linkings = field(default_factory=Linkings)
    mobile_tries: MobileTries = field(default_factory=MobileTries)
    accounts: Accounts = field(default_factory=Accounts)
    mandates: Mandates = field(default_factory=Mandates)
    log: AccessLog = field(default_factory=AccessLog)
    heard: HeardLogouts = field(default_factory=HeardLogouts)
    signer: PlainSigner = field(default_factory=PlainSigner)
    codes: ContactCodes = field(default_factory=lambda: ContactCodes(b"a key"))

    def __post_init__(self) -> None:
        self.luxtrust, self.eidas = PlainProvider(LUXTRUST), PlainProvider(EIDAS)
        self.providers = PlainProviders({"luxtrust": self.luxtrust, "eidas": self.eidas})
        self.compose()

    def compose(self) -> None:
        self.do = composed(
            Ports(
                clock=self.clock, persons=self.persons, families=self.families, accounts=self.accounts, sessions=self.sessions,
                attempts=self.attempts, linkings=self.linkings, mobile_tries=self.mobile_tries,
                mandates=self.mandates, access_log=self.log, heard_logouts=self.heard,
                providers=self.providers, codes=self.codes, signer=self.signer,
            )
        )  # fmt: skip

    async def person(self, matricule: str | None = None, **changes: object) -> Person:
        """Somebody new on file, born on 12 August 1983 unless said otherwise."""
        facts = {
            "insured": InsuredId(uuid4()), "revision": 1, "matricule": matricule or new_matricule(), "given_name": "Sophie",
            "family_name": "Hoffmann", "date_of_birth": date(1983, 8, 12), "locale": Locale.FRENCH,
        } | changes  # fmt: skip
        person = Person(**facts)
        await self.do.record_person(person)
        return person

    async def child_of(self, parent: Person, born: date) -> Child:
        """A child whom the parent represents, beside a sister."""
        sister, child = [
            Child(insured=InsuredId(uuid4()), given_name=name, family_name="Hoffmann", date_of_birth=born) for name in ("Mia", "Lou")
        ]
        await self.do.record_family(Family(parent=parent.insured, revision=1, children=(sister, child)))
        return child

    def word_for(self, matricule: str, subject: str = "subject", sid: str | None = "sid") -> Vouched:
        return Vouched(
            at_provider=AtProvider(provider="luxtrust", subject=subject, sid=sid), acr=SUBSTANTIAL, authenticated_at=self.clock(),
            matricule=matricule,
        )  # fmt: skip

    def foreign_word(self, identifier: str, born: date = date(1983, 8, 12), given: str = "Sophie", family: str = "Hoffmann") -> Vouched:
        foreign = ForeignIdentity(identifier=identifier, given_name=given, family_name=family, date_of_birth=born)
        at_provider = AtProvider(provider="eidas", subject=identifier)
        return Vouched(at_provider=at_provider, acr=SUBSTANTIAL, authenticated_at=self.clock(), foreign=foreign)

    async def login(self, word: Vouched, session: str | None = None, *, step_up: bool = False) -> LoggedIn | LinkNeeded:
        """A login at the provider, to its end."""
        provider = word.at_provider.provider
        self.providers.by_id[provider].word = word
        sent = await self.do.begin_login(LoginWish(provider=provider, step_up=step_up), session)
        state = parse_qs(urlsplit(sent.address).query)["state"][0]
        return await self.do.finish_login(Callback(provider=provider, state=state, code="code", browser=sent.browser, session=session))

    async def logged_in(self, person: Person, instead_of: str | None = None, **at_provider: str) -> str:
        """The secret of a new session."""
        ended = await self.login(self.word_for(person.matricule, **at_provider), instead_of)
        assert isinstance(ended, LoggedIn)
        return ended.secret


@pytest.fixture
def identity() -> Identity:
    return Identity()


@pytest.fixture(scope="session")
async def provider():
    from .door import provider_on_a_port  # noqa: PLC0415  # the door knows this file

    async with provider_on_a_port() as running:
        yield running


@pytest.fixture
async def door(tmp_path, identity, provider):
    """The service before a provider that behaves, and a person who is about to log in."""
    from .door import opened  # noqa: PLC0415  # the door knows this file

    provider.behave()
    identity.clock.now = utc_now()  # what verifies the tokens has no other clock
    provider.clock = identity.clock
    await identity.person(MATRICULE)
    provider.logs_in(matricule=MATRICULE)
    async with opened(tmp_path, identity, provider) as door:
        yield door
