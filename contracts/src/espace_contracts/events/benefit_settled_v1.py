from __future__ import annotations

from pydantic import AwareDatetime, Field

from espace_contracts.contents import BenefitContent
from espace_contracts.event import Event
from espace_contracts.topics import BENEFITS
from espace_contracts.vocabulary import BenefitId, Locale, RunId


class BenefitSettled(Event, type="lu.cns.benefits.benefit.settled.v1", topic=BENEFITS, subject="benefit"):
    """The fund settled or decided something that the person is told of by a document. Written once per benefit."""

    benefit: BenefitId
    content: BenefitContent
    locale: Locale = Field(description="the language the fund writes to the person in")
    settled_at: AwareDatetime
    run: RunId | None = Field(None, description="one of many of this run, which wait behind single ones")
