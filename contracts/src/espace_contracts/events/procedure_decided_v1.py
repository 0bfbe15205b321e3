from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from espace_contracts.event import Event
from espace_contracts.topics import DECISIONS
from espace_contracts.vocabulary import Outcome, ProcedureId, ProcedureKind, Relation, StayCountry, Value


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


class CoinsuredPerson(Value):
    """One person insured through the principal."""

    name: str
    matricule: str
    relation: Relation
    since: date
    until: date | None = Field(description="None while it goes on")


class CoinsuranceGranted(Value):
    """What the certificate states of the principal insured person and those insured through them."""

    kind: Literal[ProcedureKind.COINSURANCE_CERTIFICATE] = ProcedureKind.COINSURANCE_CERTIFICATE
    principal_name: str
    principal_matricule: str
    coinsured: tuple[CoinsuredPerson, ...] = Field(min_length=1)
    as_of: date


class EntitledPerson(Value):
    """One person whom a certificate of entitlement covers."""

    name: str
    date_of_birth: date
    matricule: str


class EntitlementGranted(Value):
    """What the certificate states to the social security body at the place of stay."""

    kind: Literal[ProcedureKind.ENTITLEMENT_CERTIFICATE] = ProcedureKind.ENTITLEMENT_CERTIFICATE
    country: StayCountry
    form: str = Field(description="the name of the form under the agreement")
    persons: tuple[EntitledPerson, ...] = Field(min_length=1)
    address_of_stay: str | None
    institution_id: str
    institution_name: str
    valid_from: date
    valid_to: date


class AppointmentGranted(Value):
    """The agency expects the person."""

    kind: Literal[ProcedureKind.AGENCY_APPOINTMENT] = ProcedureKind.AGENCY_APPOINTMENT


Granted = Annotated[
    BankDetailsChangeGranted | EhicReplacementGranted | CoinsuranceGranted | EntitlementGranted | AppointmentGranted,
    Field(discriminator="kind"),
]


class ProcedureDecided(Event, type="lu.cns.decisions.procedure.decided.v1", topic=DECISIONS, subject="procedure"):
    """The fund's final decision on a submission. Written once per procedure."""

    procedure: ProcedureId
    submission: int = Field(ge=1, description="the number of the submission that was decided")
    outcome: Outcome
    decided_on: date
    reason: str | None = Field(description="what the person is told when refused, in the language of the submission")
    granted: Granted | None = Field(description="what was granted; None when refused")
    also_granted: tuple[Granted, ...] = Field((), description="more of the same, such as one certificate for each further person")
