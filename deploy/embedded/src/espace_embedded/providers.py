"""The three ways to log in, as identity reads them from ESPACE_PROVIDERS."""

import json

CLIENT_SECRET = "login-providers.secret"  # noqa: S105 - the name of a file
_LEVELS = [f"http://eidas.europa.eu/LoA/{level}" for level in ("substantial", "high")]
_CLAIMS = {
    "luxtrust": {"matricule_claim": "matricule"},
    "eid": {"matricule_claim": "matricule"},
    "eidas": {"person_identifier_claim": "person_identifier"},
}


def providers(issuers: str) -> str:
    """The development provider's three issuers, whose addresses begin with `issuers`, as JSON."""
    agreed = {"client_id": "espace", "client_secret_file": CLIENT_SECRET, "acr_values": _LEVELS}
    return json.dumps([{"id": name, "issuer": f"{issuers}/{name}", **agreed, **claim} for name, claim in _CLAIMS.items()])
