"""Whatever a person, the fund and a repeating broker do, in whatever order, a procedure walks only the ways it may."""

from __future__ import annotations

import copy
from dataclasses import asdict
from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, multiple, rule

from espace_contracts.vocabulary import ProcedureStatus
from espace_procedures.domain.attachments import MAX_FILES, Attachment
from espace_procedures.domain.conversation import Conversation, Message
from espace_procedures.domain.decision import NotTheCurrentSubmission, NotWithTheFund
from espace_procedures.domain.events import Answered, Closed, Expiring, Forwarded, ReceiptDue, SentBack, Withdrawn, Written
from espace_procedures.domain.refusals import (
    AlreadyClosed,
    AnswersToCorrect,
    ForwardedBefore,
    NotForwardedYet,
    Refusal,
    TooManyFiles,
    WithTheFund,
)
from espace_procedures.domain.status import Action, Actor, Ending

from .conftest import IBAN, NOON, approval, correction, draft, refusal, situation, submit

IN_PREPARATION, FORWARDED = ProcedureStatus.IN_PREPARATION, ProcedureStatus.FORWARDED
TO_BE_CORRECTED, CLOSED = ProcedureStatus.TO_BE_CORRECTED, ProcedureStatus.CLOSED
WAYS = {
    (IN_PREPARATION, FORWARDED),
    (FORWARDED, TO_BE_CORRECTED),
    (TO_BE_CORRECTED, FORWARDED),
    (FORWARDED, CLOSED),
    (TO_BE_CORRECTED, CLOSED),  # withdrawn by the person, and by nobody else
}
RIGHT = {"iban": IBAN, "holder": "Sophie Hoffmann"}
WRONG = {"iban": IBAN[:-1], "holder": "Sophie Hoffmann"}


class AnyProcedure(RuleBasedStateMachine):
    causes = Bundle("causes")
    messages = Bundle("messages")

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.procedure = draft(answers={})
        self.conversation = Conversation(id=self.procedure.id, insured=self.procedure.insured)
        self.forwarded: list[dict[str, object]] = []
        self.written: list[str] = []

    @property
    def editable(self) -> bool:
        return self.procedure.status in (IN_PREPARATION, TO_BE_CORRECTED)

    @property
    def withdrawn(self) -> bool:
        return self.procedure.outcome is Ending.WITHDRAWN

    def refused(self, step, *, because: type[Exception] | tuple[type[Exception], ...]) -> None:
        """The step fails for this reason, and nothing has changed."""
        before, told = copy.deepcopy(asdict(self.procedure)), len(self.procedure.recorded)
        try:
            step()
        except because:
            assert (asdict(self.procedure), len(self.procedure.recorded)) == (before, told)
        else:
            raise AssertionError("the step was taken")

    def ignored(self, step) -> None:
        """The step is no longer needed: it says so, and nothing has changed."""
        before, told = copy.deepcopy(asdict(self.procedure)), len(self.procedure.recorded)
        assert step() is False
        assert (asdict(self.procedure), len(self.procedure.recorded)) == (before, told)

    def why_not(self) -> type[Refusal]:
        return AlreadyClosed if self.procedure.status is CLOSED else WithTheFund

    @rule(hours=st.integers(1, 24 * 20))
    def time_passes(self, hours):
        self.now += timedelta(hours=hours)

    @rule(answers=st.sampled_from([RIGHT, WRONG, {}]))
    def the_person_saves_answers(self, answers):
        if self.editable:
            self.procedure.save_answers(answers, self.now)
            assert self.procedure.answers == answers
        else:
            self.refused(lambda: self.procedure.save_answers(answers, self.now), because=self.why_not())

    @rule()
    def the_person_attaches_a_file(self):
        attachment = Attachment(uuid4(), "bank_statement", uuid4(), "0" * 64, 1, "application/pdf")
        if not self.editable:
            self.refused(lambda: self.procedure.attach(attachment, self.now), because=self.why_not())
        elif len(self.procedure.attachments) == MAX_FILES:
            self.refused(lambda: self.procedure.attach(attachment, self.now), because=TooManyFiles)
        else:
            self.procedure.attach(attachment, self.now)

    @rule()
    def the_person_removes_the_first_file(self):
        first = self.procedure.attachments[0].id if self.procedure.attachments else uuid4()
        if self.editable:
            was_there = bool(self.procedure.attachments)
            assert (self.procedure.remove_attachment(first, self.now) is not None) == was_there
        else:
            self.refused(lambda: self.procedure.remove_attachment(first, self.now), because=self.why_not())

    @rule()
    def the_person_submits(self):
        submission = uuid4()

        def step() -> None:
            self.procedure.submit(submission, situation(now=self.now), freshly_logged_in=True)

        if not self.editable:
            self.refused(step, because=self.why_not())
        elif self.procedure.answers != RIGHT:
            self.refused(step, because=AnswersToCorrect)
        else:
            step()
            assert self.procedure.was_submitted_as(submission)
            self.forwarded.append(asdict(self.procedure.submissions[-1]))

    @rule()
    def the_person_wants_to_delete_it(self):
        def step() -> None:
            self.procedure.must_allow(Action.DELETE)

        match self.procedure.status:
            case ProcedureStatus.IN_PREPARATION:
                step()
            case ProcedureStatus.TO_BE_CORRECTED:
                self.refused(step, because=ForwardedBefore)
            case _:
                self.refused(step, because=self.why_not())

    @rule(target=causes, by=st.sampled_from([Actor.PERSON, Actor.REPRESENTATIVE]))
    def the_person_withdraws(self, by):
        request = uuid4()
        if self.procedure.status is IN_PREPARATION:
            self.refused(lambda: self.procedure.withdraw(request, self.now, by), because=NotForwardedYet)
        elif self.procedure.status is CLOSED:
            self.refused(lambda: self.procedure.withdraw(request, self.now, by), because=AlreadyClosed)
        else:
            assert self.procedure.withdraw(request, self.now, by)
            assert self.procedure.history[-1].actor is by
            return request
        return multiple()

    @rule(target=messages)
    def the_person_writes(self):
        if self.procedure.status in (IN_PREPARATION, CLOSED):
            because = NotForwardedYet if self.procedure.status is IN_PREPARATION else AlreadyClosed
            self.refused(lambda: self.procedure.must_allow(Action.WRITE), because=because)
            return multiple()
        message = Message(id=uuid4(), author=Actor.PERSON, text=f"message {len(self.written)}", at=self.now)
        self.conversation.write(self.procedure.about, message)
        self.written.append(message.text)
        return message.id

    @rule(target=messages)
    def the_fund_writes(self):
        if not self.forwarded:
            self.refused(self.procedure.must_have_been_forwarded, because=NotWithTheFund)
            return multiple()
        self.procedure.must_have_been_forwarded()
        message, text = uuid4(), f"message {len(self.written)}"
        self.conversation.receive(self.procedure.about, message, text, self.now)
        self.written.append(text)
        return message

    @rule(message=messages)
    def the_person_reads(self, message):
        place = next(place for place, kept in enumerate(self.conversation.messages) if kept.id == message)
        before = {kept.id: kept.read_at for kept in self.conversation.messages}
        waited = any(kept.is_unread for kept in self.conversation.messages[: place + 1])
        assert self.conversation.read_up_to(message, self.now) == waited
        assert not any(kept.is_unread for kept in self.conversation.messages[: place + 1])
        assert all(before[kept.id] in (None, kept.read_at) for kept in self.conversation.messages)

    @rule()
    def the_sweeper_comes_by(self):
        idle = self.procedure.status is IN_PREPARATION and self.now >= self.procedure.changed_at + timedelta(days=23)
        if idle and self.procedure.warned_of is None:
            assert self.procedure.warn_of_expiry(self.now)
            assert self.procedure.expires_on >= (self.now + timedelta(days=6, hours=22)).date()
            assert not self.procedure.has_expired(self.now)
        else:
            self.ignored(lambda: self.procedure.warn_of_expiry(self.now))

    @rule(target=causes, behind=st.integers(-1, 2))
    def the_fund_asks_for_a_correction(self, behind):
        """Of the current submission, an older one, or one that is not there."""
        current = len(self.forwarded)
        request = correction(submission=current - behind)
        if behind > 0 or self.withdrawn:
            self.ignored(lambda: self.procedure.send_back(request, self.now))
        elif behind < 0:
            self.refused(lambda: self.procedure.send_back(request, self.now), because=NotTheCurrentSubmission)
        elif self.procedure.status is not FORWARDED:
            self.refused(lambda: self.procedure.send_back(request, self.now), because=NotWithTheFund)
        else:
            assert self.procedure.send_back(request, self.now)
            return request.cause
        return multiple()

    @rule(target=causes, behind=st.integers(-1, 2), decide=st.sampled_from([approval, refusal]))
    def the_fund_decides(self, behind, decide):
        decision = decide(len(self.forwarded) - behind)
        if self.withdrawn:
            self.ignored(lambda: self.procedure.close(decision, self.now))
        elif behind:
            self.refused(lambda: self.procedure.close(decision, self.now), because=NotTheCurrentSubmission)
        elif self.procedure.status is not FORWARDED:
            self.refused(lambda: self.procedure.close(decision, self.now), because=NotWithTheFund)
        else:
            assert self.procedure.close(decision, self.now)
            assert self.procedure.outcome == decision.outcome
            return decision.cause
        return multiple()

    @rule(cause=causes, submission=st.integers(0, 4))
    def what_was_said_is_said_again(self, cause, submission):
        self.ignored(lambda: self.procedure.send_back(correction(submission, cause), self.now))
        self.ignored(lambda: self.procedure.close(approval(submission, cause=cause), self.now))
        self.ignored(lambda: self.procedure.withdraw(cause, self.now))

    @invariant()
    def it_walked_only_the_ways_it_may(self):
        statuses = [move.status for move in self.procedure.history]
        assert statuses[0] is IN_PREPARATION
        assert set(pairwise(statuses)) <= WAYS
        assert statuses[-1] is self.procedure.status
        if (TO_BE_CORRECTED, CLOSED) in pairwise(statuses):
            assert self.withdrawn

    @invariant()
    def every_version_that_was_submitted_is_kept_as_it_was(self):
        assert [asdict(submission) for submission in self.procedure.submissions] == self.forwarded

    @invariant()
    def each_move_was_told_once(self):
        told = [type(event) for event in self.procedure.recorded if not isinstance(event, Expiring)]
        ending = Withdrawn if self.withdrawn else Closed
        by_status = {FORWARDED: (Forwarded, ReceiptDue), TO_BE_CORRECTED: (SentBack,), CLOSED: (ending,)}
        assert told == [event for move in self.procedure.history[1:] for event in by_status[move.status]]

    @invariant()
    def it_ends_once_and_stays_open_until_then(self):
        endings = [event for event in self.procedure.recorded if isinstance(event, Closed | Withdrawn)]
        closed = self.procedure.status is CLOSED
        assert len(endings) == closed
        assert (self.procedure.open_key is None) == closed
        assert (self.procedure.outcome is not None) == closed

    @invariant()
    def every_message_is_kept_and_told_once(self):
        assert [message.text for message in self.conversation.messages] == self.written
        by_author = {Actor.PERSON: Written, Actor.FUND: Answered}
        assert [type(event) for event in self.conversation.recorded] == [by_author[kept.author] for kept in self.conversation.messages]
        assert self.conversation.unread == sum(kept.is_unread for kept in self.conversation.messages)

    @invariant()
    def only_a_draft_expires(self):
        assert (self.procedure.expires_on is not None) == (self.procedure.status is IN_PREPARATION)
        assert not self.procedure.has_expired(self.now) or self.procedure.warned_of is not None


AnyProcedure.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestAnyProcedure = AnyProcedure.TestCase


def test_a_submission_that_repeats_is_recognised_by_its_id():
    procedure, request = draft(), UUID(int=7)
    submit(procedure, request)
    assert procedure.was_submitted_as(request)
    assert not procedure.was_submitted_as(UUID(int=8))
