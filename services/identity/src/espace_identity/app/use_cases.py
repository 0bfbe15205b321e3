from __future__ import annotations

from dataclasses import dataclass

from espace_identity.app.accept_mandate import AcceptMandate
from espace_identity.app.begin_login import BeginLogin
from espace_identity.app.change_account import ChangeAccount
from espace_identity.app.confirm_contact import ConfirmContact
from espace_identity.app.end_mandate import EndMandate
from espace_identity.app.end_sessions import EndSessions
from espace_identity.app.finish_login import FinishLogin
from espace_identity.app.forget_expired import ForgetExpired
from espace_identity.app.give_mandate import GiveMandate
from espace_identity.app.hear_bounce import HearBounce
from espace_identity.app.hear_provider_logout import HearProviderLogout
from espace_identity.app.issue_person_token import IssuePersonToken
from espace_identity.app.issue_service_token import IssueServiceToken
from espace_identity.app.issue_token_on_behalf import IssueTokenOnBehalf
from espace_identity.app.link_identity import LinkIdentity
from espace_identity.app.list_accesses import ListAccesses
from espace_identity.app.list_mandates import ListMandates
from espace_identity.app.list_providers import ListProviders
from espace_identity.app.list_sessions import ListSessions
from espace_identity.app.log_out import LogOut
from espace_identity.app.log_out_everywhere import LogOutEverywhere
from espace_identity.app.open_session import OpenSession
from espace_identity.app.ports import Ports
from espace_identity.app.recognise_person import RecognisePerson
from espace_identity.app.record_access import RecordAccess
from espace_identity.app.record_family import RecordFamily
from espace_identity.app.record_person import RecordPerson
from espace_identity.app.remove_mobile import RemoveMobile
from espace_identity.app.remove_session import RemoveSession
from espace_identity.app.represent import Represent
from espace_identity.app.request_contact_code import RequestContactCode
from espace_identity.app.request_mobile_code import RequestMobileCode
from espace_identity.app.see_account import SeeAccount
from espace_identity.app.see_session import SeeSession
from espace_identity.app.tell_contact_code import TellContactCode
from espace_identity.app.use_session import UseSession
from espace_identity.domain.account import Account
from espace_identity.domain.contact import Contact
from espace_identity.domain.mobile import Mobile


@dataclass(frozen=True, kw_only=True)
class UseCases:
    """All that identity does."""

    list_providers: ListProviders
    begin_login: BeginLogin
    finish_login: FinishLogin
    link_identity: LinkIdentity
    hear_provider_logout: HearProviderLogout
    see_session: SeeSession
    list_sessions: ListSessions
    log_out: LogOut
    log_out_everywhere: LogOutEverywhere
    remove_session: RemoveSession
    issue_person_token: IssuePersonToken
    issue_token_on_behalf: IssueTokenOnBehalf
    issue_service_token: IssueServiceToken
    see_account: SeeAccount
    request_contact_code: RequestContactCode
    confirm_contact: ConfirmContact[Contact]
    tell_contact_code: TellContactCode
    request_mobile_code: RequestMobileCode
    confirm_mobile: ConfirmContact[Mobile]
    remove_mobile: RemoveMobile
    hear_bounce: HearBounce
    list_mandates: ListMandates
    give_mandate: GiveMandate
    accept_mandate: AcceptMandate
    end_mandate: EndMandate
    list_accesses: ListAccesses
    record_access: RecordAccess
    record_person: RecordPerson
    record_family: RecordFamily
    end_sessions: EndSessions
    forget_expired: ForgetExpired


def composed(ports: Ports) -> UseCases:
    """The use cases over these ports."""
    clock, persons, sessions, log = ports.clock, ports.persons, ports.sessions, ports.access_log
    change_account = ChangeAccount(ports.accounts)
    end_sessions = EndSessions(sessions, change_account, log, clock)
    open_session = OpenSession(sessions, end_sessions, log)
    see_session, use_session = SeeSession(sessions, clock), UseSession(sessions, clock)
    recognise = RecognisePerson(persons, ports.accounts)
    represent = Represent(ports.mandates, ports.families, persons, clock)
    return UseCases(
        list_providers=ListProviders(ports.providers, clock),
        begin_login=BeginLogin(ports.providers, ports.attempts, see_session, clock),
        finish_login=FinishLogin(
            providers=ports.providers,
            attempts=ports.attempts,
            linkings=ports.linkings,
            recognise=recognise,
            open_session=open_session,
            clock=clock,
        ),
        link_identity=LinkIdentity(
            linkings=ports.linkings, persons=persons, change_account=change_account, open_session=open_session, log=log, clock=clock
        ),
        hear_provider_logout=HearProviderLogout(ports.providers, ports.heard_logouts, end_sessions),
        see_session=see_session,
        list_sessions=ListSessions(sessions, clock),
        log_out=LogOut(end_sessions, ports.providers),
        log_out_everywhere=LogOutEverywhere(end_sessions),
        remove_session=RemoveSession(end_sessions),
        issue_person_token=IssuePersonToken(use_session, see_session, ports.signer, clock),
        issue_token_on_behalf=IssueTokenOnBehalf(
            use_session=use_session, represent=represent, persons=persons, log=log, signer=ports.signer, clock=clock
        ),
        issue_service_token=IssueServiceToken(ports.signer, clock),
        see_account=SeeAccount(ports.accounts, clock),
        request_contact_code=RequestContactCode(change_account, persons, clock),
        confirm_contact=ConfirmContact(Account.answer_code, change_account, persons, ports.codes, clock),
        tell_contact_code=TellContactCode(ports.accounts, ports.codes, clock),
        request_mobile_code=RequestMobileCode(ports.accounts, change_account, persons, ports.mobile_tries, clock),
        confirm_mobile=ConfirmContact(Account.answer_mobile_code, change_account, persons, ports.codes, clock),
        remove_mobile=RemoveMobile(change_account, persons, clock),
        hear_bounce=HearBounce(change_account),
        list_mandates=ListMandates(ports.mandates, ports.families, persons, clock),
        give_mandate=GiveMandate(ports.mandates, persons, clock),
        accept_mandate=AcceptMandate(ports.mandates, clock),
        end_mandate=EndMandate(ports.mandates, ports.families, clock),
        list_accesses=ListAccesses(log),
        record_access=RecordAccess(log),
        record_person=RecordPerson(persons, end_sessions),
        record_family=RecordFamily(ports.families),
        end_sessions=end_sessions,
        forget_expired=ForgetExpired(sessions, log, clock),
    )
