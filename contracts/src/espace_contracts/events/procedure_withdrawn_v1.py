from __future__ import annotations

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import PROCEDURES
from espace_contracts.vocabulary import Locale, ProcedureId, ProcedureKind


class ProcedureWithdrawn(Event, type="lu.cns.espace.procedure.withdrawn.v1", topic=PROCEDURES, subject="procedure"):
    """The person took a forwarded procedure back before the fund decided. It is closed and leads to no document."""

    procedure: ProcedureId
    kind: ProcedureKind
    submission: int = Field(ge=1, description="the number of the last submission")
    locale: Locale
