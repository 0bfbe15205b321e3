"""What the use cases need of the outside."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol, TypeVar
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, NoticeMeans
from espace_kernel.aggregate import Aggregate
from espace_kernel.outcomes import RetryLater
from espace_notifications.domain.answer import Answer
from espace_notifications.domain.contact import Contact
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.letter import CallOff, Letter
from espace_notifications.domain.manifest import Listing
from espace_notifications.domain.notice import Notice
from espace_notifications.domain.postal_address import PostalAddress
from espace_notifications.domain.print_run import Assembly, PrintedLetter, PrintRun

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
LettersInRuns = Callable[[UUID | None], Awaitable[Sequence[Letter]]]
"""The letters that a run holds and has not settled, by their ids, at most some hundred behind this one; None: the first of them."""
LettersHeld = Callable[[], Awaitable[Sequence[Letter]]]
"""The letters that cannot be posted as they are, the longest held first, at most some hundred."""
LettersHeldBehind = Callable[[UUID | None], Awaitable[Sequence[Letter]]]
"""The letters that cannot be posted as they are, by their ids, at most some hundred behind this one; None: the first of them."""
LettersHeldCounted = Callable[[], Awaitable[int]]
"""How many letters cannot be posted as they are."""
DueRuns = Callable[[datetime], Awaitable[Sequence[UUID]]]
"""Ids of the print runs with something to do at this moment, the oldest first, at most some dozen."""
RunsKnown = Callable[[Sequence[UUID]], Awaitable[Collection[UUID]]]
"""Which of these print runs are known here."""
RunsInDoubt = Callable[[], Awaitable[Sequence[PrintRun]]]
"""The print runs in doubt, the longest first, at most some dozen."""


class Contacts(Protocol):
    """Where persons read their notices, by each of the means, and which notices wait for that to be known."""

    async def keep(self, contact: Contact) -> None:
        """Put it on file unless a higher revision is there."""

    async def contact_for(self, notice: Notice) -> Contact | None:
        """The contact of the notice's person, by its means. None, or without an address, or bounced by another notice: from now on the
        notice waits for a later one."""

    async def bounced(self, notice: Notice) -> None:
        """Nobody reads at the contact that the notice was handed over for. Changes nothing when that is known, or when a later one came."""

    async def waiting_for(self, insured: InsuredId, means: NoticeMeans) -> Sequence[UUID]:
        """The notices that wait for the person's contact."""

    async def no_longer_waits(self, insured: InsuredId, means: NoticeMeans, notice: UUID) -> None:
        """Strike the notice off those that wait."""


class CarrierAway(Exception):
    """The mail server or the gateway cannot be reached or asks to try again. Its sentence quotes no address."""


class MessageRefused(Exception):
    """The mail server or the gateway will never take this message. Its sentence quotes no address."""


class AddressGone(MessageRefused):
    """Nobody reads at this address, so that nothing more is to be sent there."""


class Carrier(Protocol):
    """The mail server, or the gateway of text messages. Every call returns when the message was taken, and raises CarrierAway,
    MessageRefused or AddressGone."""

    async def notice(self, notice: Notice, address: str) -> None:
        """Tell that something waits."""

    async def contact_code(self, mailing: ContactCode, address: str, code: str) -> None:
        """Tell the code that proves the address."""


class Verdict(Enum):
    """What came back says of its notice."""

    NOBODY_THERE = auto()
    """It will never arrive: nobody reads at the address."""
    MAY_PASS = auto()
    """It is late, or arrived, or was refused for a reason that is not the address."""
    UNREADABLE = auto()
    """It is no notification that can be understood."""


@dataclass(frozen=True)
class BouncedMail:
    """A message that came back to the sender of notices; `key` says where it lies, `notice` what it is about, if it says so."""

    key: str
    verdict: Verdict
    notice: UUID | None = None


class Bounces(Protocol):
    """Where the mail server puts what comes back."""

    async def waiting(self, behind: str | None) -> Sequence[BouncedMail]:
        """What lies there, by its keys, at most some hundred behind this one; None: the first of it."""

    async def remove(self, mail: BouncedMail) -> None:
        """It is done with."""

    async def set_aside(self, mail: BouncedMail) -> None:
        """Keep it for an operator, where it is not read again."""

    async def clear_aside(self, now: datetime) -> int:
        """Remove of what was set aside what has lain there too long or is too much, the oldest first; how many there were."""


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


class NotToBePosted(Exception):
    """The letter must not leave the house, now or later."""

    def __init__(self, why: CallOff) -> None:
        super().__init__(why)
        self.why = why


class LetterSource(Protocol):
    """The documents service. Every call raises SourceAway, LetterUnavailable or NotToBePosted."""

    async def address(self, letter: UUID) -> PostalAddress | None:
        """Where the letter goes; None when the fund knows no address."""

    async def pdf(self, letter: UUID) -> bytes:
        """The document."""

    async def address_sheet(self, letter: UUID) -> bytes:
        """The page that shows the address, as a PDF. Raises AddressUnprintable."""


class PrinterAway(RetryLater):
    """The printer's folder or server cannot be used now. Its sentence says what an operator can do."""


class FolderInDoubt(PrinterAway):
    """What lies at the printer's under a run's name does not hold the run's letters, or cannot be compared with them; or a run lies
    there of which nothing is known here."""


class PrintSpool(Protocol):
    """Where the printer finds print runs. Every call raises PrinterAway."""

    async def start(self, assembly: Assembly) -> None:
        """Make the attempt's folder, and remove those of earlier attempts of the run."""

    async def put(self, assembly: Assembly, file: str, content: bytes) -> None:
        """Write a file into the attempt's folder."""

    async def complete(self, assembly: Assembly) -> None:
        """All that was put is on disk when this returns: the attempt may be sealed."""

    async def hand_over(self, assembly: Assembly, letters: Sequence[PrintedLetter]) -> None:
        """Show the folder with these letters to the printer, whole, in one step; none at all when there are none. Does nothing when that
        was done before. Raises FolderInDoubt when another folder of the run's name lies at the printer's, which is left as it is."""

    async def listed(self, run: UUID) -> Listing | None:
        """What the manifest in the run's folder at the printer's lists; None when no manifest of the run lies there."""

    async def at_the_printers(self) -> Sequence[UUID]:
        """The runs that have a folder at the printer's."""

    async def is_lost(self, assembly: Assembly) -> bool:
        """Whether a sealed folder is nowhere: neither ours any more, nor the printer's, as far as the printer's folders tell."""

    async def clear(self, run: UUID) -> None:
        """Remove what attempts left behind that were not handed over."""

    async def assembling(self) -> Sequence[UUID]:
        """The runs that have attempts' folders."""


@dataclass(frozen=True)
class AnswerFile:
    """A file in which the printer answers, as it lies there; `size` in bytes."""

    name: str
    size: int


@dataclass(frozen=True)
class ReadAnswer:
    """What a file told when it was read; `sha256` is of its content then."""

    file: AnswerFile
    sha256: str
    answer: Answer


@dataclass(frozen=True)
class RefusedAnswer:
    """A file that was moved away unread, or without effect; `reason` says what is wrong with it."""

    name: str
    reason: str


class AnswerUnreadable(Exception):
    """A file is no answer. Its sentence says why; `unfinished` when the rest of it may still be on its way."""

    def __init__(self, reason: str, *, unfinished: bool = False) -> None:
        super().__init__(reason)
        self.unfinished = unfinished


class AnswerBox(Protocol):
    """Where the printer's answers lie. Every call raises PrinterAway; a file that another replica moved away meanwhile is no error."""

    async def waiting(self) -> Sequence[AnswerFile]:
        """Files that were not read yet, by name."""

    async def read(self, file: AnswerFile) -> ReadAnswer | None:
        """What it tells; None when it is gone. Raises AnswerUnreadable."""

    async def keep(self, read: ReadAnswer) -> None:
        """It had its effect: move it to those that were read, unless the printer has put other content in its place meanwhile."""

    async def refuse(self, file: AnswerFile, reason: str) -> None:
        """Move it away, with the reason beside it."""

    async def refused(self) -> Sequence[RefusedAnswer]:
        """Those that were refused and that nobody has taken away."""
