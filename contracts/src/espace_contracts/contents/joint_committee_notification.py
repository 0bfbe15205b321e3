from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class Redeployment(StrEnum):
    """What the Joint Committee decided."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    REFUSED = "refused"


class JointCommitteeNotification(Value):
    """Notification of the Joint Committee (document 11). Cash benefits may end on the day it is notified."""

    type: Literal[DocumentType.JOINT_COMMITTEE_NOTIFICATION] = DocumentType.JOINT_COMMITTEE_NOTIFICATION
    file_reference: str
    decided_on: date
    decision: Redeployment
    effective_on: date
    benefits_end_on: date | None = Field(description="None while they are not touched")
    reasons: str = Field(description="paragraphs, in the document's language")
