from __future__ import annotations

from uuid import UUID

from espace_cns_core.app.not_on_file import NotOnFile
from espace_cns_core.app.ports import Benefits, Now, Persons
from espace_cns_core.app.settle_reimbursement import SettleReimbursement
from espace_cns_core.domain.benefit import Benefit
from espace_cns_core.domain.sample_benefits import sample_content, sample_lines
from espace_contracts.contents import BenefitContent
from espace_contracts.vocabulary import DocumentType


class IssueBenefit:
    """Settle one benefit of a person by command: with the content that is given, or a sample of a kind."""

    def __init__(self, benefits: Benefits, persons: Persons, settle: SettleReimbursement, now: Now) -> None:
        self._benefits, self._persons, self._settle, self._now = benefits, persons, settle, now

    async def __call__(self, benefit: UUID, insured: UUID, what: BenefitContent | DocumentType) -> None:
        """Told once under this id. Raises NotOnFile when the fund knows no such person, or for a reimbursement no account of theirs."""
        person = await self._persons.get(insured)
        if person is None:
            raise NotOnFile
        now = self._now()
        if what is DocumentType.REIMBURSEMENT_STATEMENT:
            await self._settle(benefit, insured, sample_lines(person, now.date()))
            return
        content = sample_content(what, person, now.date()) if isinstance(what, DocumentType) else what
        await self._benefits.add(Benefit(id=benefit, insured=insured, content=content, locale=person.locale, settled_at=now).tell())
