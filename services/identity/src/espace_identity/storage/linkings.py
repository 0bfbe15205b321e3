from __future__ import annotations

import hashlib
from datetime import date, datetime

from espace_identity.domain.link import TRIES, TRIES_WITHIN, Linking
from espace_identity.domain.login import ForeignIdentity, Vouched
from espace_identity.domain.session import AtProvider
from espace_identity.storage.tries import spend_try
from espace_kernel.store import Collection, Document


class StoredLinkings:
    """Foreign identities that wait for their matricule, and how many matricules each may still try."""

    def __init__(self, waiting: Collection, tries: Collection) -> None:
        self.waiting, self.tries = waiting, tries

    async def add(self, fingerprint: str, linking: Linking) -> None:
        """As the port says."""
        await self.waiting.insert_one({"_id": fingerprint, **_state(linking)})

    async def get(self, fingerprint: str) -> Linking | None:
        """As the port says."""
        document = await self.waiting.find_one({"_id": fingerprint})
        return None if document is None else _linking(document)

    async def spend_try(self, identifier: str, now: datetime) -> bool:
        """As the port says."""
        key = hashlib.sha256(identifier.encode()).hexdigest()
        return await spend_try(self.tries, key, now, most=TRIES, within=TRIES_WITHIN)

    async def remove(self, fingerprint: str) -> None:
        """As the port says."""
        await self.waiting.delete_one({"_id": fingerprint})


def _state(linking: Linking) -> Document:
    vouched, foreign = linking.vouched, linking.vouched.foreign
    assert foreign is not None
    return {
        "provider": vouched.at_provider.provider,
        "subject": vouched.at_provider.subject,
        "sid": vouched.at_provider.sid,
        "acr": vouched.acr,
        "authenticated_at": vouched.authenticated_at,
        "identifier": foreign.identifier,
        "given_name": foreign.given_name,
        "family_name": foreign.family_name,
        "date_of_birth": foreign.date_of_birth.isoformat(),
        "return_to": linking.return_to,
        "began_at": linking.began_at,
        "ends_at": linking.ends_at,
    }


def _linking(document: Document) -> Linking:
    foreign = ForeignIdentity(
        identifier=document["identifier"],
        given_name=document["given_name"],
        family_name=document["family_name"],
        date_of_birth=date.fromisoformat(document["date_of_birth"]),
    )
    vouched = Vouched(
        at_provider=AtProvider(provider=document["provider"], subject=document["subject"], sid=document["sid"]),
        acr=document["acr"],
        authenticated_at=document["authenticated_at"],
        foreign=foreign,
    )
    return Linking(vouched=vouched, return_to=document["return_to"], began_at=document["began_at"])
