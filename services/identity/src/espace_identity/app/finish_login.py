from __future__ import annotations

from dataclasses import dataclass

from espace_identity.app.open_session import OpenSession
from espace_identity.app.ports import Attempts, Clock, Linkings, Providers
from espace_identity.app.recognise_person import RecognisePerson
from espace_identity.domain.link import Linking
from espace_identity.domain.login import LoginAttempt, LoginRefused, Refusal, Vouched
from espace_identity.domain.person import Person
from espace_identity.domain.secret import fingerprint_of, new_secret
from espace_identity.domain.session import Login, Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Callback:
    """What a browser brings back from a provider. `browser` and `session` are the secrets of its cookies."""

    provider: str
    state: str | None = None
    code: str | None = None
    error: str | None = None
    issuer: str | None = None
    browser: str | None = None
    session: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedIn:
    """The login opened a session."""

    secret: str
    session: Session
    return_to: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkNeeded:
    """The provider vouches for a person whom the eSpace does not know by this identity: by this secret they give their matricule."""

    secret: str


class FinishLogin:
    """Take a provider's answer: believe it only after every check, find the person, open the session."""

    def __init__(
        self,
        *,
        providers: Providers,
        attempts: Attempts,
        linkings: Linkings,
        recognise: RecognisePerson,
        open_session: OpenSession,
        clock: Clock,
    ) -> None:
        self._providers, self._attempts, self._linkings = providers, attempts, linkings
        self._recognise, self._open_session, self._clock = recognise, open_session, clock

    async def __call__(self, callback: Callback) -> LoggedIn | LinkNeeded:
        """Raises LoginRefused. Whatever the end, the attempt is spent: a callback counts once."""
        attempt = await self._attempts.take(fingerprint_of(callback.state)) if callback.state else None
        if attempt is None:
            raise LoginRefused(Refusal.ATTEMPT_OVER)
        attempt.must_be_of(callback.provider, callback.browser, self._clock())
        vouched = await self._vouched(callback, attempt)
        person = await self._recognise(vouched)
        if attempt.step_up_for is not None and (person is None or person.insured != attempt.step_up_for):
            raise LoginRefused(Refusal.ANOTHER_PERSON)
        if person is None:
            return await self._to_be_linked(vouched, attempt)
        secret, session = await self._open_session(login_of(person, vouched, self._clock), callback.session)
        return LoggedIn(secret=secret, session=session, return_to=attempt.return_to)

    async def _vouched(self, callback: Callback, attempt: LoginAttempt) -> Vouched:
        provider = self._providers.get(attempt.provider)
        if provider is None:
            raise LoginRefused(Refusal.OTHER_PROVIDER)
        await provider.check_issuer(callback.issuer)
        if callback.error is not None:
            raise LoginRefused(Refusal.CANCELLED)
        if not callback.code:
            raise LoginRefused(Refusal.CALLBACK)
        return await provider.vouch(callback.code, attempt)

    async def _to_be_linked(self, vouched: Vouched, attempt: LoginAttempt) -> LinkNeeded:
        secret = new_secret()
        await self._linkings.add(fingerprint_of(secret), Linking(vouched=vouched, return_to=attempt.return_to, began_at=self._clock()))
        return LinkNeeded(secret=secret)


def login_of(person: Person, vouched: Vouched, clock: Clock) -> Login:
    """The login of a person for whom a provider vouches."""
    return Login(
        insured=person.insured, acr=vouched.acr, at=clock(), authenticated_at=vouched.authenticated_at, vouched=vouched.at_provider
    )  # fmt: skip
