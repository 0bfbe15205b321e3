from __future__ import annotations

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import DECISIONS
from espace_contracts.vocabulary import ProcedureId


class CorrectionRequested(Event, type="lu.cns.decisions.correction.requested.v1", topic=DECISIONS, subject="procedure"):
    """The fund cannot decide on a submission as it is and asks the person to correct it."""

    procedure: ProcedureId
    submission: int = Field(ge=1, description="the number of the submission to correct")
    reason: str = Field(description="what to correct, in the language of the submission")
