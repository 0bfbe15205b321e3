from __future__ import annotations

from espace_identity_provider.app.ports import Clock, Kept, Signer
from espace_identity_provider.domain.authorization import Grant, Refused
from espace_identity_provider.domain.issuer import Issuer


class RedeemCode:
    """The client fetches the ID token. A code is good for one try, right or wrong."""

    def __init__(self, codes: Kept[Grant], signer: Signer, clock: Clock) -> None:
        self._codes, self._signer, self._clock = codes, signer, clock

    def __call__(self, issuer: Issuer, code: str, redirect_uri: str, verifier: str) -> str:
        """The ID token. Raises Refused."""
        grant = self._codes.take(code)
        if grant is None or not grant.belongs_to(issuer, redirect_uri, verifier):
            raise Refused("invalid_grant", "The code is unknown, used or expired, or it was given to somebody else.")
        return self._signer.sign(issuer, issuer.id_token(grant.login, grant.request.nonce, self._clock()), "JWT")
