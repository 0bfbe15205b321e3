from __future__ import annotations

from dataclasses import dataclass

from espace_contracts.vocabulary import Locale
from espace_identity.app.ports import Attempts, AuthorizationRequest, Clock, Providers
from espace_identity.app.see_session import SeeSession
from espace_identity.domain.login import LoginAttempt, own_path
from espace_identity.domain.secret import fingerprint_of, new_secret


class NoProvider(Exception):
    """There is no such way to log in."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginWish:
    """How a person wants to log in, and where they return to."""

    provider: str
    return_to: str = "/"
    step_up: bool = False
    locale: Locale = Locale.FRENCH


@dataclass(frozen=True, kw_only=True, slots=True)
class SentAway:
    """The browser goes to this address and keeps this secret, by which the attempt is its own."""

    address: str
    browser: str


class BeginLogin:
    """Send a browser to a provider. A step-up is for a person who is logged in and is to prove themselves anew."""

    def __init__(self, providers: Providers, attempts: Attempts, see_session: SeeSession, clock: Clock) -> None:
        self._providers, self._attempts, self._see_session, self._clock = providers, attempts, see_session, clock

    async def __call__(self, wish: LoginWish, session_secret: str | None) -> SentAway:
        """Raises NoProvider, NotOurPath, NoSession (a step-up without a session), and LoginRefused when the provider cannot be used."""
        provider = self._providers.get(wish.provider)
        if provider is None:
            raise NoProvider
        return_to = own_path(wish.return_to)
        person = (await self._see_session(session_secret or "")).login.insured if wish.step_up else None
        state, browser = new_secret(), new_secret()
        attempt = LoginAttempt(
            provider=wish.provider, browser=fingerprint_of(browser), nonce=new_secret(), code_verifier=new_secret(),
            return_to=return_to, began_at=self._clock(), step_up_for=person,
        )  # fmt: skip
        address = await provider.address_for(AuthorizationRequest(attempt=attempt, state=state, locale=wish.locale))
        await self._attempts.add(fingerprint_of(state), attempt)
        return SentAway(address=address, browser=browser)
