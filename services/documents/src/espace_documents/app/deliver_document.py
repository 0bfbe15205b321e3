from __future__ import annotations

from prometheus_client import Histogram

from espace_documents.app.ports import Archive, Clock, Documents, Preferences, Recipients, Renderer
from espace_documents.domain.channel import decide
from espace_documents.domain.document import Document, Order, Pdf
from espace_documents.domain.recipient import Recipient
from espace_kernel.crashpoints import reach
from espace_kernel.logs import logger
from espace_kernel.outcomes import RetryLater

log = logger()

DELIVERY_SECONDS = Histogram(
    "espace_document_delivery_seconds",
    "Time from the order of a document until it is in the eSpace, or its letter requested",
    ["document_type", "channel"],
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
        now: Clock,
    ) -> None:
        self._documents, self._recipients, self._preferences = documents, recipients, preferences
        self._archive, self._renderer, self._now = archive, renderer, now

    async def __call__(self, order: Order) -> None:
        """Nothing when the document is there already. Raises RetryLater while the recipient is unknown, NeverWorks as the renderer."""
        if await self._documents.get(order.document) is not None:
            return
        recipient = await self._recipients.get(order.recipient)
        if recipient is None:
            raise RetryLater(
                "The fund's file on the recipient has not arrived yet. If it never does, have cns-core publish it, then replay."
            )
        pdf = await self._archived(order, recipient)
        reach("documents.after_archive")
        preference = await self._preferences.of(order.recipient)
        decision = decide(recipient, preference, self._now(), without_login=order.without_login)
        document = Document.delivered(order, pdf, decision)
        if await self._documents.add(document):
            self._tell(document)

    async def _archived(self, order: Order, recipient: Recipient) -> Pdf:
        rendered = await self._renderer(order, recipient)
        rendered_at = self._now()
        blob = await self._archive.put(rendered.pdf)
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
        DELIVERY_SECONDS.labels(document.type.value, document.channel.value).observe(max(0.0, seconds))
        log.info(
            "a document is on its way",
            document=str(document.id),
            document_type=document.type.value,
            channel_rule=document.decision.rule.name,
        )
