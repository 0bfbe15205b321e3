from __future__ import annotations

from dataclasses import dataclass

from espace_identity_provider.app.ask_for_login import AskForLogin
from espace_identity_provider.app.find_person import FindPerson
from espace_identity_provider.app.log_in import LogIn
from espace_identity_provider.app.log_out import LogOut
from espace_identity_provider.app.ports import Persons
from espace_identity_provider.app.redeem_code import RedeemCode


@dataclass(frozen=True)
class UseCases:
    """All that a stand-in does."""

    persons: Persons
    find_person: FindPerson
    ask_for_login: AskForLogin
    log_in: LogIn
    redeem_code: RedeemCode
    log_out: LogOut
