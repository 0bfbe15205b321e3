from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from espace_identity_provider.domain.issuer import Issuer
from espace_identity_provider.domain.provider import Level


def routes(issuer: Issuer, key_set: dict[str, Any]) -> APIRouter:
    """What a client reads before anything else (OpenID Connect Discovery 1.0)."""
    router = APIRouter(prefix=f"/{issuer.provider.id}")

    @router.get("/.well-known/openid-configuration", summary="Read where everything is")
    async def configuration() -> dict[str, Any]:
        return {
            "issuer": issuer.url,
            "authorization_endpoint": f"{issuer.url}/authorize",
            "token_endpoint": f"{issuer.url}/token",
            "jwks_uri": f"{issuer.url}/jwks",
            "end_session_endpoint": f"{issuer.url}/logout",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "scopes_supported": ["openid", "profile"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": [level.value for level in Level],
            "claims_supported": [
                "sub", "auth_time", "acr", "amr", "sid", "given_name", "family_name", "birthdate",
                "matricule" if issuer.provider.knows_the_matricule else "person_identifier",
            ],
            "prompt_values_supported": ["none", "login", "select_account", "consent"],
            "ui_locales_supported": ["fr", "de", "en", "lb"],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }  # fmt: skip

    @router.get("/jwks", summary="Read the public key")
    async def keys(response: Response) -> dict[str, Any]:
        response.headers["Cache-Control"] = "max-age=60"
        return key_set

    return router
