from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID, uuid5

from espace_cns_core.app.ports import Now, RunParts
from espace_cns_core.app.record_persons import RecordPersons
from espace_cns_core.domain.benefit import Benefit
from espace_cns_core.domain.person import Person
from espace_cns_core.domain.person_file import PersonFile
from espace_cns_core.domain.reimbursement import Reimbursement
from espace_cns_core.domain.run import PART, RunPart
from espace_cns_core.domain.sample_benefits import sample_content, sample_lines
from espace_cns_core.domain.synthetic_persons import synthetic_persons
from espace_contracts.vocabulary import DocumentType


@dataclass(frozen=True, kw_only=True)
class WantedRun:
    """One sample benefit of a kind for each of the synthetic persons number `offset` to `offset + count - 1`."""

    id: UUID
    kind: DocumentType
    count: int
    offset: int


class IssueRun:
    """Settle a run by command, part by part, so that its length costs no memory; its persons are put on file on the way."""

    def __init__(self, parts: RunParts, record_persons: RecordPersons, now: Now) -> None:
        self._parts, self._record_persons, self._now = parts, record_persons, now

    async def __call__(self, wanted: WantedRun) -> AsyncIterator[int]:
        """After each part, how many are told. A run that is wanted again goes on where it stopped: no part of it is told twice."""
        now = self._now()
        persons = synthetic_persons(wanted.count, wanted.offset)
        for told in range(0, wanted.count, PART):
            some = tuple(islice(persons, PART))
            await self._record_persons(PersonFile(person=person) for person in some)
            benefits = tuple(_benefit(person, wanted, now) for person in some)
            await self._parts.add(RunPart.of(wanted.id, wanted.offset + told, benefits))
            yield told + len(some)


def _benefit(person: Person, wanted: WantedRun, now: datetime) -> Benefit | Reimbursement:
    identity, today = uuid5(wanted.id, str(person.id)), now.date()
    if wanted.kind is DocumentType.REIMBURSEMENT_STATEMENT:
        assert person.account is not None, "a synthetic person has an account"
        return Reimbursement(
            id=identity, insured=person.id, reference=f"{today:%Y}-{identity.hex[:8]}", settled_on=today,
            paid_to_iban_masked=person.account.masked_iban, lines=sample_lines(person, today), run=wanted.id,
        )  # fmt: skip
    content = sample_content(wanted.kind, person, today)
    return Benefit(id=identity, insured=person.id, content=content, locale=person.locale, settled_at=now, run=wanted.id)
