"""What a route answers when a step is refused: the sentence in the person's language, as a problem."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import Request, Response

from espace_kernel.idempotency import IdempotentRoute
from espace_kernel.problems import NotFound, Problem
from espace_procedures.app.my_appointment import NoSuchAppointment
from espace_procedures.app.ports import NoSuchProcedure
from espace_procedures.app.read_messages import NoSuchMessage
from espace_procedures.app.remove_attachment import NoSuchAttachment
from espace_procedures.domain import appointment_refusals, refusals
from espace_procedures.domain.language import LANGUAGES
from espace_procedures.domain.refusals import Refusal
from espace_procedures.domain.unfit_files import UNFIT_FILES, ScannerAway

_ANSWERED: dict[type[Refusal], tuple[int, str]] = {
    refusals.WithTheFund: (409, "with-the-fund"),
    refusals.AlreadyClosed: (409, "procedure-closed"),
    refusals.ForwardedBefore: (409, "no-draft"),
    refusals.NotForwardedYet: (409, "not-forwarded-yet"),
    refusals.ResidentsOnly: (403, "residents-only"),
    refusals.FreshLoginNeeded: (403, "fresh-login-needed"),
    refusals.NotByMandate: (403, "not-by-mandate"),
    refusals.MessageEmpty: (422, "message-empty"),
    refusals.MessageTooLong: (422, "message-too-long"),
    refusals.MessageUnreadable: (422, "message-unreadable"),
    refusals.TooManyMessages: (409, "too-many-messages"),
    refusals.AnswersToCorrect: (422, "answers-to-correct"),
    refusals.UnknownRole: (422, "attachment-not-asked-for"),
    refusals.EmptyFile: (422, "attachment-empty"),
    refusals.FileTooLarge: (413, "attachment-too-large"),
    refusals.FileTypeNotTaken: (415, "attachment-type-not-taken"),
    refusals.TooManyFiles: (409, "too-many-attachments"),
    refusals.TookTooLong: (503, "took-too-long"),
    **{kind: (422, f"attachment-{flaw}") for flaw, kind in UNFIT_FILES.items()},
    ScannerAway: (503, "scanner-away"),
    appointment_refusals.NotConfirmedYet: (409, "appointment-not-confirmed"),
    appointment_refusals.CancelledBefore: (409, "appointment-cancelled"),
    appointment_refusals.AppointmentOver: (409, "appointment-over"),
    appointment_refusals.CannotBeMoved: (409, "cannot-be-moved"),
    appointment_refusals.CannotBeCancelled: (409, "cannot-be-cancelled"),
}
"""The status and the permanent name of each refusal."""


def problem_of(refusal: Refusal) -> Problem:
    """A refusal in the language of its procedure; `errors` names each answer that has to be corrected."""
    status, name = _ANSWERED[type(refusal)]
    say = LANGUAGES[refusal.locale].say
    if not refusal.findings:
        return Problem(status, name, say(refusal.says))
    errors = [{"field": finding.field, "detail": say(finding.sentence)} for finding in refusal.findings]
    return Problem(status, name, say(refusal.says), errors=errors)


_STATUSES = {
    400: "the Idempotency-Key is missing",
    401: "not logged in",
    403: "the login is not strong or not fresh enough, or this is not for this person",
    404: "no such thing in this eSpace",
    409: "not possible in the present state",
    412: "changed since it was read",
    413: "the file is too large",
    415: "a type of file that is not taken",
    422: "something to correct; errors names the fields",
    428: "If-Match is missing",
    500: "what is stored was altered",
    503: "a part that this needs is away, or this took too long; nothing of it is kept, try again in a while",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route may answer instead of a success, for the API's description."""
    return {status: {"description": _STATUSES[status], "content": {"application/problem+json": {}}} for status in statuses}


class ProcedureRoute(IdempotentRoute):
    """A route whose refusals become problems."""

    def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]  # FastAPI says Coroutine
        """The route's handler, and what is answered when it refuses."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except Refusal as refusal:
                raise problem_of(refusal) from None
            except NoSuchProcedure:
                raise NotFound("procedure") from None
            except NoSuchMessage:
                raise NotFound("message") from None
            except NoSuchAttachment:
                raise NotFound("attachment") from None
            except NoSuchAppointment:
                raise NotFound("appointment") from None

        return answer
