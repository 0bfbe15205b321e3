from __future__ import annotations

import hashlib
from datetime import timedelta

from pymongo.errors import DuplicateKeyError

from espace_identity.app.ports import ProviderLogout
from espace_kernel.store import Collection

_REMEMBERED = timedelta(minutes=15)
"""From the token's own moment: longer than any token is believed."""


class StoredLogouts:
    """The logout tokens that were heard, by provider and token id."""

    def __init__(self, collection: Collection) -> None:
        self.collection = collection

    async def first_time(self, provider: str, token: ProviderLogout) -> bool:
        """As the port says: of two at once the store takes one."""
        key = hashlib.sha256(f"{provider}|{token.token_id}".encode()).hexdigest()
        try:
            await self.collection.insert_one({"_id": key, "ends_at": token.issued_at + _REMEMBERED})
        except DuplicateKeyError:
            return False
        return True
