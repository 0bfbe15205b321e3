"""What an approval gives the person: an account on file, what certificates will state, or an appointment. One file a kind."""

from __future__ import annotations

from espace_cns_core.domain.grants.account import GrantedAccount
from espace_cns_core.domain.grants.appointment import GrantedAppointment
from espace_cns_core.domain.grants.coinsurance import GrantedCoinsurance
from espace_cns_core.domain.grants.ehic_replacement import GrantedCertificate
from espace_cns_core.domain.grants.entitlement import GrantedEntitlement

Granted = GrantedAccount | GrantedCertificate | GrantedCoinsurance | GrantedEntitlement | GrantedAppointment

__all__ = ["Granted", "GrantedAccount", "GrantedAppointment", "GrantedCertificate", "GrantedCoinsurance", "GrantedEntitlement"]
