from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from espace_cns_core.app.decide_procedure import NotHeld
from espace_cns_core.domain.submission import AlreadyDecided, NothingToGrant, Withdrawn
from espace_cns_core.domain.verdict import Action
from espace_kernel.problems import Problem

_SAID = {Action.APPROVE: "approved", Action.REFUSE: "refused", Action.CORRECT: "sent back to be corrected"}


@contextmanager
def held() -> Iterator[None]:
    """Around a command on a procedure: what the fund cannot do with it is answered as a Problem."""
    try:
        yield
    except NotHeld:
        raise Problem(404, "not-held", "The fund holds no submission of this procedure. Check its id, or submit it first.") from None
    except Withdrawn:
        raise Problem(409, "withdrawn", "The person took this procedure back, so nothing more happens to it.") from None
    except NothingToGrant:
        raise Problem(
            409, "nothing-to-grant", "Nobody who could be on this certificate is on file. Put the family on file, or refuse with a reason."
        ) from None
    except AlreadyDecided as decided:
        raise _already(decided) from None


def _already(decided: AlreadyDecided) -> Problem:
    what = f"This submission was {_SAID[decided.verdict.action]} on {decided.on}."
    if decided.verdict.action is Action.CORRECT:
        return Problem(409, "waits-for-correction", f"{what} The fund decides again once the person has submitted it corrected.")
    return Problem(409, "already-decided", f"{what} A decision is final; start a new procedure to have another.")
