from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from espace_contracts.vocabulary import InsuredId, Locale, ProcedureKind
from espace_kernel.crashpoints import reach
from espace_kernel.outcomes import VersionConflict
from espace_procedures.app.book_slot import BookSlot
from espace_procedures.app.ports import Challenges, Clock, DirectSubmissions
from espace_procedures.app.take_file import TakeFile
from espace_procedures.domain.answers import Finding
from espace_procedures.domain.applicant import Applicant, read_applicant
from espace_procedures.domain.appointment import start_in
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.challenge import UNKNOWN, USED, Challenge
from espace_procedures.domain.direct_submission import KEPT, NOTHING_ON_FILE, DirectSubmission
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.refusals import AnswersToCorrect, Refusal, must_be_in_time
from espace_procedures.domain.sentences import _
from espace_procedures.domain.unfit_files import UnfitFile

NOBODY = InsuredId(UUID(int=0))
"""Stands for the person while nobody knows who it is."""

_ACCEPT_TERMS = _("The terms of use must be accepted before a procedure can be sent. Read them, and tick the box.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectRequest:
    """All that is sent at once without a login. `files` are roles with contents; of `answer` and `solution` one opens the challenge."""

    kind: ProcedureKind
    locale: Locale
    challenge: str | None
    answer: str | None
    solution: str | None
    accepts_terms: bool
    applicant: Mapping[str, object]
    answers: Mapping[str, object]
    files: tuple[tuple[str, bytes], ...]


class SubmitDirectly:
    """Take a procedure from whoever has no login: one for each challenge, with all that is wrong in it said at once.

    It is stored as nobody's: the answer is the same, and takes as long, whoever is on file.
    """

    def __init__(
        self, submissions: DirectSubmissions, challenges: Challenges, take_file: TakeFile, book_slot: BookSlot, clock: Clock
    ) -> None:
        self._submissions, self._challenges, self._clock = submissions, challenges, clock
        self._take_file, self._book_slot = take_file, book_slot

    async def __call__(self, submission_id: UUID, request: DirectRequest) -> str:
        """The receipt: the reference of the procedure. Safe to repeat.

        Raises AnswersToCorrect with every field that is wrong, `challenge` included, which then stays good; ScannerAway; TookTooLong.
        """
        now = self._clock()
        draft = Procedure.start(submission_id, NOBODY, request.kind, request.locale, on_file=NOTHING_ON_FILE, at=now, with_login=False)
        challenge, findings = await self._look_at_challenge(submission_id, request, now)
        applicant, wrong = read_applicant(request.applicant, draft.situation(NOTHING_ON_FILE, now).today)
        findings += (*_under("applicant", wrong), *_fill_in(draft, request, now))
        if findings or challenge is None or applicant is None:
            raise AnswersToCorrect(request.locale, findings)
        draft.attachments = await self._files(request, draft)
        await self._send(draft, applicant, challenge, now)
        return draft.reference

    async def _look_at_challenge(
        self, submission_id: UUID, request: DirectRequest, now: datetime
    ) -> tuple[Challenge | None, tuple[Finding, ...]]:
        challenge = await self._challenges.get(asked) if (asked := _uuid(request.challenge)) else None
        before = challenge.wrong if challenge else 0
        error = challenge.error_in(request.answer, request.solution, now, submission_id) if challenge else UNKNOWN
        if challenge is not None and challenge.wrong != before:
            await self._challenges.save(challenge)
        return challenge, (Finding("challenge", error),) if error else ()

    async def _files(self, request: DirectRequest, draft: Procedure) -> tuple[Attachment, ...]:
        taken: list[Attachment] = []
        findings: list[Finding] = []
        for provisional, (role, content) in zip(draft.attachments, request.files, strict=True):
            try:
                taken.append(await self._take_file(provisional.id, role, content, provisional.media_type, request.locale))
            except UnfitFile as unfit:
                findings.append(Finding(role, unfit.says))
        if findings:
            raise AnswersToCorrect(request.locale, tuple(findings))
        reach("procedures.file_stored")
        return tuple(taken)

    async def _send(self, draft: Procedure, applicant: Applicant, challenge: Challenge, now: datetime) -> None:
        await self._use(challenge, draft)
        try:
            await self._book_slot(draft, None)
        except AnswersToCorrect as refusal:
            challenge.used_by = None
            await self._challenges.save(challenge)
            raise AnswersToCorrect(draft.locale, tuple(_under("answers", refusal.findings))) from None
        must_be_in_time(now, self._clock(), draft.locale)
        await self._submissions.add(_submission(draft, applicant, now))

    async def _use(self, challenge: Challenge, draft: Procedure) -> None:
        """Of two procedures that come with one challenge at once, one is taken."""
        if challenge.used_by == draft.id:
            return  # the first try at this request died after this step
        challenge.used_by = draft.id
        try:
            await self._challenges.save(challenge)
        except VersionConflict:
            raise AnswersToCorrect(draft.locale, (Finding("challenge", USED),)) from None


def _fill_in(draft: Procedure, request: DirectRequest, now: datetime) -> Iterator[Finding]:
    """Put answers and files into the draft, as far as they can be, and say what is wrong."""
    if not request.accepts_terms:
        yield Finding("accepts_terms", _ACCEPT_TERMS)
    yield from _attach(draft, request.files, now)
    try:
        draft.save_answers(request.answers, now)
    except AnswersToCorrect as refusal:
        yield from _under("answers", refusal.findings)
        return
    roles = {role.name for role in draft.definition.attachments}
    blocking = [finding for finding in draft.findings(draft.situation(NOTHING_ON_FILE, now)) if finding.blocks]
    yield from _under("answers", (finding for finding in blocking if finding.field not in roles))
    yield from (finding for finding in blocking if finding.field in roles)


def _attach(draft: Procedure, files: Iterable[tuple[str, bytes]], now: datetime) -> Iterator[Finding]:
    """Files by their type alone; they are looked into once nothing else is wrong."""
    for number, (role, content) in enumerate(files):
        try:
            media_type = draft.media_type_if_taken(role, content)
        except Refusal as refusal:
            yield Finding(role, refusal.says)
        else:
            attachment_id = uuid5(draft.id, f"{role}/{number}")
            draft.attach(Attachment(attachment_id, role, attachment_id, "", len(content), media_type), now)


def _under(name: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    return (replace(finding, field=f"{name}.{finding.field}") for finding in findings)


def _submission(draft: Procedure, applicant: Applicant, now: datetime) -> DirectSubmission:
    appointment = start_in(draft.answers.get("slot", ""))
    return DirectSubmission(
        id=draft.id,
        kind=draft.kind,
        locale=draft.locale,
        applicant=applicant,
        answers=draft.answers,
        attachments=draft.attachments,
        received_at=now,
        expires_at=min(now + KEPT, appointment or now + KEPT),
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text)
    except (ValueError, TypeError):
        return None
