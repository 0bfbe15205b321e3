from __future__ import annotations

from dataclasses import dataclass

from espace_cns_core.domain.person import Account


@dataclass(frozen=True)
class GrantedAccount:
    """The account that is on file from now on, and the one it replaces."""

    account: Account
    replaced_iban: str | None
