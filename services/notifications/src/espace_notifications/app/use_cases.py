from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from espace_notifications.app.keep_contact import KeepContact
from espace_notifications.app.request_mailing import RequestMailing
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.letter import Letter
from espace_notifications.domain.notice import Notice
from espace_notifications.domain.print_run import PrintRun


@dataclass(frozen=True)
class UseCases:
    """What events and operators ask of notifications. Where no rule stands between, it is the store's own call."""

    request_notice: RequestMailing[Notice]
    request_contact_code: RequestMailing[ContactCode]
    keep_contact: KeepContact
    queue_letter: Callable[[Letter], Awaitable[bool]]
    """False when the letter was queued before."""
    letter: Callable[[UUID], Awaitable[Letter | None]]
    recent_print_runs: Callable[[], Awaitable[Sequence[PrintRun]]]
    """The latest first."""
