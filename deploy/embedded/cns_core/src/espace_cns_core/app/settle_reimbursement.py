from __future__ import annotations

from uuid import UUID

from espace_cns_core.app.not_on_file import NotOnFile
from espace_cns_core.app.ports import Persons, Reimbursements, Today
from espace_cns_core.domain.reimbursement import Reimbursement, ReimbursementLine


class SettleReimbursement:
    """Settle invoices by command, and pay to the account on file."""

    def __init__(self, reimbursements: Reimbursements, persons: Persons, today: Today) -> None:
        self._reimbursements, self._persons, self._today = reimbursements, persons, today

    async def __call__(self, reimbursement: UUID, insured: UUID, lines: tuple[ReimbursementLine, ...]) -> Reimbursement:
        """What was settled, once under this id. Raises NotOnFile when the fund knows no person or no account."""
        person = await self._persons.get(insured)
        if person is None or person.account is None:
            raise NotOnFile
        today = self._today()
        settled = Reimbursement(
            id=reimbursement,
            insured=insured,
            reference=f"{today:%Y}-{reimbursement.hex[:8]}",
            settled_on=today,
            paid_to_iban_masked=person.account.masked_iban,
            lines=lines,
        ).settle()
        if not await self._reimbursements.add(settled):
            known = await self._reimbursements.get(reimbursement)
            assert known is not None, "an id that is taken can be read"
            return known
        return settled
