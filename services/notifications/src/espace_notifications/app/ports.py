"""What the use cases need of the outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

from espace_contracts.vocabulary import InsuredId
from espace_kernel.aggregate import Aggregate
from espace_kernel.outcomes import RetryLater
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.letter import Letter
from espace_notifications.domain.notice import Notice
from espace_notifications.domain.print_run import Assembly, PrintRun

A = TypeVar("A", bound=Aggregate)

Clock = Callable[[], datetime]


class Repository(Protocol[A]):
    """The aggregates of one kind."""

    async def add(self, aggregate: A) -> bool:
        """Store a new one. False when its id is taken."""

    async def get(self, aggregate_id: UUID) -> A | None:
        """One by its id."""

    async def save(self, aggregate: A) -> None:
        """Store a change. Raises VersionConflict when somebody else did since it was loaded."""

    async def remove(self, aggregate: A) -> None:
        """Delete it. Raises VersionConflict."""


Notices = Repository[Notice]
Letters = Repository[Letter]
PrintRuns = Repository[PrintRun]

WaitingLetters = Callable[[datetime], Awaitable[Sequence[Letter]]]
"""The letters in the queue that wait for a run at this moment, the longest waiting first, as many as one run takes."""
LettersInRuns = Callable[[], Awaitable[Sequence[Letter]]]
"""The letters that a run holds and has not settled."""
DueRuns = Callable[[datetime], Awaitable[Sequence[UUID]]]
"""Ids of the print runs with something to do at this moment, the oldest first."""


class Contacts(Protocol):
    """Where persons read their notices, and which notices wait for that to be known."""

    async def keep(self, contact: Contact) -> None:
        """Put it on file unless a higher revision is there."""

    async def address_for(self, notice: Notice) -> str | None:
        """The e-mail address of the notice's person. None when they confirmed none: from now on the notice waits for it."""

    async def waiting_for(self, insured: InsuredId) -> Sequence[UUID]:
        """The notices that wait for the person's address."""

    async def no_longer_waits(self, insured: InsuredId, notice: UUID) -> None:
        """Strike the notice off those that wait."""


class MailAway(Exception):
    """The mail server cannot be reached or asks to try again. Its sentence quotes no address."""


class MailRefused(Exception):
    """The mail server will never take this message. Its sentence quotes no address."""


class Mail(Protocol):
    """The mail server. Every call returns when the server took the message, and raises MailAway or MailRefused."""

    async def notice(self, notice: Notice, address: str) -> None:
        """Tell that something waits."""

    async def contact_code(self, mailing: ContactCode, address: str, code: str) -> None:
        """Tell the code that proves the address."""


class Codes(Protocol):
    """Identity, which knows the codes."""

    async def code_of(self, challenge: UUID) -> str | None:
        """The challenge's code; None when it is no longer valid. Raises SourceAway."""


class SourceAway(RetryLater):
    """What is needed cannot be fetched now: documents or identity is away."""


class LetterUnavailable(RetryLater):
    """This letter cannot be fetched now; others may."""


class AddressUnprintable(Exception):
    """The address on file cannot be set in type, and that will not pass by itself."""


class LetterSource(Protocol):
    """The documents service. Every call raises SourceAway or LetterUnavailable."""

    async def address_lines(self, letter: UUID) -> tuple[str, ...]:
        """Where the letter goes, line by line; empty when the person has no usable address on file."""

    async def pdf(self, letter: UUID) -> bytes:
        """The document."""

    async def address_sheet(self, letter: UUID) -> bytes:
        """The page that shows the address, as a PDF. Raises AddressUnprintable."""


class PrintSpool(Protocol):
    """Where the printer finds print runs."""

    async def start(self, assembly: Assembly) -> None:
        """Make the attempt's folder, and remove those of earlier attempts of the run."""

    async def put(self, assembly: Assembly, file: str, content: bytes) -> None:
        """Write a file into the attempt's folder."""

    async def complete(self, assembly: Assembly) -> None:
        """All that was put is on disk when this returns: the attempt may be sealed."""

    async def hand_over(self, assembly: Assembly) -> None:
        """Show the folder to the printer, whole, in one step. Does nothing when that was done before."""

    async def clear(self, run: UUID) -> None:
        """Remove what attempts left behind that were not handed over."""

    async def assembling(self) -> Sequence[UUID]:
        """The runs that have attempts' folders."""
