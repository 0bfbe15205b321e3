"""The composition root: the only file that knows every room."""

from __future__ import annotations

from espace_kernel.blobs import Blobs
from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring
from espace_kernel.sweeper import Sweeper
from espace_procedures.api import attaching, drafting, reading
from espace_procedures.app.attach_file import AttachFile
from espace_procedures.app.close_procedure import CloseProcedure
from espace_procedures.app.delete_draft import DeleteDraft
from espace_procedures.app.remove_attachment import RemoveAttachment
from espace_procedures.app.save_answers import SaveAnswers
from espace_procedures.app.send_back import SendBack
from espace_procedures.app.start_procedure import StartProcedure
from espace_procedures.app.submit_procedure import SubmitProcedure
from espace_procedures.app.sweep_files import SweepFiles
from espace_procedures.app.use_cases import UseCases
from espace_procedures.domain.procedure import Procedure
from espace_procedures.events.incoming import subscriptions
from espace_procedures.events.outgoing import contract_of
from espace_procedures.storage.funds_records import StoredFundsRecords
from espace_procedures.storage.procedures import StoredProcedures


def wire(kernel: Kernel) -> Wiring:
    """The service, put together."""
    procedures = StoredProcedures(kernel.aggregates("procedures", Procedure, contract_of))
    records = StoredFundsRecords(kernel.database)
    files = Blobs(kernel.database, "attachments")
    do = UseCases(
        start=StartProcedure(procedures, records, utc_now),
        save_answers=SaveAnswers(procedures),
        attach=AttachFile(procedures, files),
        remove_attachment=RemoveAttachment(procedures, files),
        submit=SubmitProcedure(procedures, utc_now),
        delete=DeleteDraft(procedures, files),
        send_back=SendBack(procedures, utc_now),
        close=CloseProcedure(procedures, utc_now),
        read=procedures.get,
        list_all=procedures.all_of,
        keep_name=records.keep_name,
        keep_account=records.keep_account,
    )
    return Wiring(
        routers=(reading.routes(do), drafting.routes(do), attaching.routes(do)),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=procedures.prepare,
        sweepers=(Sweeper("orphan attachments", SweepFiles(procedures, files, utc_now), every_seconds=3600),),
        remembers_answers=True,
    )
