"""A procedure and its four states: In preparation → Forwarded → (To be corrected → Forwarded)* → Closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, Locale, Outcome, ProcedureKind, ProcedureStatus
from espace_kernel.aggregate import Aggregate
from espace_kernel.outcomes import NeverWorks
from espace_procedures.domain.answers import Finding
from espace_procedures.domain.attachments import MAX_BYTES, MAX_FILES, Attachment, AttachmentRole, media_type_of
from espace_procedures.domain.catalogue import CATALOGUE
from espace_procedures.domain.decision import CorrectionRequest, Decision
from espace_procedures.domain.definition import Definition, OnFile
from espace_procedures.domain.events import About, Closed, Forwarded, SentBack
from espace_procedures.domain.reference import reference_of
from espace_procedures.domain.refusals import (
    AlreadyClosed,
    AnswersToCorrect,
    EmptyFile,
    FileTooLarge,
    FileTypeNotTaken,
    ForwardedBefore,
    FreshLoginNeeded,
    TooManyFiles,
    UnknownRole,
    WithTheFund,
)
from espace_procedures.domain.status import ACTIONS, Action, Actor, Move


class NotWithTheFund(NeverWorks):
    """The fund decided on a procedure that it does not hold."""


class NotTheCurrentSubmission(NeverWorks):
    """The fund decided on a submission that was replaced since, or that never was."""


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What a person forwarded, word for word; kept for ever. Its id comes from the request, so that a repeat is recognised."""

    id: UUID
    number: int
    answers: dict[str, str]
    attachments: tuple[Attachment, ...]
    at: datetime


@dataclass(kw_only=True)
class Procedure(Aggregate):
    """One errand of a person with the fund.

    `open_key` is unique while the procedure is open, so that a person has one open procedure of a kind; None once it is closed.
    `on_file` is what the fund's file said at the start, by question. `locale` is the person's, as of the last submission.
    """

    insured: InsuredId
    kind: ProcedureKind
    locale: Locale
    status: ProcedureStatus
    answers: dict[str, str]
    on_file: dict[str, str]
    history: tuple[Move, ...]
    attachments: tuple[Attachment, ...] = ()
    submissions: tuple[Submission, ...] = ()
    outcome: Outcome | None = None
    open_key: str | None = None

    @classmethod
    def start(
        cls, procedure_id: UUID, insured: InsuredId, kind: ProcedureKind, locale: Locale, *, on_file: OnFile, at: datetime
    ) -> Procedure:
        """A draft, filled in as far as the fund's file allows."""
        known = CATALOGUE[kind].prefill(on_file)
        begun = Move(status=ProcedureStatus.IN_PREPARATION, actor=Actor.PERSON, at=at, submission=0)
        return cls(
            id=procedure_id,
            insured=insured,
            kind=kind,
            locale=locale,
            status=begun.status,
            answers=dict(known.answers),
            on_file=dict(known.on_file),
            history=(begun,),
            open_key=open_key(insured, kind),
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
    def missing_attachments(self) -> tuple[AttachmentRole, ...]:
        """Files that the fund will ask for if they stay away."""
        return self.definition.missing_attachments(self.attachments)

    def findings(self, at: datetime) -> tuple[Finding, ...]:
        """What is wrong or odd in the answers as they stand."""
        return self.definition.findings(self.answers, at.date())

    def save_answers(self, typed: Mapping[str, object]) -> None:
        """Replace all answers; a draft keeps them even while they are wrong. Raises AnswersToCorrect for what no draft can hold."""
        self._person_may(Action.SAVE_ANSWERS)
        answers, unusable = self.definition.read(typed)
        if unusable:
            raise AnswersToCorrect(self.locale, unusable)
        self.answers = answers

    def media_type_if_taken(self, role: str, content: bytes) -> str:
        """Look at a file before anything of it is stored. Raises the Refusal that says why it is not taken."""
        self._must_have_room()
        if role not in {asked_for.name for asked_for in self.definition.attachments}:
            raise UnknownRole(self.locale)
        if not content:
            raise EmptyFile(self.locale)
        if len(content) > MAX_BYTES:
            raise FileTooLarge(self.locale)
        media_type = media_type_of(content)
        if media_type is None:
            raise FileTypeNotTaken(self.locale)
        return media_type

    def attach(self, attachment: Attachment) -> None:
        """Add a file that was looked at and stored. Raises TooManyFiles."""
        self._must_have_room()
        self.attachments = (*self.attachments, attachment)

    def has_attached(self, attachment_id: UUID) -> bool:
        """Whether this file is attached, or belongs to a version that was submitted."""
        versions = (self.attachments, *(submission.attachments for submission in self.submissions))
        return any(attachment.id == attachment_id for attachments in versions for attachment in attachments)

    def remove_attachment(self, attachment_id: UUID) -> Attachment | None:
        """Take a file out of the next submission; those made before keep it. Returns it, or None when it is not there."""
        self._person_may(Action.ATTACH)
        removed = next((attachment for attachment in self.attachments if attachment.id == attachment_id), None)
        self.attachments = tuple(attachment for attachment in self.attachments if attachment is not removed)
        return removed

    def submit(self, submission_id: UUID, at: datetime, *, locale: Locale | None = None, freshly_logged_in: bool) -> None:
        """Forward the draft, or its correction, to the fund. `locale` is the language to be answered in, if it changed since the start.

        Raises FreshLoginNeeded; AnswersToCorrect with every finding that blocks.
        """
        self._person_may(Action.SUBMIT)
        locale = locale or self.locale
        if self.definition.wants_fresh_login and not freshly_logged_in:
            raise FreshLoginNeeded(locale)
        if blocking := tuple(finding for finding in self.findings(at) if finding.blocks):
            raise AnswersToCorrect(locale, blocking)
        submission = Submission(
            id=submission_id, number=len(self.submissions) + 1, answers=dict(self.answers), attachments=self.attachments, at=at
        )
        self.locale, self.submissions = locale, (*self.submissions, submission)
        self._move(ProcedureStatus.FORWARDED, Actor.PERSON, at)
        self.record(Forwarded(self._about(), submission.answers, submission.attachments))

    def was_submitted_as(self, submission_id: UUID) -> bool:
        """Whether the request of this id has had its effect."""
        return any(submission.id == submission_id for submission in self.submissions)

    def must_be_a_draft(self) -> None:
        """Raises WithTheFund, ForwardedBefore or AlreadyClosed unless the procedure may be deleted."""
        self._person_may(Action.DELETE)

    def send_back(self, request: CorrectionRequest, at: datetime) -> bool:
        """Ask the person for a correction. False when nothing is to be done: it was done before, or a newer submission answers it.

        Raises NotWithTheFund, NotTheCurrentSubmission.
        """
        if self._brought_about(request.cause) or request.submission < len(self.submissions):
            return False
        self._must_be_with_the_fund(request.submission)
        self._move(ProcedureStatus.TO_BE_CORRECTED, Actor.FUND, at, request.reason, request.cause)
        self.record(SentBack(self._about()))
        return True

    def close(self, decision: Decision, at: datetime) -> bool:
        """Closed is final. False when this decision closed it before.

        Raises NotWithTheFund, NotTheCurrentSubmission; NeverWorks when the decision says too little for what it leads to.
        """
        if self._brought_about(decision.cause):
            return False
        self._must_be_with_the_fund(decision.submission)
        documents = self.definition.documents(self.reference, decision)
        self._move(ProcedureStatus.CLOSED, Actor.FUND, at, decision.reason, decision.cause)
        self.outcome, self.open_key = decision.outcome, None
        self.record(Closed(self._about(), decision.outcome, documents))
        return True

    def _person_may(self, action: Action) -> None:
        if action in self.actions:
            return
        match self.status:
            case ProcedureStatus.FORWARDED:
                raise WithTheFund(self.locale)
            case ProcedureStatus.CLOSED:
                raise AlreadyClosed(self.locale)
            case _:
                raise ForwardedBefore(self.locale)

    def _must_have_room(self) -> None:
        self._person_may(Action.ATTACH)
        if len(self.attachments) >= MAX_FILES:
            raise TooManyFiles(self.locale)

    def _must_be_with_the_fund(self, submission: int) -> None:
        current = len(self.submissions)
        if submission != current:
            raise NotTheCurrentSubmission(
                f"The fund decided on submission {submission}, and the current one is {current}. Have the fund decide on the current one."
            )
        if self.status is not ProcedureStatus.FORWARDED:
            raise NotWithTheFund(
                f"The fund decided on a procedure that it does not hold: its status is {self.status}. "
                "If it is to be corrected, have the fund decide on the next submission; if it is closed, that is final."
            )

    def _brought_about(self, cause: UUID) -> bool:
        return any(move.cause == cause for move in self.history)

    def _move(self, status: ProcedureStatus, actor: Actor, at: datetime, reason: str | None = None, cause: UUID | None = None) -> None:
        move = Move(status=status, actor=actor, at=at, submission=len(self.submissions), reason=reason, cause=cause)
        self.status, self.history = status, (*self.history, move)

    def _about(self) -> About:
        return About(self.id, self.insured, self.kind, self.locale, len(self.submissions))


def open_key(insured: InsuredId, kind: ProcedureKind) -> str:
    """The key that only one open procedure can have."""
    return f"{insured}/{kind}"
