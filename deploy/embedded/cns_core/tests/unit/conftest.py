"""The use cases over a memory that keeps what the document store keeps: aggregates by id, versions, recorded events."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from uuid import UUID, uuid4

import pytest

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
from espace_cns_core.domain.family import Family, FamilyMember
from espace_cns_core.domain.leave import Leave
from espace_cns_core.domain.person import Account, Identity, Person
from espace_cns_core.domain.person_file import PersonFile
from espace_cns_core.domain.reimbursement import Reimbursement
from espace_cns_core.domain.run import RunPart
from espace_cns_core.domain.submission import Submission
from espace_contracts.vocabulary import Locale, PostalAddress, ProcedureKind, Relation
from espace_kernel.aggregate import Aggregate

A = TypeVar("A", bound=Aggregate)
TODAY = date(2026, 3, 4)
NOW = datetime(2026, 3, 4, 9, 30, tzinfo=UTC)
NEW_IBAN = "LU280019400644750000"


@dataclass
class Memory(Generic[A]):
    kept: dict[UUID, A] = field(default_factory=dict)
    told: list[Any] = field(default_factory=list)
    saves_left: int | None = None
    """After this many saves the process dies in the next one; None: it lives."""

    async def add(self, aggregate: A) -> bool:
        if aggregate.id in self.kept:
            return False
        self._keep(aggregate)
        return True

    async def get(self, aggregate_id: UUID) -> A | None:
        return copy.deepcopy(self.kept.get(aggregate_id))

    async def save(self, aggregate: A) -> None:
        if self.saves_left == 0:
            raise Died
        assert aggregate.version == self.kept[aggregate.id].version
        self._keep(aggregate)

    def _keep(self, aggregate: A) -> None:
        self.told += aggregate.recorded
        aggregate.recorded.clear()
        aggregate.version += 1
        self.kept[aggregate.id] = copy.deepcopy(aggregate)


class Died(Exception):
    pass


@dataclass
class Fund:
    persons: Memory[Person] = field(default_factory=Memory)
    families: Memory[Family] = field(default_factory=Memory)
    leaves: Memory[Leave] = field(default_factory=Memory)
    reimbursements: Memory[Reimbursement] = field(default_factory=Memory)
    benefits: Memory[Benefit] = field(default_factory=Memory)
    run_parts: Memory[RunPart] = field(default_factory=Memory)
    submissions: Memory[Submission] = field(default_factory=Memory)
    by_rule: bool = True

    @property
    def _give_verdict(self) -> GiveVerdict:
        return GiveVerdict(self.submissions, self.persons, self.families, lambda: TODAY)

    @property
    def do(self) -> UseCases:
        record_persons = RecordPersons(self.persons, self.families, self.leaves, self.reimbursements)
        settle_reimbursement = SettleReimbursement(self.reimbursements, self.persons, lambda: TODAY)
        return UseCases(
            record_persons=record_persons,
            find_person=self._with_matricule,
            record_family=RecordFamily(self.families, self.persons),
            record_leave=RecordLeave(self.leaves, self.persons),
            settle_reimbursement=settle_reimbursement,
            issue_benefit=IssueBenefit(self.benefits, self.persons, settle_reimbursement, lambda: NOW),
            issue_run=IssueRun(self.run_parts, record_persons, lambda: NOW),
            receive_submission=ReceiveSubmission(self.submissions, self._give_verdict, by_rule=self.by_rule),
            decide_procedure=DecideProcedure(self._latest, self._give_verdict),
            receive_message=ReceiveMessage(self._latest, self.submissions),
            write_message=WriteMessage(self._latest, self.submissions, lambda: NOW),
            note_withdrawal=NoteWithdrawal(self._latest, self.submissions),
        )

    async def knows(self, person: Person, *members: FamilyMember) -> None:
        """The person is on file, with this family."""
        family = Family(id=person.id)
        family.consist_of(members)
        await self.do.record_persons([PersonFile(person=person, families=(family,))])

    async def _with_matricule(self, matricule: str) -> Person | None:
        return next((person for person in self.persons.kept.values() if person.identity.matricule == matricule), None)

    async def _latest(self, procedure: UUID) -> Submission | None:
        of_it = [submission for submission in self.submissions.kept.values() if submission.procedure == procedure]
        return copy.deepcopy(max(of_it, key=lambda submission: submission.number, default=None))


@pytest.fixture
def fund() -> Fund:
    return Fund()


@pytest.fixture
def person() -> Person:
    identity = Identity("1983081246785", "Sophie", "Hoffmann", date(1983, 8, 12))
    address = PostalAddress(lines=("14, rue de la Gare", "L-4571 Oberkorn"), country="LU")
    person = Person.on_file(uuid4(), identity, address, Locale.FRENCH)
    person.pay_to(Account("LU120010001234567891", None, "Sophie Hoffmann", date(2021, 3, 1)))
    return person


@pytest.fixture
def mia() -> FamilyMember:
    identity = Identity("2015061004565", "Mia", "Hoffmann", date(2015, 6, 10))
    return FamilyMember(
        person=uuid4(), identity=identity, relation=Relation.CHILD, coinsured_from=date(2015, 6, 10), represented=True
    )  # fmt: skip


@pytest.fixture
def bank_change(person: Person) -> Callable[..., Submission]:
    def make(*, attached: tuple[str, ...] = ("bank_statement",), locale: Locale = Locale.FRENCH, **changes: Any) -> Submission:
        return Submission(
            **{
                "id": uuid4(),
                "procedure": uuid4(),
                "insured": person.id,
                "kind": ProcedureKind.BANK_DETAILS_CHANGE,
                "number": 1,
                "locale": locale,
                "answers": {"iban": NEW_IBAN, "holder": "Sophie Hoffmann", "bic": "BCEELULL"},
                "attached": attached,
                **changes,
            }
        )

    return make
