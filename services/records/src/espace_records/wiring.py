from __future__ import annotations

from datetime import date

from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring
from espace_records.api import family, leave, me, reimbursements, year
from espace_records.app.list_reimbursements import ListReimbursements
from espace_records.app.list_year import ListYear
from espace_records.app.show_family import ShowFamily
from espace_records.app.show_leave import ShowLeave
from espace_records.app.show_snapshot import ShowSnapshot
from espace_records.app.use_cases import UseCases
from espace_records.domain.bank_details import BankDetails
from espace_records.domain.calendar import day_of
from espace_records.domain.family import Family
from espace_records.domain.leave.child_leave import FamilyLeave
from espace_records.domain.person import Person
from espace_records.events.incoming import subscriptions
from espace_records.storage.reimbursements import StoredReimbursements
from espace_records.storage.snapshots import StoredSnapshots


def wire(kernel: Kernel) -> Wiring:
    """Records, composed."""
    persons = StoredSnapshots(kernel.database["persons"], Person)
    bank_details = StoredSnapshots(kernel.database["bank_details"], BankDetails)
    families = StoredSnapshots(kernel.database["families"], Family)
    leaves = StoredSnapshots(kernel.database["leaves"], FamilyLeave)
    settled = StoredReimbursements(kernel.database["reimbursements"])
    do = UseCases(
        keep_person=persons.keep,
        keep_bank_details=bank_details.keep,
        keep_family=families.keep,
        keep_leave=leaves.keep,
        keep_reimbursement=settled.keep,
        show_person=ShowSnapshot(persons),
        show_bank_details=ShowSnapshot(bank_details),
        show_family=ShowFamily(ShowSnapshot(families), _today),
        show_leave=ShowLeave(ShowSnapshot(leaves), _today),
        list_reimbursements=ListReimbursements(settled),
        list_year=ListYear(settled),
        show_reimbursement=settled.get,
    )
    return Wiring(
        routers=(me.routes(do), family.routes(do), leave.routes(do), reimbursements.routes(do), year.routes(do)),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=settled.prepare,
    )


def _today() -> date:
    return day_of(utc_now())
