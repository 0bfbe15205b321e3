"""The eSpace as an OpenID Connect relying party: the code flow with PKCE, on Authlib and joserfc."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from espace_identity.app.ports import AuthorizationRequest, Clock, ProviderLogout
from espace_identity.domain.login import LoginAttempt, LoginRefused, Refusal, Vouched
from espace_identity.domain.provider import Provider
from espace_identity.providers.claims import vouched_in
from espace_identity.providers.published import Published
from espace_identity.providers.tokens import check_id_token, key_id_in, logout_in, moment_of, signed_by
from espace_identity.providers.transport import SECONDS, Bounded, Unreadable

_LONGEST_TOKEN = 16 * 1024


@dataclass(frozen=True, slots=True)
class Client:
    """What makes the eSpace the client that a provider knows: its secret, and the two addresses that were registered, to the letter."""

    secret: str
    redirect_uri: str
    after_logout: str


class RelyingParty:
    """The eSpace before one provider."""

    def __init__(self, provider: Provider, client: Client, clock: Clock) -> None:
        self._provider, self._client, self._clock = provider, client, clock
        self._reading = httpx2.AsyncClient(transport=Bounded(), timeout=SECONDS, trust_env=False)
        self._oauth = AsyncOAuth2Client(
            provider.client_id, client.secret, redirect_uri=client.redirect_uri, scope="openid profile", code_challenge_method="S256",
            transport=Bounded(), timeout=SECONDS, trust_env=False,
        )  # fmt: skip
        self._oauth.register_compliance_hook("access_token_response", _must_be_json)
        self._published = Published(self._reading, provider.issuer, clock)

    async def close(self) -> None:
        """Close the connections."""
        await self._reading.aclose()
        await self._oauth.aclose()

    @property
    def agreed(self) -> Provider:
        """As the port says."""
        return self._provider

    async def address_for(self, request: AuthorizationRequest) -> str:
        """As the port says."""
        metadata, attempt = await self._published.metadata(), request.attempt
        asked: dict[str, str] = {
            "nonce": attempt.nonce,
            "acr_values": " ".join(self._provider.acr_values),
            "max_age": str(attempt.max_age),
            "ui_locales": request.locale,
            **({"prompt": "login"} if attempt.step_up_for else {}),
        }
        address, _ = self._oauth.create_authorization_url(
            metadata.authorization_endpoint, state=request.state, code_verifier=attempt.code_verifier, **asked
        )
        return str(address)

    async def check_issuer(self, named: str | None) -> None:
        """As the port says."""
        if named is None and not (await self._published.metadata()).names_itself:
            return
        if named != self._provider.issuer:
            raise LoginRefused(Refusal.CALLBACK_ISSUER)

    async def vouch(self, code: str, attempt: LoginAttempt) -> Vouched:
        """As the port says."""
        answer = await self._redeem(code, attempt)
        token = answer.get("id_token")
        if not isinstance(token, str) or len(token) > _LONGEST_TOKEN:
            raise LoginRefused(Refusal.NO_ID_TOKEN)
        signed = signed_by(await self._published.keys(key_id_in(token)), token, ("jwt",))
        check_id_token(signed, self._provider, attempt, self._clock(), answer.get("access_token"))
        authenticated_at = min(moment_of(signed.claims["auth_time"], Refusal.AUTH_TIME), self._clock())
        return vouched_in(signed.claims, self._provider, authenticated_at)

    async def logout_address(self, sid: str | None) -> str | None:
        """As the port says. Names the provider's session by its id, and not by the ID token: that says who the person is, and addresses
        end up in logs. The provider may therefore ask the person once more.
        """
        with contextlib.suppress(LoginRefused):
            if end := (await self._published.metadata()).end_session_endpoint:
                named = {"logout_hint": sid} if sid else {}
                asked = {"client_id": self._provider.client_id, "post_logout_redirect_uri": self._client.after_logout, **named}
                return f"{end}{'&' if '?' in end else '?'}{urlencode(asked)}"
        return None

    async def told_logout(self, logout_token: str) -> ProviderLogout:
        """As the port says."""
        if len(logout_token) > _LONGEST_TOKEN:
            raise LoginRefused(Refusal.TOKEN)
        signed = signed_by(await self._published.keys(key_id_in(logout_token)), logout_token, ("logout+jwt", "jwt"))
        return logout_in(signed, self._provider, self._clock())

    async def _redeem(self, code: str, attempt: LoginAttempt) -> Mapping[str, Any]:
        metadata = await self._published.metadata()
        try:
            async with asyncio.timeout(SECONDS):
                answer: Mapping[str, Any] = await self._oauth.fetch_token(
                    metadata.token_endpoint, grant_type="authorization_code", code=code, code_verifier=attempt.code_verifier
                )
        except AuthlibBaseError:  # an error of RFC 6749, 5.2: the code does not hold, or we are not who we say
            raise LoginRefused(Refusal.CODE) from None
        except httpx2.HTTPStatusError as error:
            raise LoginRefused(Refusal.AWAY if error.response.is_server_error else Refusal.TOKEN_ANSWER) from None
        except Unreadable:
            raise LoginRefused(Refusal.TOKEN_ANSWER) from None
        except (httpx2.HTTPError, TimeoutError):
            raise LoginRefused(Refusal.AWAY) from None
        except (ValueError, TypeError):  # no JSON object, or one with an unreadable expiry
            raise LoginRefused(Refusal.TOKEN_ANSWER) from None
        if str(answer.get("token_type", "")).lower() != "bearer":
            raise LoginRefused(Refusal.TOKEN_ANSWER)
        return answer


def _must_be_json(answer: httpx2.Response) -> httpx2.Response:
    if answer.is_success and answer.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise LoginRefused(Refusal.TOKEN_ANSWER)
    return answer


class RelyingParties:
    """The eSpace before all its providers; entered and left with the service."""

    def __init__(self, parties: Sequence[RelyingParty]) -> None:
        self._parties = {party.agreed.id: party for party in parties}

    def get(self, provider: str) -> RelyingParty | None:
        """As the port says."""
        return self._parties.get(provider)

    def all(self) -> Sequence[Provider]:
        """As the port says."""
        return [party.agreed for party in self._parties.values()]

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for party in self._parties.values():
            await party.close()
