"""The composition root: the only file that knows every room."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import httpx

from espace_contracts.vocabulary import NoticeMeans
from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring
from espace_kernel.sweeper import Sweeper
from espace_notifications.api import letters as letter_routes
from espace_notifications.api import operator_tasks as task_routes
from espace_notifications.api import print_runs as print_run_routes
from espace_notifications.app.assemble_again import AssembleAgain
from espace_notifications.app.assemble_print_run import AssemblePrintRun
from espace_notifications.app.carry_out_print_run import CarryOutPrintRun
from espace_notifications.app.fetch_letter import FetchLetter
from espace_notifications.app.form_print_run import FormPrintRun
from espace_notifications.app.form_run_at_cut_off import FormRunAtCutOff
from espace_notifications.app.hand_over_contact_code import HandOverContactCode
from espace_notifications.app.hand_over_notice import HandOverNotice
from espace_notifications.app.hand_over_print_run import HandOverPrintRun
from espace_notifications.app.hear_bounces import HearBounces
from espace_notifications.app.keep_contact import KeepContact
from espace_notifications.app.look_again_at_held_letters import LookAgainAtHeldLetters
from espace_notifications.app.ports import Carrier
from espace_notifications.app.read_answers import ReadAnswers
from espace_notifications.app.remove_abandoned_assemblies import RemoveAbandonedAssemblies
from espace_notifications.app.request_mailing import RequestMailing
from espace_notifications.app.request_notice import RequestNotice
from espace_notifications.app.requeue_letter import RequeueLetter
from espace_notifications.app.return_stray_letters import ReturnStrayLetters
from espace_notifications.app.send_mailing import SendMailing
from espace_notifications.app.settle_by_folder import SettleByFolder
from espace_notifications.app.take_answer import TakeAnswer
from espace_notifications.app.use_cases import UseCases
from espace_notifications.app.watch_runs_in_doubt import WatchRunsInDoubt
from espace_notifications.app.watch_the_printer import WatchThePrinter
from espace_notifications.app.worker import Worker
from espace_notifications.domain.contact_code import ContactCode
from espace_notifications.domain.cut_off import CutOffs
from espace_notifications.domain.letter import Letter
from espace_notifications.domain.notice import Notice
from espace_notifications.domain.print_run import PrintRun
from espace_notifications.domain.quiet_hours import at_any_hour, outside_quiet_hours
from espace_notifications.events.incoming import subscriptions
from espace_notifications.events.outgoing import contract_of
from espace_notifications.mail.bounces import BouncesInMaildir
from espace_notifications.mail.contact_codes import CodesOverHttp
from espace_notifications.mail.smtp import SmtpMail
from espace_notifications.printing.answers import AnswerFolder
from espace_notifications.printing.documents import DocumentsOverHttp
from espace_notifications.printing.files import Printer
from espace_notifications.printing.folder import Folder
from espace_notifications.printing.service_token import ServiceToken
from espace_notifications.printing.spool import Spool
from espace_notifications.settings import Settings
from espace_notifications.sms.gateway import SECRET_FILE, SmsGateway
from espace_notifications.storage.contacts import ContactsInStore
from espace_notifications.storage.queries import LETTERS_IN_A_RUN, LetterQueries, MailingQueries, PrintRunQueries
from espace_notifications.wording.emails import Wording
from espace_notifications.wording.text_messages import TextMessages

_POLL_SECONDS = 5.0
"""How often what nobody woke anybody for is looked for."""
_LOOK_SECONDS = 600.0
"""How often what waits for people is looked at: letters that are held, a printer that is silent, print runs in doubt."""


def wire(kernel: Kernel) -> Wiring:
    """Notifications, put together."""
    settings = kernel.settings
    assert isinstance(settings, Settings)
    contacts = ContactsInStore({NoticeMeans.EMAIL: kernel.database["contacts"], NoticeMeans.SMS: kernel.database["mobiles"]})
    notices = kernel.aggregates("notices", Notice, contract_of)
    codes = kernel.aggregates("contact_codes", ContactCode, contract_of)
    letters = kernel.aggregates("letters", Letter, contract_of)
    runs = kernel.aggregates("print_runs", PrintRun, contract_of)
    finds_notices, finds_codes = MailingQueries(notices), MailingQueries(codes)
    finds_letters = LetterQueries(letters)
    finds_runs = PrintRunQueries(runs)
    printer = _printer(settings)
    spool, answers = Spool(printer), AnswerFolder(printer)
    token = ServiceToken(settings.identity_url, kernel.name, lambda: settings.secret(f"{kernel.name}.client-secret"))
    documents, identity = (
        httpx.AsyncClient(base_url=url, auth=token, timeout=5) for url in (settings.documents_url, settings.identity_url)
    )

    sms_http, bounces = httpx.AsyncClient(timeout=5), BouncesInMaildir(settings.bounces)
    carriers = _carriers(settings, sms_http)
    hours = at_any_hour if settings.sms_at_night else outside_quiet_hours
    send_notice = SendMailing(notices, HandOverNotice(contacts, carriers, utc_now), utc_now, hours)
    notice_sender = Worker(finds_notices.due, send_notice, utc_now, poll_seconds=_POLL_SECONDS, side_by_side=4)
    send_code = SendMailing(codes, HandOverContactCode(CodesOverHttp(identity), carriers, utc_now), utc_now, at_any_hour)
    code_sender = Worker(finds_codes.due, send_code, utc_now, poll_seconds=_POLL_SECONDS, side_by_side=4)

    fetch = FetchLetter(DocumentsOverHttp(documents))
    assemble = AssemblePrintRun(letters, runs, spool, fetch, utc_now)
    carry_out = CarryOutPrintRun(runs, assemble, HandOverPrintRun(letters, runs, finds_runs.known, spool, utc_now), utc_now)
    post_polls = _POLL_SECONDS if settings.print_cut_offs else min(settings.print_run_seconds, _POLL_SECONDS)
    form = (
        FormRunAtCutOff(finds_letters.waiting, runs, finds_runs.due, CutOffs.named(settings.print_cut_offs), LETTERS_IN_A_RUN)
        if settings.print_cut_offs
        else FormPrintRun(finds_letters.waiting, runs, finds_runs.due, timedelta(seconds=settings.print_run_seconds))
    )
    print_room = Worker(form, carry_out, utc_now, poll_seconds=post_polls)
    look_again = LookAgainAtHeldLetters(finds_letters.held_behind, finds_letters.how_many_held, letters, fetch, utc_now)
    watch_printer = WatchThePrinter(finds_letters.silent, finds_letters.unacknowledged, utc_now)

    do = UseCases(
        request_notice=RequestNotice(notices, contacts.has_mobile, notice_sender.wake),
        request_contact_code=RequestMailing(codes, code_sender.wake),
        keep_contact=KeepContact(contacts, notices, notice_sender.wake, utc_now),
        queue_letter=letters.add,
        letter=letters.get,
        recent_print_runs=finds_runs.recent,
        letter_states=finds_letters.states_in,
        assemble_again=AssembleAgain(runs, spool, utc_now),
        settle_by_folder=SettleByFolder(letters, runs, spool, utc_now),
        requeue_letter=RequeueLetter(letters, utc_now),
        held_letters=finds_letters.held,
        silent_print_runs=watch_printer.runs,
        print_runs_in_doubt=finds_runs.in_doubt,
        refused_answers=answers.refused,
    )
    return Wiring(
        routers=(print_run_routes.routes(do), letter_routes.routes(do), task_routes.routes(do)),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=_one_after_another(
            spool.prepare, bounces.prepare, finds_notices.prepare, finds_codes.prepare, finds_letters.prepare, finds_runs.prepare
        ),
        running=(documents, identity, sms_http, notice_sender, code_sender, printer, print_room),
        sweepers=(
            Sweeper("bounced_mail", HearBounces(bounces, notices, contacts, utc_now), _POLL_SECONDS),
            Sweeper("stray_letters", ReturnStrayLetters(finds_letters.in_runs, letters, runs, utc_now)),
            Sweeper("abandoned_assemblies", RemoveAbandonedAssemblies(spool, runs)),
            Sweeper("printers_answers", ReadAnswers(answers, TakeAnswer(letters, runs, utc_now), utc_now), post_polls),
            Sweeper("held_letters", look_again, _LOOK_SECONDS),
            Sweeper("silent_printer", watch_printer, _LOOK_SECONDS),
            Sweeper("runs_in_doubt", WatchRunsInDoubt(finds_runs.how_many_in_doubt), _LOOK_SECONDS),
        ),
    )


def _carriers(settings: Settings, sms_http: httpx.AsyncClient) -> Mapping[NoticeMeans, Carrier]:
    """Who carries messages, by their means."""
    mail = SmtpMail(settings.smtp_host, settings.smtp_port, settings.mail_sender, Wording.read(), utc_now)
    sms = SmsGateway(
        sms_http, str(settings.sms_url), settings.sms_sender, lambda: settings.secret(SECRET_FILE), TextMessages.read()
    )  # fmt: skip
    return {NoticeMeans.EMAIL: mail, NoticeMeans.SMS: sms}


def _printer(settings: Settings) -> Printer:
    """The printer's folder, or its server. Raises ValueError for an address that is none."""
    if not settings.print_sftp:
        return Folder(settings.print_spool)
    from espace_notifications.printing.sftp import Sftp, SftpAddress  # noqa: PLC0415  # its library takes memory that few need

    return Sftp(SftpAddress.of(settings.print_sftp), settings.secret)


def _one_after_another(*steps: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def prepare() -> None:
        for step in steps:
            await step()

    return prepare
