from __future__ import annotations

from dataclasses import dataclass

from espace_cns_core.app.decide_procedure import DecideProcedure
from espace_cns_core.app.receive_submission import ReceiveSubmission
from espace_cns_core.app.record_persons import RecordPersons


@dataclass(frozen=True)
class UseCases:
    """All that the core systems' stand-in does."""

    record_persons: RecordPersons
    receive_submission: ReceiveSubmission
    decide_procedure: DecideProcedure
