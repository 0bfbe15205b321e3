"""The one rule that says by which channel a document reaches its recipient."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Self

from espace_contracts.vocabulary import Channel, DocumentType
from espace_documents.domain.contact import Notices
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import Recipient


class ChannelRule(Enum):
    """Why a document takes its channel. Post is the default; eDelivery is an act of the person. The value is the stored code."""

    channel: Channel
    reason: str

    RECIPIENT_DECEASED = "recipient_deceased", Channel.POST, "the recipient is registered as deceased"
    LEFT_UNREAD = "left_unread", Channel.POST, "the document lies unread in the eSpace"
    STARTED_WITHOUT_LOGIN = "started_without_login", Channel.POST, "the procedure was started without login"
    RECEIPT_STAYS_IN_THE_ESPACE = "receipt_stays_in_the_espace", Channel.EDELIVERY, "it answers what the person did in the eSpace"
    EDELIVERY_OFF = "edelivery_off", Channel.POST, "eDelivery is not activated"
    NOTICE_ADDRESS_BOUNCED = "notice_address_bounced", Channel.POST, "the contact address no longer accepts notices"
    EDELIVERY_ON = "edelivery_on", Channel.EDELIVERY, "the recipient activated eDelivery"

    def __new__(cls, code: str, channel: Channel, reason: str) -> Self:
        """Only the code is the value: the reason may be worded better without touching what is stored."""
        rule = object.__new__(cls)
        rule._value_ = code
        rule.channel, rule.reason = channel, reason
        return rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """What the channel of a document depends on, as it stands at one instant.

    `without_login`: what led to the document was started by somebody who did not log in; `unread`: it lies in the eSpace already, and
    nobody opened it.
    """

    document_type: DocumentType
    recipient: Recipient
    preference: Preference
    without_login: bool = False
    unread: bool = False


_IN_ORDER: Sequence[tuple[ChannelRule, Callable[[Circumstances], bool]]] = (
    (ChannelRule.RECIPIENT_DECEASED, lambda case: case.recipient.deceased),
    (ChannelRule.LEFT_UNREAD, lambda case: case.unread),
    (ChannelRule.STARTED_WITHOUT_LOGIN, lambda case: case.without_login),
    (ChannelRule.RECEIPT_STAYS_IN_THE_ESPACE, lambda case: case.document_type is DocumentType.SUBMISSION_RECEIPT),
    (ChannelRule.EDELIVERY_OFF, lambda case: not case.preference.active),
    (ChannelRule.NOTICE_ADDRESS_BOUNCED, lambda case: case.preference.contact.notices is Notices.BOUNCED),
    (ChannelRule.EDELIVERY_ON, lambda _: True),
)


def channel_for(case: Circumstances) -> ChannelRule:
    """The rule that applies to a document now: the first whose condition holds.

    Who starts a procedure without login is not known to be the person, so what comes of it goes to the address on file alone. A receipt
    answers what the person just did in the eSpace and is none of the fifteen documents that the choice of a channel is about.
    """
    return next(rule for rule, applies in _IN_ORDER if applies(case))


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The rule that applied, when, and to which revisions it was applied. Made once a delivery and stored with it."""

    rule: ChannelRule
    at: datetime
    preference_revision: int
    recipient_revision: int
    address_revision: int = 0
    contact_confirmed: int = 0
    contact_bounced: int = 0


def decide(case: Circumstances, at: datetime) -> Decision:
    """Apply the rule to what is on file at this instant; what changes later holds for the decisions after it."""
    return Decision(
        rule=channel_for(case),
        at=at,
        preference_revision=case.preference.revision,
        recipient_revision=case.recipient.revision,
        address_revision=case.recipient.address_revision,
        contact_confirmed=case.preference.contact.confirmed,
        contact_bounced=case.preference.contact.bounced,
    )
