from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from espace_notifications.app.request_notice import RequestNotice
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.letter import Letter
from espace_notifications.domain.print_run import PrintRun


@dataclass(frozen=True)
class UseCases:
    """What events and operators ask of notifications. Where no rule stands between, it is the store's own call."""

    request_notice: RequestNotice
    keep_contact: Callable[[Contact], Awaitable[None]]
    queue_letter: Callable[[Letter], Awaitable[bool]]
    """False when the letter was queued before."""
    letter: Callable[[UUID], Awaitable[Letter | None]]
    recent_print_runs: Callable[[], Awaitable[Sequence[PrintRun]]]
    """The latest first."""
