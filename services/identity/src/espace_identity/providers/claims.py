"""Which person the claims of an ID token mean, by the names that were agreed with the provider."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from espace_identity.domain.assurance import reaches
from espace_identity.domain.login import ForeignIdentity, LoginRefused, Refusal, Vouched
from espace_identity.domain.matricule import NotAMatricule, matricule_in
from espace_identity.domain.provider import Provider
from espace_identity.domain.session import AtProvider

_PERSON_IDENTIFIER = re.compile(r"[A-Z]{2}/LU/[!-~]{1,240}", re.ASCII)
"""The issuing state, the receiving state, and what only the issuing state can read."""
_LONGEST_NAME = 200


def vouched_in(claims: Mapping[str, Any], provider: Provider, authenticated_at: datetime) -> Vouched:
    """Whom the provider vouches for. Raises LoginRefused when the level is too low, or the person is not named as agreed."""
    if not reaches(claims.get("acr"), provider.acr_values):
        raise LoginRefused(Refusal.LEVEL)
    sid = claims.get("sid")
    return Vouched(
        at_provider=AtProvider(provider=provider.id, subject=claims["sub"], sid=sid if isinstance(sid, str) else None),
        acr=claims["acr"],
        authenticated_at=authenticated_at,
        matricule=_matricule(claims.get(provider.matricule_claim)) if provider.matricule_claim else None,
        foreign=_foreign(claims, provider.person_identifier_claim) if provider.person_identifier_claim else None,
    )


def _matricule(value: object) -> str:
    try:
        return matricule_in(value if isinstance(value, str) else "")
    except NotAMatricule:
        raise LoginRefused(Refusal.MATRICULE) from None


def _foreign(claims: Mapping[str, Any], claim: str) -> ForeignIdentity:
    identifier, born = claims.get(claim), claims.get("birthdate")
    names = [claims.get("given_name"), claims.get("family_name")]
    if not isinstance(identifier, str) or not _PERSON_IDENTIFIER.fullmatch(identifier) or not isinstance(born, str):
        raise LoginRefused(Refusal.PERSON_IDENTIFIER)
    given, family = (name if isinstance(name, str) and len(name) <= _LONGEST_NAME else "" for name in names)
    try:
        return ForeignIdentity(identifier=identifier, given_name=given, family_name=family, date_of_birth=date.fromisoformat(born))
    except ValueError:
        raise LoginRefused(Refusal.PERSON_IDENTIFIER) from None
