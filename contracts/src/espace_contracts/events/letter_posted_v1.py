from __future__ import annotations

from pydantic import AwareDatetime

from espace_contracts.event import Event
from espace_contracts.topics import DELIVERIES
from espace_contracts.vocabulary import DocumentId, LetterId, PrintRunId


class LetterPosted(Event, type="lu.cns.espace.letter.posted.v1", topic=DELIVERIES, subject="letter"):
    """The letter was handed to the printer, in this print run. Written once per letter."""

    letter: LetterId
    document: DocumentId
    print_run: PrintRunId
    posted_at: AwareDatetime
