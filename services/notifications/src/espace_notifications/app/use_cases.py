from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from espace_notifications.app.assemble_again import AssembleAgain
from espace_notifications.app.keep_contact import KeepContact
from espace_notifications.app.ports import LettersHeld, RefusedAnswer, RunsInDoubt
from espace_notifications.app.request_mailing import RequestMailing
from espace_notifications.app.request_notice import RequestNotice
from espace_notifications.app.requeue_letter import RequeueLetter
from espace_notifications.app.settle_by_folder import SettleByFolder
from espace_notifications.app.watch_the_printer import SilentRun
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.letter import Letter, LetterState
from espace_notifications.domain.print_run import PrintRun


@dataclass(frozen=True)
class UseCases:
    """What events and operators ask of notifications. Where no rule stands between, it is the store's own call."""

    request_notice: RequestNotice
    request_contact_code: RequestMailing[ContactCode]
    keep_contact: KeepContact
    queue_letter: Callable[[Letter], Awaitable[bool]]
    """False when the letter was queued before."""
    letter: Callable[[UUID], Awaitable[Letter | None]]
    recent_print_runs: Callable[[], Awaitable[Sequence[PrintRun]]]
    """The latest first."""
    letter_states: Callable[[Collection[UUID]], Awaitable[Mapping[UUID, Mapping[LetterState, int]]]]
    """How many letters of each of these print runs are in which state."""
    assemble_again: AssembleAgain
    settle_by_folder: SettleByFolder
    requeue_letter: RequeueLetter
    held_letters: LettersHeld
    silent_print_runs: Callable[[], Awaitable[Sequence[SilentRun]]]
    """Those whose letters the printer should have acknowledged by now."""
    print_runs_in_doubt: RunsInDoubt
    refused_answers: Callable[[], Awaitable[Sequence[RefusedAnswer]]]
    """Raises PrinterAway."""
