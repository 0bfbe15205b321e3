from __future__ import annotations

import hashlib
import hmac
from datetime import datetime

from espace_identity.domain.mobile import MOBILE_CODES, MOBILE_CODES_WITHIN
from espace_identity.storage.tries import spend_try
from espace_kernel.store import Collection


class StoredMobileTries:
    """How many codes may still go to a number. A number is stored as a fingerprint by a key: all numbers are soon tried through."""

    def __init__(self, collection: Collection, key: bytes) -> None:
        self.collection, self._key = collection, key

    async def spend_try(self, number: str, now: datetime) -> bool:
        """As the port says."""
        fingerprint = hmac.digest(self._key, b"mobile number\0" + number.encode(), hashlib.sha256).hex()
        return await spend_try(self.collection, fingerprint, now, most=MOBILE_CODES, within=MOBILE_CODES_WITHIN)
