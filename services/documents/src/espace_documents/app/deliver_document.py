from __future__ import annotations

from prometheus_client import Histogram

from espace_documents.app.on_file import recipient_on_file
from espace_documents.app.ports import Archive, Clock, Documents, Preferences, Recipients, Renderer
from espace_documents.domain.channel import Circumstances, decide
from espace_documents.domain.document import Document
from espace_documents.domain.ladder import Ladders, class_of
from espace_documents.domain.order import Order, Pdf
from espace_documents.domain.recipient import Recipient
from espace_kernel.crashpoints import reach
from espace_kernel.logs import logger

log = logger()

DELIVERY_SECONDS = Histogram(
    "espace_document_delivery_seconds",
    "Time from the order of a document until it is in the eSpace, or its letter requested",
    ["document_type", "channel", "lane"],
    buckets=(0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 5, 15, 60, 300),
)


class DeliverDocument:
    """Renders what was ordered, archives it, decides the channel, and stores the document with the event that tells it, as one."""

    def __init__(
        self,
        *,
        documents: Documents,
        recipients: Recipients,
        preferences: Preferences,
        archive: Archive,
        renderer: Renderer,
        ladders: Ladders,
        now: Clock,
    ) -> None:
        self._documents, self._recipients, self._preferences = documents, recipients, preferences
        self._archive, self._renderer, self._ladders, self._now = archive, renderer, ladders, now

    async def __call__(self, order: Order, recipient: Recipient | None = None) -> None:
        """Nothing when the document is there already. `recipient`: their file, where it was just looked up.

        Raises RetryLater while the recipient is unknown, NeverWorks as the renderer.
        """
        if await self._documents.get(order.document) is not None:
            return
        recipient = recipient or await recipient_on_file(order.recipient, self._recipients)
        pdf = await self._archived(order, recipient)
        reach("documents.after_archive")
        preference = await self._preferences.of(order.recipient)
        kind, unknown = order.content.type, order.without_login
        case = Circumstances(document_type=kind, recipient=recipient, preference=preference, without_login=unknown)
        document = Document.delivered(order, pdf, decide(case, self._now()), self._ladders[class_of(kind)])
        if await self._documents.add(document):
            self._tell(document)

    async def _archived(self, order: Order, recipient: Recipient) -> Pdf:
        rendered = await self._renderer(order, recipient)
        rendered_at = self._now()
        blob = await self._archive.put(rendered.pdf, order.document, order.recipient)
        return Pdf(
            blob=blob,
            sha256=rendered.sha256,
            size=len(rendered.pdf),
            pages=rendered.pages,
            title=rendered.title,
            rendered_at=rendered_at,
        )

    def _tell(self, document: Document) -> None:
        seconds = (self._now() - document.source.ordered_at).total_seconds()
        lane = "single" if document.source.run is None else "run"
        DELIVERY_SECONDS.labels(document.type.value, document.channel.value, lane).observe(max(0.0, seconds))
        log.info(
            "a document is on its way",
            document=str(document.id),
            document_type=document.type.value,
            channel_rule=document.decision.rule.name,
        )
