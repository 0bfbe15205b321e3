from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import DECISIONS
from espace_contracts.vocabulary import Outcome, ProcedureId, ProcedureKind, Value


class BankDetailsChangeGranted(Value):
    """The new account is on file."""

    kind: Literal[ProcedureKind.BANK_DETAILS_CHANGE] = ProcedureKind.BANK_DETAILS_CHANGE
    replaced_iban: str | None = Field(description="None when the fund had no account on file")
    iban: str
    bic: str | None
    holder: str
    effective_on: date


class EhicReplacementGranted(Value):
    """What the certificate states of the holder and the card it replaces."""

    kind: Literal[ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE] = ProcedureKind.EHIC_REPLACEMENT_CERTIFICATE
    holder_name: str
    holder_given_names: str
    date_of_birth: date
    matricule: str
    institution_id: str
    institution_name: str
    card_number: str
    card_expires_on: date
    valid_from: date
    valid_to: date
    destination: str | None = None


class ProcedureDecided(Event, type="lu.cns.decisions.procedure.decided.v1", topic=DECISIONS, subject="procedure"):
    """The fund's final decision on a submission. Written once per procedure."""

    procedure: ProcedureId
    submission: int = Field(ge=1, description="the number of the submission that was decided")
    outcome: Outcome
    decided_on: date
    reason: str | None = Field(description="what the person is told when refused, in the language of the submission")
    granted: Annotated[BankDetailsChangeGranted | EhicReplacementGranted, Field(discriminator="kind")] | None = Field(
        description="what was granted; None when refused"
    )
