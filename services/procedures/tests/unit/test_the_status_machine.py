"""Whatever a person, the fund and a repeating broker do, in whatever order, a procedure walks only the ways it may."""

from __future__ import annotations

import copy
from dataclasses import asdict
from itertools import pairwise
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from espace_contracts.vocabulary import ProcedureStatus
from espace_procedures.domain.attachments import MAX_FILES, Attachment
from espace_procedures.domain.events import Closed, Forwarded, SentBack
from espace_procedures.domain.procedure import NotTheCurrentSubmission, NotWithTheFund
from espace_procedures.domain.refusals import AlreadyClosed, AnswersToCorrect, ForwardedBefore, Refusal, TooManyFiles, WithTheFund

from .conftest import IBAN, NOON, approval, correction, draft, refusal

IN_PREPARATION, FORWARDED = ProcedureStatus.IN_PREPARATION, ProcedureStatus.FORWARDED
TO_BE_CORRECTED, CLOSED = ProcedureStatus.TO_BE_CORRECTED, ProcedureStatus.CLOSED
WAYS = {
    (IN_PREPARATION, FORWARDED),
    (FORWARDED, TO_BE_CORRECTED),
    (TO_BE_CORRECTED, FORWARDED),
    (FORWARDED, CLOSED),
}
RIGHT = {"iban": IBAN, "holder": "Sophie Hoffmann"}
WRONG = {"iban": IBAN[:-1], "holder": "Sophie Hoffmann"}


class AnyProcedure(RuleBasedStateMachine):
    causes = Bundle("causes")

    def __init__(self) -> None:
        super().__init__()
        self.procedure = draft(answers={})
        self.forwarded: list[dict[str, object]] = []
        self.taken_back: set[UUID] = set()

    @property
    def editable(self) -> bool:
        return self.procedure.status in (IN_PREPARATION, TO_BE_CORRECTED)

    def refused(self, step, *, because: type[Exception] | tuple[type[Exception], ...]) -> None:
        """The step fails for this reason, and nothing has changed."""
        before, told = copy.deepcopy(asdict(self.procedure)), len(self.procedure.recorded)
        try:
            step()
        except because:
            assert (asdict(self.procedure), len(self.procedure.recorded)) == (before, told)
        else:
            raise AssertionError("the step was taken")

    def why_not(self) -> type[Refusal]:
        return AlreadyClosed if self.procedure.status is CLOSED else WithTheFund

    @rule(answers=st.sampled_from([RIGHT, WRONG, {}]))
    def the_person_saves_answers(self, answers):
        if self.editable:
            self.procedure.save_answers(answers)
            assert self.procedure.answers == answers
        else:
            self.refused(lambda: self.procedure.save_answers(answers), because=self.why_not())

    @rule()
    def the_person_attaches_a_file(self):
        attachment = Attachment(uuid4(), "bank_statement", uuid4(), "0" * 64, 1, "application/pdf")
        if not self.editable:
            self.refused(lambda: self.procedure.attach(attachment), because=self.why_not())
        elif len(self.procedure.attachments) == MAX_FILES:
            self.refused(lambda: self.procedure.attach(attachment), because=TooManyFiles)
        else:
            self.procedure.attach(attachment)

    @rule()
    def the_person_removes_the_first_file(self):
        first = self.procedure.attachments[0].id if self.procedure.attachments else uuid4()
        if self.editable:
            was_there = bool(self.procedure.attachments)
            assert (self.procedure.remove_attachment(first) is not None) == was_there
        else:
            self.refused(lambda: self.procedure.remove_attachment(first), because=self.why_not())

    @rule()
    def the_person_submits(self):
        submission = uuid4()

        def submit() -> None:
            self.procedure.submit(submission, NOON, freshly_logged_in=True)

        if not self.editable:
            self.refused(submit, because=self.why_not())
        elif self.procedure.answers != RIGHT:
            self.refused(submit, because=AnswersToCorrect)
        else:
            submit()
            assert self.procedure.was_submitted_as(submission)
            self.forwarded.append(asdict(self.procedure.submissions[-1]))

    @rule()
    def the_person_wants_to_delete_it(self):
        match self.procedure.status:
            case ProcedureStatus.IN_PREPARATION:
                self.procedure.must_be_a_draft()
            case ProcedureStatus.TO_BE_CORRECTED:
                self.refused(self.procedure.must_be_a_draft, because=ForwardedBefore)
            case _:
                self.refused(self.procedure.must_be_a_draft, because=self.why_not())

    @rule(target=causes, behind=st.integers(-1, 2))
    def the_fund_asks_for_a_correction(self, behind):
        """Of the current submission, an older one, or one that is not there."""
        current = len(self.forwarded)
        request = correction(submission=current - behind)
        if behind > 0:
            assert not self.procedure.send_back(request, NOON)
        elif behind < 0:
            self.refused(lambda: self.procedure.send_back(request, NOON), because=NotTheCurrentSubmission)
        elif self.procedure.status is not FORWARDED:
            self.refused(lambda: self.procedure.send_back(request, NOON), because=NotWithTheFund)
        else:
            assert self.procedure.send_back(request, NOON)
            return request.cause
        return multiple()

    @rule(target=causes, behind=st.integers(-1, 2), decide=st.sampled_from([approval, refusal]))
    def the_fund_decides(self, behind, decide):
        decision = decide(len(self.forwarded) - behind)
        if behind:
            self.refused(lambda: self.procedure.close(decision, NOON), because=NotTheCurrentSubmission)
        elif self.procedure.status is not FORWARDED:
            self.refused(lambda: self.procedure.close(decision, NOON), because=NotWithTheFund)
        else:
            assert self.procedure.close(decision, NOON)
            assert self.procedure.outcome is decision.outcome
            return decision.cause
        return multiple()

    @rule(cause=causes, submission=st.integers(0, 4))
    def the_broker_repeats_what_the_fund_said(self, cause, submission):
        before, told = asdict(self.procedure), len(self.procedure.recorded)
        assert not self.procedure.send_back(correction(submission, cause), NOON)
        assert not self.procedure.close(approval(submission, cause=cause), NOON)
        assert (asdict(self.procedure), len(self.procedure.recorded)) == (before, told)

    @invariant()
    def it_walked_only_the_ways_it_may(self):
        statuses = [move.status for move in self.procedure.history]
        assert statuses[0] is IN_PREPARATION
        assert set(pairwise(statuses)) <= WAYS
        assert statuses[-1] is self.procedure.status

    @invariant()
    def every_version_that_was_submitted_is_kept_as_it_was(self):
        assert [asdict(submission) for submission in self.procedure.submissions] == self.forwarded

    @invariant()
    def each_move_was_told_once(self):
        told = [type(event) for event in self.procedure.recorded]
        by_status = {FORWARDED: Forwarded, TO_BE_CORRECTED: SentBack, CLOSED: Closed}
        assert told == [by_status[move.status] for move in self.procedure.history[1:]]

    @invariant()
    def it_stays_open_until_it_is_closed(self):
        closed = self.procedure.status is CLOSED
        assert (self.procedure.open_key is None) == closed
        assert (self.procedure.outcome is not None) == closed


AnyProcedure.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestAnyProcedure = AnyProcedure.TestCase
