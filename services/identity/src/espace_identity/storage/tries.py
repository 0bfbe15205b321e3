from __future__ import annotations

import contextlib
from datetime import datetime, timedelta

from pymongo.errors import DuplicateKeyError

from espace_kernel.store import Collection


async def spend_try(tries: Collection, fingerprint: str, now: datetime, *, most: int, within: timedelta) -> bool:
    """Count one of `most` tries within a time that begins with the first. False when none is left: then nothing was counted."""
    anew = {"left": most, "ends_at": now + within}
    with contextlib.suppress(DuplicateKeyError):  # which says that this time has begun
        await tries.update_one({"_id": fingerprint, "ends_at": {"$lte": now}}, {"$set": anew}, upsert=True)
    spent = await tries.update_one({"_id": fingerprint, "left": {"$gt": 0}}, {"$inc": {"left": -1}})
    return spent.modified_count == 1
