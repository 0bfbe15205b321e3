"""A planted bug: offsets are committed before the effect.."""

from espace_kernel.consumer import Consumer

_finish = Consumer._finish


async def _committed_first(self, lane, record):
    self._progress[lane[0]].end(record.offset)
    await self._commit()
    return await _finish(self, lane, record)


Consumer._finish = _committed_first
