from __future__ import annotations

from dataclasses import dataclass

from espace_procedures.app.ports import DirectSubmissions, Place
from espace_procedures.domain.direct_submission import DirectSubmission
from espace_procedures.domain.reference import ids_with


@dataclass(frozen=True, slots=True)
class UnmatchedPage:
    """Some of what waits for its person, and the place behind which the next page begins; None on the last."""

    submissions: list[DirectSubmission]
    last: Place | None


class ListUnmatched:
    """What was sent without login and waits for its person, the longest waiting first; or what one receipt names of it."""

    def __init__(self, submissions: DirectSubmissions) -> None:
        self._submissions = submissions

    async def __call__(self, receipt: str | None, behind: Place | None, limit: int) -> UnmatchedPage:
        """At most `limit` of those behind this place, or from the first on; of a receipt, all that it names, which is one or none.

        Raises Altered.
        """
        if receipt is not None:
            found = await self._submissions.between(*ids_with(receipt))
            return UnmatchedPage([submission for submission in found if submission.reference == receipt], None)
        found = await self._submissions.behind(behind, limit + 1)
        page = found[:limit]
        return UnmatchedPage(page, (page[-1].received_at, page[-1].id) if len(found) > limit else None)
