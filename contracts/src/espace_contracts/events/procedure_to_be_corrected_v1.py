from __future__ import annotations

from espace_contracts.event import Event
from espace_contracts.topics import PROCEDURES
from espace_contracts.vocabulary import Locale, ProcedureId, ProcedureKind


class ProcedureToBeCorrected(Event, type="lu.cns.espace.procedure.to_be_corrected.v1", topic=PROCEDURES, subject="procedure"):
    """The procedure is back with the person. What to correct is read in the eSpace and does not travel."""

    procedure: ProcedureId
    kind: ProcedureKind
    submission: int
    locale: Locale
