"""A planted bug: what an event causes gets a new id at each try."""

from uuid import uuid4

from espace_kernel.envelope import Received

Received.derived_id = lambda _self, *_parts: uuid4()
