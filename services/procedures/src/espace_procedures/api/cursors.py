"""A place in a list as text: what a page ends with, and the next one begins behind."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

from espace_procedures.app.ports import Place

CURSOR = r"^([0-9a-f]{1,11})\.([0-9a-f]{32})$"
_START = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def cursor_of(place: Place) -> str:
    """The place, its moment to the millisecond, as the store keeps it."""
    moment, stands_there = place
    return f"{(moment - _START) // _MILLISECOND:x}.{stands_there.hex}"


def place_at(cursor: str) -> Place:
    """The place that a cursor names. Raises ValueError for a text that is none."""
    if not (parts := re.fullmatch(CURSOR, cursor)):
        raise ValueError("This is no cursor of a list.")
    return _START + int(parts[1], 16) * _MILLISECOND, UUID(parts[2])
