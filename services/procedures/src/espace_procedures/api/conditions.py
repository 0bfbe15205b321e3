"""What a request says beside its body: on which procedure in which version it acts, and how fresh the login is."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Path, Request, Response

from espace_kernel.access import FRESH_SECONDS, Insured, principal_of
from espace_kernel.clock import utc_now
from espace_kernel.problems import Problem, Stale
from espace_procedures.app.as_seen import AsSeen
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.status import Actor

ProcedureInPath = Annotated[UUID, Path(alias="procedure", description="the id of the procedure")]
_IfMatch = Annotated[str | None, Header(alias="If-Match", description='the ETag that the procedure was read with, such as "3"')]


async def _acting(request: Request) -> Actor:
    return Actor.REPRESENTATIVE if (await principal_of(request)).acting else Actor.PERSON


Acting = Annotated[Actor, Depends(_acting)]
"""The person, or the holder of a mandate on their behalf."""


def _as_seen_or_current(procedure_id: ProcedureInPath, insured: Insured, acting: Acting, if_match: _IfMatch = None) -> AsSeen:
    if if_match is None or if_match == "*":
        return AsSeen(procedure_id, insured, actor=acting)
    version = if_match.strip('"')
    if not version.isdecimal():
        raise Stale
    return AsSeen(procedure_id, insured, int(version), acting)


def _as_seen(seen: Annotated[AsSeen, Depends(_as_seen_or_current)]) -> AsSeen:
    if seen.version is None:
        raise Problem(
            428,
            "version-needed",
            "This changes a procedure: send the ETag it was read with as If-Match, so that no other change is overwritten.",
        )
    return seen


async def _freshly_logged_in(request: Request) -> bool:
    principal = await principal_of(request)
    return principal.acting is None and utc_now().timestamp() - principal.auth_time <= FRESH_SECONDS


Seen = Annotated[AsSeen, Depends(_as_seen)]
"""The procedure a request acts on, in the version it names; without If-Match the request is refused."""
SeenOrCurrent = Annotated[AsSeen, Depends(_as_seen_or_current)]
"""As Seen; without If-Match in whichever version, for a change that does not depend on what else is there."""
FreshlyLoggedIn = Annotated[bool, Depends(_freshly_logged_in)]


def tag(response: Response, procedure: Procedure) -> None:
    """Say which version the answer shows."""
    response.headers["ETag"] = f'"{procedure.version}"'
