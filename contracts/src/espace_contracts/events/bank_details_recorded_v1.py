from __future__ import annotations

from datetime import date

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import PERSONS


class BankDetailsRecorded(Event, type="lu.cns.persons.bank_details.recorded.v1", topic=PERSONS, subject="insured"):
    """The account the fund pays a person's reimbursements to. A reader keeps the highest revision."""

    revision: int = Field(ge=1, description="counts up with each change of this person's bank details")
    iban: str
    bic: str | None
    holder: str
    since: date
