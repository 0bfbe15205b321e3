from __future__ import annotations

from datetime import date

from espace_contracts.event import Event
from espace_contracts.topics import PROCEDURES
from espace_contracts.vocabulary import Locale, ProcedureId, ProcedureKind


class DraftExpiring(Event, type="lu.cns.espace.procedure.draft_expiring.v1", topic=PROCEDURES, subject="procedure"):
    """A draft nobody works on will be deleted on this day; the person is warned once."""

    procedure: ProcedureId
    kind: ProcedureKind
    expires_on: date
    locale: Locale
