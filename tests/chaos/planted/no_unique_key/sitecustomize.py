"""A planted bug: aggregates are stored under a key of their own, so that a second one is not refused."""

from uuid import uuid4

from espace_kernel.store import AggregateStore

_add = AggregateStore.add


async def _under_another_key(self, aggregate):
    aggregate.id = uuid4()
    return await _add(self, aggregate)


AggregateStore.add = _under_another_key
