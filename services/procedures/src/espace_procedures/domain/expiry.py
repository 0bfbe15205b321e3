"""When a draft that nobody works on is deleted, and when its person is warned. These are choices of the eSpace, no law."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from espace_procedures.domain.agencies import local_day

KEPT = timedelta(days=30)
"""How long a draft is kept after its last change."""
WARNED_BEFORE = timedelta(days=7)
"""How long before the end its person is warned, at the least."""


def expires_on(changed_at: datetime) -> date:
    """The day a draft is deleted that is not changed again."""
    return local_day(changed_at + KEPT)


def warning_due(changed_at: datetime, at: datetime) -> date | None:
    """The day to warn of, when it is time to: never closer than WARNED_BEFORE, even when the warning comes late. None: not yet."""
    due = at >= changed_at + KEPT - WARNED_BEFORE
    return max(expires_on(changed_at), local_day(at + WARNED_BEFORE)) if due else None
