from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from espace_contracts.vocabulary import DocumentType, Value


class HouseholdSickPayNotice(Value):
    """Notification to complete the request for reimbursement of sick pay for private household staff (document 14), to the employer."""

    type: Literal[DocumentType.HOUSEHOLD_SICK_PAY_NOTICE] = DocumentType.HOUSEHOLD_SICK_PAY_NOTICE
    employee_name: str
    month: date = Field(description="the first day of the month of the absence")
    absent_from: date
    absent_to: date
    request_reference: str
