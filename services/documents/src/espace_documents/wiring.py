"""The composition root: the only file that knows every room."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from espace_documents.api import documents as documents_api
from espace_documents.api import edelivery as edelivery_api
from espace_documents.api import evidence as evidence_api
from espace_documents.api import letters as letters_api
from espace_documents.api import sorting as sorting_api
from espace_documents.api import together as together_api
from espace_documents.api import verifications as verifications_api
from espace_documents.app.archive_document import ArchiveDocument
from espace_documents.app.delete_orphan_files import DeleteOrphanFiles
from espace_documents.app.deliver_again import DeliverAgain
from espace_documents.app.deliver_document import DeliverDocument
from espace_documents.app.deliver_in_their_language import DeliverInTheirLanguage
from espace_documents.app.deliver_stuck import DeliverStuck
from espace_documents.app.deliver_what_was_ordered import DeliverWhatWasOrdered
from espace_documents.app.erase_person import ErasePerson
from espace_documents.app.get_document import GetDocument
from espace_documents.app.get_letter import GetLetter
from espace_documents.app.keep_recipient import KeepRecipient
from espace_documents.app.list_documents import ListDocuments
from espace_documents.app.note_call_off import NoteCallOff
from espace_documents.app.note_contact import NoteContact
from espace_documents.app.note_dispatch import NoteDispatch
from espace_documents.app.note_letter_failure import NoteLetterFailure
from espace_documents.app.note_notice import NoteNotice
from espace_documents.app.note_posting import NotePosting
from espace_documents.app.note_return import NoteReturn
from espace_documents.app.open_letter import OpenLetter
from espace_documents.app.open_pdf import OpenPdf
from espace_documents.app.open_together import OpenTogether
from espace_documents.app.settle_erasures import SettleErasures
from espace_documents.app.show_document import ShowDocument
from espace_documents.app.switch_edelivery import SwitchEdelivery
from espace_documents.app.tell_evidence import TellEvidence
from espace_documents.app.typeset_address_sheet import TypesetAddressSheet
from espace_documents.app.use_cases import UseCases
from espace_documents.app.verify_document import VerifyDocument
from espace_documents.app.watch_letters import WatchLetters
from espace_documents.app.watch_unread import WatchUnread
from espace_documents.app.withdraw_document import WithdrawDocument
from espace_documents.domain.document import Document
from espace_documents.domain.ladder import Ladders
from espace_documents.domain.preference import Preference
from espace_documents.events.incoming import subscriptions
from espace_documents.events.outgoing import contract_of
from espace_documents.events.run_lane import RunLane
from espace_documents.rendering import RenderingPool, SealingPool
from espace_documents.rendering.device import Device
from espace_documents.rendering.pooled_renderer import PooledRenderer
from espace_documents.settings import Settings
from espace_documents.storage.archive import EncryptedArchive
from espace_documents.storage.documents import StoredDocuments
from espace_documents.storage.keys import PersonKeys
from espace_documents.storage.master_keys import MasterKeys
from espace_documents.storage.preferences import StoredPreferences
from espace_documents.storage.recipients import StoredRecipients
from espace_kernel.blobs import Blobs
from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring
from espace_kernel.sweeper import Sweeper


def _verification_key(pem: str) -> EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, EllipticCurvePrivateKey), "documents-verification.key is not a key on an elliptic curve."
    return key


def _device(settings: Settings) -> Device | None:
    if settings.seal_device is None:
        return None
    return Device(settings.seal_device, settings.seal_device_token, settings.seal_device_key, settings.seal_device_environment)


@asynccontextmanager
async def _open(pool: RenderingPool | SealingPool) -> AsyncIterator[None]:
    await pool.start()
    try:
        yield
    finally:
        await pool.close()


def stored_documents(kernel: Kernel) -> StoredDocuments:
    """Every document that was rendered."""
    return StoredDocuments(kernel.aggregates("documents", Document, contract_of))


def _stored(kernel: Kernel) -> tuple[StoredDocuments, StoredPreferences, StoredRecipients]:
    return (
        stored_documents(kernel),
        StoredPreferences(kernel.aggregates("preferences", Preference, contract_of)),
        StoredRecipients(kernel.database["recipients"]),
    )


def person_keys(kernel: Kernel) -> PersonKeys:
    """The keys by which archived documents are read. Raises ValueError when there is no master key among the secrets."""
    return PersonKeys(kernel.database["person_keys"], MasterKeys(kernel.settings.secrets))


def erasing(kernel: Kernel) -> ErasePerson:
    """What erases a person, for the command line."""
    documents, preferences, recipients = _stored(kernel)
    return ErasePerson(keys=person_keys(kernel), recipients=recipients, preferences=preferences, documents=documents, now=utc_now)


def _often_enough_for(ladders: Ladders) -> float:
    """Seconds between two looks, so that no step of a ladder comes later by half of its pause, nor by a minute."""
    pauses = [pause.total_seconds() for ladder in ladders.values() if (pause := ladder.shortest_pause)]
    return min(60.0, *(pause / 2 for pause in pauses)) if pauses else 60.0


def wire(kernel: Kernel) -> Wiring:
    """The service documents."""
    settings = kernel.settings
    assert isinstance(settings, Settings)
    pool = RenderingPool(settings.rendering_workers, settings.rendering_time_limit_s, settings.rendering_memory_limit_mb)
    authority = settings.time_stamp_authority
    sealing = SealingPool(settings.sealing_processes, settings.secrets, str(authority) if authority else None, _device(settings))
    verification_key = _verification_key(settings.secret("documents-verification.key"))
    documents, preferences, recipients = _stored(kernel)
    keys = person_keys(kernel)
    archive = EncryptedArchive(Blobs(kernel.database, "pdfs"), keys)
    erase = ErasePerson(keys=keys, recipients=recipients, preferences=preferences, documents=documents, now=utc_now)
    renderer = PooledRenderer(pool, sealing, verification_key)
    deliver = DeliverDocument(
        documents=documents,
        recipients=recipients,
        preferences=preferences,
        archive=archive,
        renderer=renderer.document,
        ladders=settings.ladders,
        now=utc_now,
    )
    again = DeliverAgain(recipients, preferences, settings.ladders, utc_now)
    deliver_stuck = DeliverStuck(documents, again)
    get_document = GetDocument(documents)
    show_document = ShowDocument(get_document)
    open_pdf = OpenPdf(get_document, documents, archive, utc_now)
    get_letter = GetLetter(documents, recipients)
    do = UseCases(
        keep_recipient=KeepRecipient(recipients, deliver_stuck.of),
        edelivery_of=preferences.of,
        switch_edelivery=SwitchEdelivery(preferences, recipients, deliver_stuck.of, utc_now),
        deliver_what_was_ordered=DeliverWhatWasOrdered(deliver),
        deliver_document=deliver,
        deliver_in_their_language=DeliverInTheirLanguage(recipients, deliver),
        note_posting=NotePosting(documents),
        note_dispatch=NoteDispatch(documents),
        note_return=NoteReturn(documents, again),
        note_letter_failure=NoteLetterFailure(documents),
        note_call_off=NoteCallOff(documents),
        note_notice=NoteNotice(documents),
        note_contact=NoteContact(preferences, recipients, deliver_stuck.of),
        tell_evidence=TellEvidence(documents, recipients),
        document=documents.get,
        stuck_documents=deliver_stuck.longest,
        list_documents=ListDocuments(get_document, documents, show_document),
        show_document=show_document,
        open_pdf=open_pdf,
        open_together=OpenTogether(get_document, open_pdf),
        archive_document=ArchiveDocument(get_document, documents, utc_now),
        get_letter=get_letter,
        open_letter=OpenLetter(documents, archive),
        typeset_address_sheet=TypesetAddressSheet(get_letter, renderer.address_sheet, documents),
        verify_document=VerifyDocument(documents, verification_key.public_key()),
        withdraw_document=WithdrawDocument(documents, utc_now),
    )

    async def prepare() -> None:
        await documents.prepare()
        await keys.prepare()

    return Wiring(
        routers=(
            documents_api.routes(do),
            together_api.routes(do),
            sorting_api.routes(do),
            edelivery_api.routes(do),
            evidence_api.routes(do),
            letters_api.routes(do),
            verifications_api.routes(do),
        ),
        subscriptions=subscriptions,
        use_cases=do,
        prepare=prepare,
        running=(_open(pool), _open(sealing), RunLane(kernel, do, at_once=4 * settings.rendering_workers)),
        sweepers=(
            Sweeper("orphan files", DeleteOrphanFiles(documents, archive, utc_now), every_seconds=3600),
            Sweeper("unsettled erasures", SettleErasures(keys, erase, utc_now), every_seconds=3600),
            Sweeper("overdue letters", WatchLetters(documents, utc_now), every_seconds=600),
            Sweeper("stuck deliveries", deliver_stuck, every_seconds=600),
            Sweeper(
                "unread documents",
                WatchUnread(documents, recipients, again, settings.ladders, utc_now),
                every_seconds=_often_enough_for(settings.ladders),
            ),
        ),
    )
