"""The one rule that says by which channel a document reaches its recipient."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Self

from espace_contracts.vocabulary import Channel
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import Recipient


class ChannelRule(Enum):
    """Why a document takes its channel. Post is the default; eDelivery is an act of the person. The value is the stored code."""

    channel: Channel
    reason: str

    RECIPIENT_DECEASED = "recipient_deceased", Channel.POST, "the recipient is registered as deceased"
    STARTED_WITHOUT_LOGIN = "started_without_login", Channel.POST, "the procedure was started without login"
    EDELIVERY_OFF = "edelivery_off", Channel.POST, "eDelivery is not activated"
    EDELIVERY_ON = "edelivery_on", Channel.EDELIVERY, "the recipient activated eDelivery"

    def __new__(cls, code: str, channel: Channel, reason: str) -> Self:
        """Only the code is the value: the reason may be worded better without touching what is stored."""
        rule = object.__new__(cls)
        rule._value_ = code
        rule.channel, rule.reason = channel, reason
        return rule


def channel_for(recipient: Recipient, preference: Preference, *, without_login: bool) -> ChannelRule:
    """The rule that applies to a document for this recipient now.

    Who starts a procedure without login is not known to be the person, so what comes of it goes to the address on file alone.
    """
    if recipient.deceased:
        return ChannelRule.RECIPIENT_DECEASED
    if without_login:
        return ChannelRule.STARTED_WITHOUT_LOGIN
    if preference.active:
        return ChannelRule.EDELIVERY_ON
    return ChannelRule.EDELIVERY_OFF


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The rule that applied, when, and to what it was applied. Made once and stored with the document."""

    rule: ChannelRule
    at: datetime
    preference_revision: int
    recipient_revision: int


def decide(recipient: Recipient, preference: Preference, at: datetime, *, without_login: bool) -> Decision:
    """Apply the rule to what is on file at this instant; a switch of eDelivery holds for the decisions after it."""
    return Decision(
        rule=channel_for(recipient, preference, without_login=without_login),
        at=at,
        preference_revision=preference.revision,
        recipient_revision=recipient.revision,
    )
