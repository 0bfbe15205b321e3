"""The composition root: the only file that knows every room."""

from __future__ import annotations

from datetime import date

from espace_cns_core.api import benefits, decisions, facts, messages, persons
from espace_cns_core.app.decide_procedure import DecideProcedure
from espace_cns_core.app.give_verdict import GiveVerdict
from espace_cns_core.app.issue_benefit import IssueBenefit
from espace_cns_core.app.issue_run import IssueRun
from espace_cns_core.app.note_withdrawal import NoteWithdrawal
from espace_cns_core.app.receive_message import ReceiveMessage
from espace_cns_core.app.receive_submission import ReceiveSubmission
from espace_cns_core.app.record_family import RecordFamily
from espace_cns_core.app.record_leave import RecordLeave
from espace_cns_core.app.record_persons import RecordPersons
from espace_cns_core.app.settle_reimbursement import SettleReimbursement
from espace_cns_core.app.use_cases import UseCases
from espace_cns_core.app.write_message import WriteMessage
from espace_cns_core.domain.benefit import Benefit
from espace_cns_core.domain.family import Family
from espace_cns_core.domain.leave import Leave
from espace_cns_core.domain.person import Person
from espace_cns_core.domain.reimbursement import Reimbursement
from espace_cns_core.domain.run import RunPart
from espace_cns_core.domain.submission import Submission
from espace_cns_core.events.incoming import subscriptions
from espace_cns_core.events.outgoing import contract_of
from espace_cns_core.settings import Settings
from espace_cns_core.storage.persons import PersonsByMatricule
from espace_cns_core.storage.submissions import SubmissionsByProcedure
from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring


def wire(kernel: Kernel) -> Wiring:
    """The stand-in, put together."""
    assert isinstance(kernel.settings, Settings)
    files = kernel.aggregates("persons", Person, contract_of)
    families = kernel.aggregates("families", Family, contract_of)
    leaves = kernel.aggregates("leaves", Leave, contract_of)
    reimbursements = kernel.aggregates("reimbursements", Reimbursement, contract_of)
    submissions = kernel.aggregates("submissions", Submission, contract_of)
    by_procedure, by_matricule = SubmissionsByProcedure(submissions), PersonsByMatricule(files)
    give_verdict = GiveVerdict(submissions, files, families, _today)
    record_persons = RecordPersons(files, families, leaves, reimbursements)
    settle_reimbursement = SettleReimbursement(reimbursements, files, _today)
    do = UseCases(
        record_persons=record_persons,
        find_person=by_matricule.find,
        record_family=RecordFamily(families, files),
        record_leave=RecordLeave(leaves, files),
        settle_reimbursement=settle_reimbursement,
        issue_benefit=IssueBenefit(kernel.aggregates("benefits", Benefit, contract_of), files, settle_reimbursement, utc_now),
        issue_run=IssueRun(kernel.aggregates("run_parts", RunPart, contract_of), record_persons, utc_now),
        receive_submission=ReceiveSubmission(submissions, give_verdict, by_rule=kernel.settings.auto_decide),
        decide_procedure=DecideProcedure(by_procedure.latest, give_verdict),
        receive_message=ReceiveMessage(by_procedure.latest, submissions),
        write_message=WriteMessage(by_procedure.latest, submissions, utc_now),
        note_withdrawal=NoteWithdrawal(by_procedure.latest, submissions),
    )

    async def prepare() -> None:
        await by_procedure.prepare()
        await by_matricule.prepare()

    return Wiring(
        routers=(persons.routes(do), facts.routes(do), benefits.routes(do), decisions.routes(do), messages.routes(do)),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=prepare,
    )


def _today() -> date:
    return utc_now().date()
