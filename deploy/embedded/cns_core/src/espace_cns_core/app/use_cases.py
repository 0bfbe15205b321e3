from __future__ import annotations

from dataclasses import dataclass

from espace_cns_core.app.decide_procedure import DecideProcedure
from espace_cns_core.app.issue_benefit import IssueBenefit
from espace_cns_core.app.issue_run import IssueRun
from espace_cns_core.app.note_withdrawal import NoteWithdrawal
from espace_cns_core.app.ports import FindPerson
from espace_cns_core.app.receive_message import ReceiveMessage
from espace_cns_core.app.receive_submission import ReceiveSubmission
from espace_cns_core.app.record_family import RecordFamily
from espace_cns_core.app.record_leave import RecordLeave
from espace_cns_core.app.record_persons import RecordPersons
from espace_cns_core.app.settle_reimbursement import SettleReimbursement
from espace_cns_core.app.write_message import WriteMessage


@dataclass(frozen=True)
class UseCases:
    """All that the core systems' stand-in does."""

    record_persons: RecordPersons
    find_person: FindPerson
    record_family: RecordFamily
    record_leave: RecordLeave
    settle_reimbursement: SettleReimbursement
    issue_benefit: IssueBenefit
    issue_run: IssueRun
    receive_submission: ReceiveSubmission
    decide_procedure: DecideProcedure
    receive_message: ReceiveMessage
    write_message: WriteMessage
    note_withdrawal: NoteWithdrawal
