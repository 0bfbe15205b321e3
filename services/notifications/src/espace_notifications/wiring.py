"""The composition root: the only file that knows every room."""

from __future__ import annotations

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
from espace_notifications.app.hand_over_print_run import HandOverPrintRun
from espace_notifications.app.remove_abandoned_assemblies import RemoveAbandonedAssemblies
from espace_notifications.app.request_notice import RequestNotice
from espace_notifications.app.return_stray_letters import ReturnStrayLetters
from espace_notifications.app.send_notice import SendNotice
from espace_notifications.app.use_cases import UseCases
from espace_notifications.app.worker import Worker
from espace_notifications.domain.letter import Letter
from espace_notifications.domain.notice import Notice
from espace_notifications.domain.print_run import PrintRun
from espace_notifications.events.incoming import subscriptions
from espace_notifications.events.outgoing import contract_of
from espace_notifications.mail.smtp import SmtpMail
from espace_notifications.mail.wording import Wording
from espace_notifications.printing.documents import DocumentsOverHttp
from espace_notifications.printing.service_token import ServiceToken
from espace_notifications.printing.spool import PrintSpoolFolder
from espace_notifications.settings import Settings
from espace_notifications.storage.contacts import ContactsInStore
from espace_notifications.storage.queries import LetterQueries, NoticeQueries, PrintRunQueries

_POLL_SECONDS = 5.0
"""How often what nobody woke anybody for is looked for."""


def wire(kernel: Kernel) -> Wiring:
    """Notifications, put together."""
    settings = kernel.settings
    assert isinstance(settings, Settings)
    contacts = ContactsInStore(kernel.database["contacts"])
    notices = kernel.aggregates("notices", Notice, contract_of)
    letters = kernel.aggregates("letters", Letter, contract_of)
    runs = kernel.aggregates("print_runs", PrintRun, contract_of)
    notice_queries, letter_queries, run_queries = NoticeQueries(notices), LetterQueries(letters), PrintRunQueries(runs)

    mail = SmtpMail(settings.smtp_host, settings.smtp_port, settings.mail_sender, Wording.read(), utc_now)
    sender = Worker(notice_queries.due, SendNotice(notices, contacts, mail, utc_now), utc_now, poll_seconds=_POLL_SECONDS, side_by_side=4)

    token = ServiceToken(settings.identity_url, kernel.name, lambda: settings.secret(f"{kernel.name}.client-secret"))
    http = httpx.AsyncClient(base_url=settings.documents_url, auth=token, timeout=5)
    spool = PrintSpoolFolder(settings.print_spool)
    assemble = AssemblePrintRun(letters, runs, spool, FetchLetter(DocumentsOverHttp(http)), utc_now)
    carry_out = CarryOutPrintRun(runs, assemble, HandOverPrintRun(letters, runs, spool, utc_now), utc_now)
    form = FormPrintRun(letter_queries.waiting, runs, run_queries.due, timedelta(seconds=settings.print_run_seconds))
    printing = Worker(form, carry_out, utc_now, poll_seconds=min(settings.print_run_seconds, _POLL_SECONDS))

    async def prepare() -> None:
        for part in (spool, notice_queries, letter_queries, run_queries):
            await part.prepare()

    do = UseCases(
        request_notice=RequestNotice(notices, sender.wake),
        keep_contact=contacts.keep,
        queue_letter=letters.add,
        letter=letters.get,
        recent_print_runs=run_queries.recent,
    )
    return Wiring(
        routers=(print_run_routes.routes(do), letter_routes.routes(do)),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=prepare,
        running=(http, sender, printing),
        sweepers=(
            Sweeper("stray_letters", ReturnStrayLetters(letter_queries.in_runs, letters, runs, utc_now)),
            Sweeper("abandoned_assemblies", RemoveAbandonedAssemblies(spool, runs)),
        ),
    )
