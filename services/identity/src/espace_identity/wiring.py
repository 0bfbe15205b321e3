from __future__ import annotations

from espace_identity.api import accesses, account, contact_codes, login, mandates, mobile, provider_logout, session, tokens
from espace_identity.api.cookie import LoginCookie, SessionCookie
from espace_identity.app.ports import Ports
from espace_identity.app.use_cases import composed
from espace_identity.domain.account import Account
from espace_identity.domain.challenge import ContactCodes
from espace_identity.domain.mandate import Mandate
from espace_identity.domain.provider import Maintenance, Provider
from espace_identity.events.incoming import subscriptions
from espace_identity.events.outgoing import contract_of
from espace_identity.providers.relying_party import Client, RelyingParties, RelyingParty
from espace_identity.settings import ProviderSettings, Settings
from espace_identity.storage.accesses import StoredAccesses
from espace_identity.storage.accounts import StoredAccounts
from espace_identity.storage.attempts import StoredAttempts
from espace_identity.storage.client_secrets import contact_code_key, read_clients
from espace_identity.storage.families import FamiliesOnFile
from espace_identity.storage.forget_old import ForgetOld
from espace_identity.storage.heard_logouts import StoredLogouts
from espace_identity.storage.linkings import StoredLinkings
from espace_identity.storage.mandates import StoredMandates
from espace_identity.storage.mobile_tries import StoredMobileTries
from espace_identity.storage.persons import PersonsOnFile
from espace_identity.storage.sessions import StoredSessions
from espace_identity.storage.signing_keys import SigningKeys
from espace_kernel.access import TokenVerifier
from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring
from espace_kernel.sweeper import Sweeper


def wire(kernel: Kernel) -> Wiring:
    """Identity, composed."""
    settings = kernel.settings
    assert isinstance(settings, Settings)
    keys = SigningKeys(settings.secrets)
    kernel.verifier = TokenVerifier(keys.key_set)
    database = kernel.database
    persons, families = PersonsOnFile(database["persons"]), FamiliesOnFile(database["families"])
    sessions, accesses_kept = StoredSessions(database["sessions"]), StoredAccesses(database["accesses"])
    accounts = StoredAccounts(kernel.aggregates("accounts", Account, contract_of))
    mandates_kept = StoredMandates(kernel.aggregates("mandates", Mandate, contract_of))
    attempts, logouts = StoredAttempts(database["login_attempts"]), StoredLogouts(database["heard_logouts"])
    linkings = StoredLinkings(database["linkings"], database["linking_tries"])
    key = contact_code_key(settings.secrets)
    mobile_tries = StoredMobileTries(database["mobile_tries"], key)
    forget_old = ForgetOld((attempts.collection, logouts.collection, linkings.waiting, linkings.tries, mobile_tries.collection), utc_now)
    providers = RelyingParties([_relying_party(provider, settings) for provider in settings.providers])
    do = composed(
        Ports(
            clock=utc_now, persons=persons, families=families, accounts=accounts, sessions=sessions, attempts=attempts, linkings=linkings,
            mobile_tries=mobile_tries, mandates=mandates_kept, access_log=accesses_kept, heard_logouts=logouts, providers=providers,
            codes=ContactCodes(key), signer=keys,
        )
    )  # fmt: skip

    async def prepare() -> None:
        for kept in (persons, families, sessions, accesses_kept, accounts, mandates_kept, forget_old):
            await kept.prepare()

    secure = settings.public_url.scheme == "https"
    cookie = SessionCookie(secure)
    return Wiring(
        routers=(
            login.routes(do, cookie, LoginCookie(secure)),
            provider_logout.routes(do),
            session.routes(do, cookie),
            account.routes(do),
            mobile.routes(do),
            contact_codes.routes(do),
            mandates.giving(do),
            mandates.routes(do),
            accesses.routes(do),
            tokens.routes(do, read_clients(settings.secrets), lambda: keys.published),
        ),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=prepare,
        running=(providers,),
        sweepers=(
            Sweeper("ended sessions nobody was told of", do.end_sessions.tell_untold, every_seconds=10),
            Sweeper("sessions that are over", do.forget_expired),
            Sweeper("logins that are over", forget_old),
        ),
        remembers_answers=True,
    )


def _relying_party(agreed: ProviderSettings, settings: Settings) -> RelyingParty:
    window = agreed.maintenance
    provider = Provider(
        id=agreed.id, issuer=agreed.issuer, client_id=agreed.client_id, acr_values=agreed.acr_values,
        matricule_claim=agreed.matricule_claim, person_identifier_claim=agreed.person_identifier_claim,
        maintenance=Maintenance(window.start, window.end) if window else None,
    )  # fmt: skip
    client = Client(
        secret=settings.secret(agreed.client_secret_file),
        redirect_uri=f"{settings.public_url}api/v1/login/callback/{agreed.id}",
        after_logout=str(settings.public_url),
    )
    return RelyingParty(provider, client, utc_now)
