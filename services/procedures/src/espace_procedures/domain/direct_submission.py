"""A procedure that was sent without login, until the person who sent it is found in the fund's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from espace_contracts.vocabulary import InsuredId, Locale, ProcedureKind
from espace_procedures.domain.applicant import Applicant
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.catalogue import CATALOGUE
from espace_procedures.domain.on_file import OnFile
from espace_procedures.domain.procedure import Procedure
from espace_procedures.domain.reference import reference_of

KEPT = timedelta(days=30)
FORGOTTEN_AFTER = timedelta(minutes=10)
"""How long after its time it still lies there: far longer than it takes to forward what its person was found for in time."""

NOTHING_ON_FILE = OnFile()
"""What is shown of the fund's file, and decided by it, without a login."""


@dataclass(frozen=True, kw_only=True)
class DirectSubmission:
    """What was typed and attached; it was found right when it was received. Its id becomes that of its procedure.

    Until `expires_at` it is looked for who in the fund's file sent it; soon afterwards it is forgotten.
    """

    id: UUID
    kind: ProcedureKind
    locale: Locale
    applicant: Applicant
    answers: dict[str, str]
    attachments: tuple[Attachment, ...]
    received_at: datetime
    expires_at: datetime

    @property
    def reference(self) -> str:
        """What it is called by, now and as a procedure: its receipt."""
        return reference_of(CATALOGUE[self.kind].code, self.id)

    def procedure_of(self, insured: InsuredId) -> Procedure:
        """The procedure of the person it was found to be, forwarded at the moment it was received."""
        procedure = Procedure.start(
            self.id, insured, self.kind, self.locale, on_file=NOTHING_ON_FILE, at=self.received_at, with_login=False
        )
        procedure.save_answers(self.answers, self.received_at)
        for attachment in self.attachments:
            procedure.attach(attachment, self.received_at)
        procedure.submit(self.id, procedure.situation(NOTHING_ON_FILE, self.received_at))
        return procedure
