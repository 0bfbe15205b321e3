from __future__ import annotations

from espace_kernel.service import Kernel, Wiring
from espace_records.api import me
from espace_records.app.show_snapshot import ShowSnapshot
from espace_records.app.use_cases import UseCases
from espace_records.domain.bank_details import BankDetails
from espace_records.domain.person import Person
from espace_records.events.incoming import subscriptions
from espace_records.storage.snapshots import StoredSnapshots


def wire(kernel: Kernel) -> Wiring:
    """Records, composed."""
    persons = StoredSnapshots(kernel.database["persons"], Person)
    bank_details = StoredSnapshots(kernel.database["bank_details"], BankDetails)
    do = UseCases(
        keep_person=persons.keep,
        keep_bank_details=bank_details.keep,
        show_person=ShowSnapshot(persons),
        show_bank_details=ShowSnapshot(bank_details),
    )
    return Wiring(routers=(me.routes(do),), subscriptions=subscriptions, use_cases=do)
