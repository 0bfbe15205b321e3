"""A planted bug: the relay takes events out of the outbox before the broker has them."""

from espace_kernel.crashpoints import reach
from espace_kernel.relay import Relay

_send = Relay._send_outboxes_of


async def _removed_first(self, collection, ids):
    kept = [document async for document in collection.find({"_id": {"$in": ids}}, {"outbox": 1})]
    await collection.update_many({"_id": {"$in": ids}}, {"$set": {"outbox": []}})
    if any(document.get("outbox") for document in kept):
        reach("relay.before_publish")
    await _send(self, collection, ids)


Relay._send_outboxes_of = _removed_first
