from __future__ import annotations

from dataclasses import dataclass

from espace_identity.app.close_session import CloseSession
from espace_identity.app.confirm_contact import ConfirmContact
from espace_identity.app.issue_person_token import IssuePersonToken
from espace_identity.app.issue_service_token import IssueServiceToken
from espace_identity.app.log_in_by_matricule import LogInByMatricule
from espace_identity.app.record_person import RecordPerson
from espace_identity.app.see_session import SeeSession


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """All that identity does."""

    record_person: RecordPerson
    log_in_by_matricule: LogInByMatricule | None
    """None unless this is a demo."""
    see_session: SeeSession
    close_session: CloseSession
    issue_person_token: IssuePersonToken
    issue_service_token: IssueServiceToken
    confirm_contact: ConfirmContact
