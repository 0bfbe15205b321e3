from __future__ import annotations

from espace_identity.api import account, session, tokens
from espace_identity.api.cookie import SessionCookie
from espace_identity.app.close_session import CloseSession
from espace_identity.app.confirm_contact import ConfirmContact
from espace_identity.app.issue_person_token import IssuePersonToken
from espace_identity.app.issue_service_token import IssueServiceToken
from espace_identity.app.log_in_by_matricule import LogInByMatricule
from espace_identity.app.open_session import OpenSession
from espace_identity.app.record_person import RecordPerson
from espace_identity.app.see_session import SeeSession
from espace_identity.app.use_cases import UseCases
from espace_identity.domain.account import Account
from espace_identity.events.incoming import subscriptions
from espace_identity.events.outgoing import contract_of
from espace_identity.settings import Settings
from espace_identity.storage.client_secrets import read_clients
from espace_identity.storage.persons import PersonsOnFile
from espace_identity.storage.sessions import StoredSessions
from espace_identity.storage.signing_keys import SigningKeys
from espace_kernel.access import TokenVerifier
from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring


def wire(kernel: Kernel) -> Wiring:
    """Identity, composed."""
    settings = kernel.settings
    assert isinstance(settings, Settings)
    keys = SigningKeys.read(settings.secrets)
    kernel.verifier = TokenVerifier(keys.key_set)
    persons = PersonsOnFile(kernel.database["persons"])
    sessions = StoredSessions(kernel.database["sessions"])
    accounts = kernel.aggregates("accounts", Account, contract_of)
    log_in = LogInByMatricule(persons, OpenSession(sessions), utc_now) if settings.demo_login else None
    do = UseCases(
        record_person=RecordPerson(persons),
        log_in_by_matricule=log_in,
        see_session=SeeSession(sessions, utc_now),
        close_session=CloseSession(sessions),
        issue_person_token=IssuePersonToken(sessions, keys, utc_now),
        issue_service_token=IssueServiceToken(keys, utc_now),
        confirm_contact=ConfirmContact(accounts, persons, utc_now),
    )

    async def prepare() -> None:
        await persons.prepare()
        await sessions.prepare()

    cookie = SessionCookie(secure=settings.public_url.scheme == "https")
    return Wiring(
        routers=(session.routes(do, cookie), account.routes(do), tokens.routes(do, read_clients(settings.secrets), keys.published)),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=prepare,
    )
