"""The composition root: the only file that knows every room."""

from __future__ import annotations

from datetime import date

from espace_cns_core.api import decisions, persons
from espace_cns_core.app.decide_procedure import DecideProcedure
from espace_cns_core.app.give_verdict import GiveVerdict
from espace_cns_core.app.receive_submission import ReceiveSubmission
from espace_cns_core.app.record_persons import RecordPersons
from espace_cns_core.app.use_cases import UseCases
from espace_cns_core.domain.person import Person
from espace_cns_core.domain.submission import Submission
from espace_cns_core.events.incoming import subscriptions
from espace_cns_core.events.outgoing import contract_of
from espace_cns_core.settings import Settings
from espace_cns_core.storage.submissions import SubmissionsByProcedure
from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring


def wire(kernel: Kernel) -> Wiring:
    """The stand-in, put together."""
    assert isinstance(kernel.settings, Settings)
    files = kernel.aggregates("persons", Person, contract_of)
    submissions = kernel.aggregates("submissions", Submission, contract_of)
    by_procedure = SubmissionsByProcedure(submissions)
    give_verdict = GiveVerdict(submissions, files, _today)
    do = UseCases(
        record_persons=RecordPersons(files),
        receive_submission=ReceiveSubmission(submissions, give_verdict, by_rule=kernel.settings.auto_decide),
        decide_procedure=DecideProcedure(by_procedure.latest, give_verdict),
    )
    return Wiring(
        routers=(persons.routes(do), decisions.routes(do)),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=by_procedure.prepare,
    )


def _today() -> date:
    return utc_now().date()
