"""Why an appointment cannot be moved or cancelled, and what to do instead."""

from __future__ import annotations

from espace_procedures.domain.agencies import AGENCIES
from espace_procedures.domain.refusals import Refusal
from espace_procedures.domain.sentences import _

_HOURS = int(AGENCIES.cancel_before.total_seconds() // 3600)


class NotConfirmedYet(Refusal):
    """The fund has not answered."""

    says = _("The CNS has not confirmed this appointment yet. Wait for its answer, or withdraw the procedure.")


class CancelledBefore(Refusal):
    """There is nothing left to change."""

    says = _("This appointment was cancelled. Start a new procedure to make another.")


class AppointmentOver(Refusal):
    """Its time has come or is past."""

    says = _("The time of this appointment has passed. Start a new procedure to make another.")


class CannotBeMoved(Refusal):
    """The cut-off has passed."""

    says = _(
        "An appointment can be moved online until %(hours)s hours before it begins, and that moment has passed. "
        "Come at the time agreed, or telephone the agency.",
        hours=_HOURS,
    )


class CannotBeCancelled(Refusal):
    """The cut-off has passed; a document says so."""

    says = _(
        "An appointment can be cancelled online until %(hours)s hours before it begins, and that moment has passed. "
        "You will receive a document that confirms this. Come at the time agreed, or telephone the agency.",
        hours=_HOURS,
    )
