from __future__ import annotations

from pydantic import AwareDatetime

from espace_contracts.event import Event
from espace_contracts.topics import DELIVERIES
from espace_contracts.vocabulary import DocumentId, LetterId, PrintRunId


class LetterDispatched(Event, type="lu.cns.espace.letter.dispatched.v1", topic=DELIVERIES, subject="letter"):
    """The printer says that it gave the letter of this print run to the post. Written once per letter."""

    letter: LetterId
    document: DocumentId
    print_run: PrintRunId
    dispatched_at: AwareDatetime
