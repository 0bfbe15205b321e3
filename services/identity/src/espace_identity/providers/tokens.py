"""What a provider signs, read and checked: ID tokens (OpenID Connect Core 3.1.3.7) and logout tokens (Back-Channel Logout 2.6)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from authlib.oidc.core.util import create_half_hash
from joserfc import jws, jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    InvalidKeyIdError,
    JoseError,
    KeyParameterError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import ClaimsOption

from espace_identity.app.ports import ProviderLogout
from espace_identity.domain.login import LoginAttempt, LoginRefused, Refusal
from espace_identity.domain.provider import Provider
from espace_identity.providers.published import ALGORITHMS

LEEWAY = timedelta(seconds=30)
"""How far a provider's clock may be off."""
LOGOUT_LASTS = timedelta(minutes=10)
"""How old a logout token may be; for as long its id is remembered."""
_LOGGED_OUT = "http://schemas.openid.net/event/backchannel-logout"
_LONGEST_SUBJECT = 255
_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
_BY_CLAIM = {
    "iss": Refusal.ISSUER, "aud": Refusal.AUDIENCE, "azp": Refusal.AUTHORIZED_PARTY, "exp": Refusal.EXPIRED, "nbf": Refusal.NOT_YET_VALID,
    "iat": Refusal.ISSUED_AT, "nonce": Refusal.NONCE, "sub": Refusal.SUBJECT, "auth_time": Refusal.AUTH_TIME,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Signed:
    """A token as it came, and the algorithm that its header names."""

    claims: Mapping[str, Any]
    algorithm: str


def key_id_in(token: str) -> object:
    """The key that a token says it was signed with. Raises LoginRefused for what is no token, or signed in a way we do not take."""
    header = _header(token)
    if header.get("alg") not in ALGORITHMS:
        raise LoginRefused(Refusal.ALGORITHM)
    return header.get("kid")


def signed_by(keys: KeySet, token: str, types: tuple[str, ...]) -> Signed:
    """The token, if one of these keys signed it and it is of one of these types. Raises LoginRefused."""
    try:
        decoded = jwt.decode(token, keys, registry=_REGISTRY)
    except InvalidKeyIdError:
        raise LoginRefused(Refusal.KEY_UNKNOWN) from None
    except UnsupportedAlgorithmError:
        raise LoginRefused(Refusal.ALGORITHM) from None
    except BadSignatureError:
        raise LoginRefused(Refusal.SIGNATURE) from None
    except KeyParameterError:  # the key is for another algorithm than the token's
        raise LoginRefused(Refusal.SIGNATURE) from None
    except (JoseError, ValueError, TypeError):
        raise LoginRefused(Refusal.TOKEN) from None
    kind = decoded.header.get("typ", "JWT")
    if not isinstance(kind, str) or kind.lower().removeprefix("application/") not in types:
        raise LoginRefused(Refusal.TOKEN)
    return Signed(decoded.claims, str(decoded.header["alg"]))


def check_id_token(signed: Signed, provider: Provider, attempt: LoginAttempt, now: datetime, access_token: object) -> None:
    """It is this provider's answer to this attempt, given now, for us. Raises LoginRefused."""
    claims = signed.claims
    _check_claims(claims, provider, now, ("exp", "iat", "sub", "nonce", "auth_time"))
    if not isinstance(claims["nonce"], str) or claims["nonce"] != attempt.nonce:
        raise LoginRefused(Refusal.NONCE)
    if moment_of(claims["iat"], Refusal.ISSUED_AT) < attempt.began_at - LEEWAY:
        raise LoginRefused(Refusal.ISSUED_AT)
    if not attempt.proof_since - LEEWAY <= moment_of(claims["auth_time"], Refusal.AUTH_TIME) <= now + LEEWAY:
        raise LoginRefused(Refusal.AUTH_TIME)
    if "at_hash" in claims and not _fits(claims["at_hash"], access_token, signed.algorithm):
        raise LoginRefused(Refusal.TOKEN_HASH)


def logout_in(signed: Signed, provider: Provider, now: datetime) -> ProviderLogout:
    """Whom a logout token logs out. Raises LoginRefused."""
    claims = signed.claims
    _check_claims(claims, provider, now, ("iat", "jti"))
    events, subject, sid = claims.get("events"), claims.get("sub"), claims.get("sid")
    names_somebody = (subject or sid) and all(name is None or isinstance(name, str) for name in (subject, sid))
    if not isinstance(events, dict) or not isinstance(events.get(_LOGGED_OUT), dict) or not names_somebody:
        raise LoginRefused(Refusal.TOKEN)
    if "nonce" in claims:  # what has one is an ID token
        raise LoginRefused(Refusal.NONCE)
    issued_at = moment_of(claims["iat"], Refusal.ISSUED_AT)
    if issued_at < now - LOGOUT_LASTS:
        raise LoginRefused(Refusal.ISSUED_AT)
    return ProviderLogout(subject=subject, sid=sid, token_id=str(claims["jti"]), issued_at=issued_at)


def moment_of(seconds: object, otherwise: Refusal) -> datetime:
    """A NumericDate of RFC 7519. Raises LoginRefused for anything else."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds):
        raise LoginRefused(otherwise)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise LoginRefused(otherwise) from None


def _check_claims(claims: Mapping[str, Any], provider: Provider, now: datetime, needed: tuple[str, ...]) -> None:
    options: dict[str, ClaimsOption] = {name: {"essential": True} for name in needed}
    options |= {"iss": {"essential": True, "value": provider.issuer}, "aud": {"essential": True, "value": provider.client_id}}
    registry = jwt.JWTClaimsRegistry(int(now.timestamp()), int(LEEWAY.total_seconds()), **options)
    try:
        registry.validate(dict(claims))
    except ClaimError as error:
        raise LoginRefused(_BY_CLAIM.get(error.claim.partition(",")[0], Refusal.TOKEN)) from None
    if claims["aud"] not in (provider.client_id, [provider.client_id]):  # whoever else it is meant for is nobody we know
        raise LoginRefused(Refusal.AUDIENCE)
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise LoginRefused(Refusal.AUTHORIZED_PARTY)
    if "sub" in claims and len(claims["sub"]) > _LONGEST_SUBJECT:
        raise LoginRefused(Refusal.SUBJECT)


def _fits(at_hash: object, access_token: object, algorithm: str) -> bool:
    return isinstance(access_token, str) and at_hash == create_half_hash(access_token, algorithm).decode()


def _header(token: str) -> Mapping[str, Any]:
    try:
        return jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError):
        raise LoginRefused(Refusal.TOKEN) from None
