"""How the stand-in tells what a decision grants."""

from __future__ import annotations

from espace_cns_core.domain.grants import (
    Granted,
    GrantedAccount,
    GrantedAppointment,
    GrantedCertificate,
    GrantedCoinsurance,
    GrantedEntitlement,
)
from espace_cns_core.domain.person import Identity
from espace_contracts.events import (
    AppointmentGranted,
    BankDetailsChangeGranted,
    CoinsuranceGranted,
    CoinsuredPerson,
    EhicReplacementGranted,
    EntitledPerson,
    EntitlementGranted,
)

INSTITUTION_ID = "0000"
INSTITUTION_NAME = "Caisse nationale de santé (sample)"
"""Sample data, and marked as such: the institution's real number belongs to the fund."""

Told = BankDetailsChangeGranted | EhicReplacementGranted | CoinsuranceGranted | EntitlementGranted | AppointmentGranted


def told(granted: Granted) -> Told:
    """What was granted, as the contract says it."""
    match granted:
        case GrantedAccount(account, replaced_iban):
            return BankDetailsChangeGranted(
                replaced_iban=replaced_iban, iban=account.iban, bic=account.bic, holder=account.holder, effective_on=account.since
            )
        case GrantedCertificate():
            return _certificate(granted)
        case GrantedCoinsurance():
            return _coinsurance(granted)
        case GrantedEntitlement():
            return _entitlement(granted)
        case GrantedAppointment():
            return AppointmentGranted()


def _certificate(granted: GrantedCertificate) -> EhicReplacementGranted:
    return EhicReplacementGranted(
        holder_name=granted.holder.family_name,
        holder_given_names=granted.holder.given_name,
        date_of_birth=granted.holder.date_of_birth,
        matricule=granted.holder.matricule,
        institution_id=INSTITUTION_ID,
        institution_name=INSTITUTION_NAME,
        card_number=granted.card_number,
        card_expires_on=granted.card_expires_on,
        valid_from=granted.valid_from,
        valid_to=granted.valid_to,
        destination=granted.destination,
    )


def _coinsurance(granted: GrantedCoinsurance) -> CoinsuranceGranted:
    coinsured = tuple(
        CoinsuredPerson(
            name=member.identity.full_name,
            matricule=member.identity.matricule,
            relation=member.relation,
            since=member.coinsured_from or granted.as_of,
            until=member.coinsured_until,
        )
        for member in granted.coinsured
    )
    return CoinsuranceGranted(
        principal_name=granted.principal.full_name,
        principal_matricule=granted.principal.matricule,
        coinsured=coinsured,
        as_of=granted.as_of,
    )


def _entitlement(granted: GrantedEntitlement) -> EntitlementGranted:
    return EntitlementGranted(
        country=granted.country,
        form=granted.form,
        persons=tuple(map(_entitled, granted.persons)),
        address_of_stay=granted.address_of_stay,
        institution_id=INSTITUTION_ID,
        institution_name=INSTITUTION_NAME,
        valid_from=granted.valid_from,
        valid_to=granted.valid_to,
    )


def _entitled(identity: Identity) -> EntitledPerson:
    return EntitledPerson(name=identity.full_name, date_of_birth=identity.date_of_birth, matricule=identity.matricule)
