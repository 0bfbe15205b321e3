"""A procedure and its four states: In preparation → Forwarded → (To be corrected → Forwarded)* → Closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, Locale, ProcedureKind, ProcedureStatus
from espace_kernel.aggregate import Aggregate
from espace_procedures.domain.agencies import local_day
from espace_procedures.domain.answers import AttachmentRole, Finding
from espace_procedures.domain.attachments import MAX_FILES, Attachment
from espace_procedures.domain.catalogue import CATALOGUE
from espace_procedures.domain.decision import CorrectionRequest, Decision, NotTheCurrentSubmission, NotWithTheFund
from espace_procedures.domain.definition import Definition
from espace_procedures.domain.events import About, Closed, Expiring, Forwarded, ReceiptDue, SentBack, Withdrawn
from espace_procedures.domain.expiry import expires_on, warning_due
from espace_procedures.domain.on_file import OnFile, Situation
from espace_procedures.domain.receipt import order_of, what_was_answered
from espace_procedures.domain.reference import reference_of
from espace_procedures.domain.refusals import (
    AlreadyClosed,
    AnswersToCorrect,
    ForwardedBefore,
    FreshLoginNeeded,
    NotByMandate,
    NotForwardedYet,
    ResidentsOnly,
    TooManyFiles,
    UnknownRole,
    WithTheFund,
    acceptable_type,
)
from espace_procedures.domain.status import ACTIONS, Action, Actor, Ending, Move
from espace_procedures.domain.submission import Submission


@dataclass(kw_only=True)
class Procedure(Aggregate):
    """One errand of a person with the fund.

    `open_key` is unique while the procedure is open, so that a person has one open procedure of a kind; None once it is closed, and for
    one that was made without login, which stands in nobody's way. `on_file` is what the fund's file said at the start, by question.
    `locale` is the person's, as of the last submission. `changed_at` is when the person last worked on it, `warned_of` the day of
    deletion that they were warned of since.
    """

    insured: InsuredId
    kind: ProcedureKind
    locale: Locale
    status: ProcedureStatus
    answers: dict[str, str]
    on_file: dict[str, str]
    history: tuple[Move, ...]
    changed_at: datetime
    with_login: bool = True
    attachments: tuple[Attachment, ...] = ()
    submissions: tuple[Submission, ...] = ()
    outcome: Ending | None = None
    open_key: str | None = None
    warned_of: date | None = None

    @classmethod
    def start(
        cls, procedure_id: UUID, insured: InsuredId, kind: ProcedureKind, locale: Locale, *, on_file: OnFile, at: datetime,
        by: Actor = Actor.PERSON, with_login: bool = True,
    ) -> Procedure:  # fmt: skip
        """A draft, filled in as far as the fund's file allows; without login it shows nothing of the file. Raises ResidentsOnly."""
        situation = Situation(insured=insured, now=at, on_file=on_file, with_login=with_login)
        definition = CATALOGUE[kind]
        if sentence := definition.turns_away(situation):
            raise ResidentsOnly(locale, sentence)
        known = definition.prefill(situation) if with_login else None
        begun = Move(status=ProcedureStatus.IN_PREPARATION, actor=by, at=at, submission=0)
        return cls(
            id=procedure_id,
            insured=insured,
            kind=kind,
            locale=locale,
            status=begun.status,
            answers=dict(known.answers) if known else {},
            on_file=dict(known.on_file) if known else {},
            history=(begun,),
            changed_at=at,
            with_login=with_login,
            open_key=open_key(insured, kind) if with_login else None,
        )

    @property
    def definition(self) -> Definition:
        """What a procedure of this kind is made of."""
        return CATALOGUE[self.kind]

    @property
    def reference(self) -> str:
        """The short name that people use."""
        return reference_of(self.definition.code, self.id)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What its person may do now."""
        return ACTIONS[self.status]

    @property
    def corrections(self) -> tuple[Move, ...]:
        """The moves by which the fund asked for a correction, oldest first."""
        return tuple(move for move in self.history if move.status is ProcedureStatus.TO_BE_CORRECTED)

    @property
    def expires_on(self) -> date | None:
        """The day a draft is deleted unless it is changed before; None for all that was forwarded."""
        if self.status is not ProcedureStatus.IN_PREPARATION:
            return None
        return self.warned_of or expires_on(self.changed_at)

    @property
    def about(self) -> About:
        """What is told with each of its events."""
        return About(self.id, self.insured, self.kind, self.locale, len(self.submissions), self.with_login)

    def situation(self, on_file: OnFile, at: datetime) -> Situation:
        """In which the answers are looked at."""
        return Situation(insured=self.insured, now=at, on_file=on_file, with_login=self.with_login)

    def findings(self, situation: Situation) -> tuple[Finding, ...]:
        """What is wrong or odd in the answers as they stand."""
        return self.definition.findings(self.answers, self.attachments, situation)

    def missing_attachments(self, situation: Situation) -> tuple[AttachmentRole, ...]:
        """Files that are expected and not there."""
        return self.definition.missing_attachments(self.answers, self.attachments, situation)

    def save_answers(self, typed: Mapping[str, object], at: datetime) -> None:
        """Replace all answers; a draft keeps them even while they are wrong. Raises AnswersToCorrect for what no draft can hold."""
        self.must_allow(Action.SAVE_ANSWERS)
        answers, unusable = self.definition.read(typed)
        if unusable:
            raise AnswersToCorrect(self.locale, unusable)
        self.answers = answers
        self._changed(at)

    def media_type_if_taken(self, role: str, content: bytes) -> str:
        """Look at a file before anything of it is stored. Raises the Refusal that says why it is not taken."""
        self._must_have_room()
        if role not in {asked_for.name for asked_for in self.definition.attachments}:
            raise UnknownRole(self.locale)
        return acceptable_type(content, self.locale)

    def attach(self, attachment: Attachment, at: datetime) -> None:
        """Add a file that was looked at and stored. Raises TooManyFiles."""
        self._must_have_room()
        self.attachments = (*self.attachments, attachment)
        self._changed(at)

    def attached(self, attachment_id: UUID) -> Attachment | None:
        """The file of this id that is attached, or belongs to a version that was submitted."""
        versions = (self.attachments, *(submission.attachments for submission in self.submissions))
        return next((attachment for attachments in versions for attachment in attachments if attachment.id == attachment_id), None)

    def remove_attachment(self, attachment_id: UUID, at: datetime) -> Attachment | None:
        """Take a file out of the next submission; those made before keep it. Returns it, or None when it is not there."""
        self.must_allow(Action.ATTACH)
        removed = next((attachment for attachment in self.attachments if attachment.id == attachment_id), None)
        self.attachments = tuple(attachment for attachment in self.attachments if attachment is not removed)
        self._changed(at)
        return removed

    def submit(
        self, submission_id: UUID, situation: Situation, *, by: Actor = Actor.PERSON, locale: Locale | None = None,
        freshly_logged_in: bool = False,
    ) -> None:  # fmt: skip
        """Forward the draft, or its correction, to the fund. `locale` is the language to be answered in, if it changed since the start.

        Raises NotByMandate, FreshLoginNeeded; ResidentsOnly; AnswersToCorrect with every finding that blocks.
        """
        self.must_allow(Action.SUBMIT)
        locale = locale or self.locale
        self._must_be_sure_who_it_is(by, freshly_logged_in, locale)
        if sentence := self.definition.turns_away(situation):
            raise ResidentsOnly(locale, sentence)
        if blocking := tuple(finding for finding in self.findings(situation) if finding.blocks):
            raise AnswersToCorrect(locale, blocking)
        submission = Submission(
            id=submission_id, number=len(self.submissions) + 1, answers=dict(self.answers), attachments=self.attachments, at=situation.now
        )
        self.locale, self.submissions = locale, (*self.submissions, submission)
        self._move(ProcedureStatus.FORWARDED, by, situation.now)
        self.record(Forwarded(self.about, submission.answers, submission.attachments))
        if self.with_login:
            self.record(self._receipt(submission, situation))

    def was_submitted_as(self, submission_id: UUID) -> bool:
        """Whether the request of this id has had its effect."""
        return any(submission.id == submission_id for submission in self.submissions)

    def withdraw(self, request: UUID, at: datetime, by: Actor = Actor.PERSON) -> bool:
        """Take it back from the fund. False when this request did so before. Raises NotForwardedYet, AlreadyClosed."""
        if self._brought_about(request):
            return False
        self.must_allow(Action.WITHDRAW)
        self._close(Ending.WITHDRAWN, by, at, None, request)
        self.record(Withdrawn(self.about))
        return True

    def warn_of_expiry(self, at: datetime) -> bool:
        """Tell the person of a draft that nobody works on when it will be deleted; once, until they change it. False: nothing to tell."""
        day = warning_due(self.changed_at, at)
        if self.status is not ProcedureStatus.IN_PREPARATION or self.warned_of is not None or day is None:
            return False
        self.warned_of = day
        self.record(Expiring(self.about, day))
        return True

    def has_expired(self, at: datetime) -> bool:
        """Whether it is time to delete the draft: the person was warned, and the day has come."""
        return self.status is ProcedureStatus.IN_PREPARATION and self.warned_of is not None and local_day(at) >= self.warned_of

    def send_back(self, request: CorrectionRequest, at: datetime) -> bool:
        """Ask the person for a correction. False when nothing is to be done: it was done before, a newer submission answers it, or the
        person has withdrawn the procedure. Raises NotWithTheFund, NotTheCurrentSubmission.
        """
        if self._is_past(request.cause) or request.submission < len(self.submissions):
            return False
        self._must_be_with_the_fund(request.submission)
        self._move(ProcedureStatus.TO_BE_CORRECTED, Actor.FUND, at, request.reason, request.cause)
        self.record(SentBack(self.about))
        return True

    def awaits(self, decision: Decision) -> bool:
        """Whether this decision is still to close the procedure. False when it did before, or the person has withdrawn meanwhile.

        Raises NotWithTheFund, NotTheCurrentSubmission.
        """
        if self._is_past(decision.cause):
            return False
        self._must_be_with_the_fund(decision.submission)
        return True

    def close(self, decision: Decision, at: datetime) -> bool:
        """Closed is final. False as awaits(); raises as awaits(), and NeverWorks when the decision says too little for its documents."""
        if not self.awaits(decision):
            return False
        documents = self.definition.documents(self.reference, decision)
        self._close(Ending(decision.outcome), Actor.FUND, at, decision.reason, decision.cause)
        self.record(Closed(self.about, decision.outcome, documents))
        return True

    def must_have_been_forwarded(self) -> None:
        """Raises NotWithTheFund when the fund speaks of a draft that it cannot know."""
        if not self.submissions:
            raise NotWithTheFund(self.status)

    def must_allow(self, action: Action) -> None:
        """Raises AlreadyClosed, WithTheFund, NotForwardedYet or ForwardedBefore unless the person may do this now."""
        if action in self.actions:
            return
        match self.status:
            case ProcedureStatus.CLOSED:
                raise AlreadyClosed(self.locale)
            case ProcedureStatus.FORWARDED:
                raise WithTheFund(self.locale)
            case ProcedureStatus.IN_PREPARATION:
                raise NotForwardedYet(self.locale)
            case _:
                raise ForwardedBefore(self.locale)

    def _receipt(self, submission: Submission, situation: Situation) -> ReceiptDue:
        """Without login none is due: nobody is sure who would read it."""
        roles = {role.name: role.label for role in self.definition.attachments}
        return ReceiptDue(
            about=self.about,
            order=order_of(self.id, submission),
            reference=self.reference,
            at=submission.at,
            answers=tuple(what_was_answered(self.definition, submission, situation)),
            files=tuple((roles[attachment.role], attachment) for attachment in submission.attachments),
        )

    def _must_be_sure_who_it_is(self, by: Actor, freshly_logged_in: bool, locale: Locale) -> None:
        """Without login nobody is sure, and whoever decides is told so."""
        if not (self.with_login and self.definition.wants_fresh_login):
            return
        if by is Actor.REPRESENTATIVE:
            raise NotByMandate(locale)
        if not freshly_logged_in:
            raise FreshLoginNeeded(locale)

    def _must_have_room(self) -> None:
        self.must_allow(Action.ATTACH)
        if len(self.attachments) >= MAX_FILES:
            raise TooManyFiles(self.locale)

    def _must_be_with_the_fund(self, submission: int) -> None:
        current = len(self.submissions)
        if submission != current:
            raise NotTheCurrentSubmission(submission, current)
        if self.status is not ProcedureStatus.FORWARDED:
            raise NotWithTheFund(self.status)

    def _is_past(self, cause: UUID) -> bool:
        """What the fund says now changes nothing: it was heard before, or the person has withdrawn while it was on its way."""
        return self.outcome is Ending.WITHDRAWN or self._brought_about(cause)

    def _brought_about(self, cause: UUID) -> bool:
        return any(move.cause == cause for move in self.history)

    def _close(self, outcome: Ending, actor: Actor, at: datetime, reason: str | None, cause: UUID) -> None:
        self._move(ProcedureStatus.CLOSED, actor, at, reason, cause)
        self.outcome, self.open_key = outcome, None

    def _move(self, status: ProcedureStatus, actor: Actor, at: datetime, reason: str | None = None, cause: UUID | None = None) -> None:
        move = Move(status=status, actor=actor, at=at, submission=len(self.submissions), reason=reason, cause=cause)
        self.status, self.history = status, (*self.history, move)
        self._changed(at)

    def _changed(self, at: datetime) -> None:
        self.changed_at, self.warned_of = at, None


def open_key(insured: InsuredId, kind: ProcedureKind) -> str:
    """The key that only one open procedure can have."""
    return f"{insured}/{kind}"
