from __future__ import annotations

import contextlib
import hashlib
import hmac
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from espace_identity.domain.mobile import MOBILE_CODES, MOBILE_CODES_WITHIN
from espace_kernel.store import Collection


class StoredMobileTries:
    """How many codes may still go to a number. A number is stored as a fingerprint by a key: all numbers are soon tried through."""

    def __init__(self, collection: Collection, key: bytes) -> None:
        self.collection, self._key = collection, key

    async def spend_try(self, number: str, now: datetime) -> bool:
        """As the port says."""
        fingerprint = hmac.digest(self._key, b"mobile number\0" + number.encode(), hashlib.sha256).hex()
        anew = {"left": MOBILE_CODES, "ends_at": now + MOBILE_CODES_WITHIN}
        with contextlib.suppress(DuplicateKeyError):  # which says that these hours have begun
            await self.collection.update_one({"_id": fingerprint, "ends_at": {"$lte": now}}, {"$set": anew}, upsert=True)
        spent = await self.collection.update_one({"_id": fingerprint, "left": {"$gt": 0}}, {"$inc": {"left": -1}})
        return spent.modified_count == 1
