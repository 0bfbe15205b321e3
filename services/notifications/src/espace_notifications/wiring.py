"""The composition root: the only file that knows every room."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx

from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring
from espace_kernel.sweeper import Sweeper
from espace_notifications.api import letters as letter_routes
from espace_notifications.api import print_runs as print_run_routes
from espace_notifications.app.assemble_print_run import AssemblePrintRun
from espace_notifications.app.carry_out_print_run import CarryOutPrintRun
from espace_notifications.app.fetch_letter import FetchLetter
from espace_notifications.app.form_print_run import FormPrintRun
from espace_notifications.app.hand_over_contact_code import HandOverContactCode
from espace_notifications.app.hand_over_notice import HandOverNotice
from espace_notifications.app.hand_over_print_run import HandOverPrintRun
from espace_notifications.app.keep_contact import KeepContact
from espace_notifications.app.remove_abandoned_assemblies import RemoveAbandonedAssemblies
from espace_notifications.app.request_mailing import RequestMailing
from espace_notifications.app.return_stray_letters import ReturnStrayLetters
from espace_notifications.app.send_mailing import SendMailing
from espace_notifications.app.use_cases import UseCases
from espace_notifications.app.worker import Worker
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.letter import Letter
from espace_notifications.domain.notice import Notice
from espace_notifications.domain.print_run import PrintRun
from espace_notifications.events.incoming import subscriptions
from espace_notifications.events.outgoing import contract_of
from espace_notifications.mail.contact_codes import CodesOverHttp
from espace_notifications.mail.smtp import SmtpMail
from espace_notifications.mail.wording import Wording
from espace_notifications.printing.documents import DocumentsOverHttp
from espace_notifications.printing.service_token import ServiceToken
from espace_notifications.printing.spool import PrintSpoolFolder
from espace_notifications.settings import Settings
from espace_notifications.storage.contacts import ContactsInStore
from espace_notifications.storage.queries import LetterQueries, MailingQueries, PrintRunQueries

_POLL_SECONDS = 5.0
"""How often what nobody woke anybody for is looked for."""


def wire(kernel: Kernel) -> Wiring:
    """Notifications, put together."""
    settings = kernel.settings
    assert isinstance(settings, Settings)
    contacts = ContactsInStore(kernel.database["contacts"])
    notices = kernel.aggregates("notices", Notice, contract_of)
    codes = kernel.aggregates("contact_codes", ContactCode, contract_of)
    letters = kernel.aggregates("letters", Letter, contract_of)
    runs = kernel.aggregates("print_runs", PrintRun, contract_of)
    finds_notices, finds_codes = MailingQueries(notices), MailingQueries(codes)
    finds_letters, finds_runs = LetterQueries(letters), PrintRunQueries(runs)
    spool = PrintSpoolFolder(settings.print_spool)
    token = ServiceToken(settings.identity_url, kernel.name, lambda: settings.secret(f"{kernel.name}.client-secret"))
    documents, identity = (
        httpx.AsyncClient(base_url=url, auth=token, timeout=5) for url in (settings.documents_url, settings.identity_url)
    )

    mail = SmtpMail(settings.smtp_host, settings.smtp_port, settings.mail_sender, Wording.read(), utc_now)
    send_notice = SendMailing(notices, HandOverNotice(contacts, mail), utc_now)
    notice_sender = Worker(finds_notices.due, send_notice, utc_now, poll_seconds=_POLL_SECONDS, side_by_side=4)
    send_code = SendMailing(codes, HandOverContactCode(CodesOverHttp(identity), mail, utc_now), utc_now)
    code_sender = Worker(finds_codes.due, send_code, utc_now, poll_seconds=_POLL_SECONDS, side_by_side=4)

    assemble = AssemblePrintRun(letters, runs, spool, FetchLetter(DocumentsOverHttp(documents)), utc_now)
    carry_out = CarryOutPrintRun(runs, assemble, HandOverPrintRun(letters, runs, spool, utc_now), utc_now)
    form = FormPrintRun(finds_letters.waiting, runs, finds_runs.due, timedelta(seconds=settings.print_run_seconds))
    print_room = Worker(form, carry_out, utc_now, poll_seconds=min(settings.print_run_seconds, _POLL_SECONDS))

    do = UseCases(
        request_notice=RequestMailing(notices, notice_sender.wake),
        request_contact_code=RequestMailing(codes, code_sender.wake),
        keep_contact=KeepContact(contacts, notices, notice_sender.wake, utc_now),
        queue_letter=letters.add,
        letter=letters.get,
        recent_print_runs=finds_runs.recent,
    )
    return Wiring(
        routers=(print_run_routes.routes(do), letter_routes.routes(do)),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=_one_after_another(spool.prepare, finds_notices.prepare, finds_codes.prepare, finds_letters.prepare, finds_runs.prepare),
        running=(documents, identity, notice_sender, code_sender, print_room),
        sweepers=(
            Sweeper("stray_letters", ReturnStrayLetters(finds_letters.in_runs, letters, runs, utc_now)),
            Sweeper("abandoned_assemblies", RemoveAbandonedAssemblies(spool, runs)),
        ),
    )


def _one_after_another(*steps: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def prepare() -> None:
        for step in steps:
            await step()

    return prepare
