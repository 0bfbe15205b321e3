"""One login, from the moment a browser is sent to a provider until the provider's word is believed or refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from espace_contracts.vocabulary import InsuredId
from espace_identity.domain.secret import belongs
from espace_identity.domain.session import AtProvider

ATTEMPT_LASTS = timedelta(minutes=10)
"""How long a person may take at the provider."""
SINGLE_SIGN_ON = timedelta(hours=1)
"""How old the proof at the provider may be for an ordinary login; a step-up wants a new one."""
_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]{0,499}", re.ASCII)
"""A path, query and fragment of this site: printable ASCII without a backslash, which browsers read as a slash."""


class Refusal(StrEnum):
    """Why a login was refused. The value is told with the problem, so that a help desk knows what happened."""

    ATTEMPT_OVER = "attempt-over"
    OTHER_BROWSER = "other-browser"
    OTHER_PROVIDER = "other-provider"
    CALLBACK = "callback"
    CALLBACK_ISSUER = "callback-issuer"
    CANCELLED = "cancelled"

    AWAY = "away"
    METADATA = "metadata"
    KEYS = "keys"
    CODE = "code"
    TOKEN_ANSWER = "token-answer"  # noqa: S105  # a reason, no secret
    NO_ID_TOKEN = "no-id-token"  # noqa: S105  # a reason, no secret
    TOKEN = "token"  # noqa: S105  # a reason, no secret
    SIGNATURE = "signature"
    ALGORITHM = "algorithm"
    KEY_UNKNOWN = "key-unknown"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    AUTHORIZED_PARTY = "authorized-party"
    EXPIRED = "expired"
    NOT_YET_VALID = "not-yet-valid"
    ISSUED_AT = "issued-at"
    NONCE = "nonce"
    SUBJECT = "subject"
    AUTH_TIME = "auth-time"
    TOKEN_HASH = "token-hash"  # noqa: S105  # a reason, no secret
    MATRICULE = "matricule"
    PERSON_IDENTIFIER = "person-identifier"

    LEVEL = "level"
    NOT_ON_FILE = "not-on-file"
    DECEASED = "deceased"
    ANOTHER_PERSON = "another-person"
    IDENTITY_REPLACED = "identity-replaced"


class LoginRefused(Exception):
    """This login opens no session. Carries no personal data."""

    def __init__(self, why: Refusal) -> None:
        super().__init__(why.value)
        self.why = why


class NotOurPath(Exception):
    """The address to return to is not a path of this site."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginAttempt:
    """A browser sent to a provider. It is found by its `state`, once, and belongs to the browser that holds the other secret."""

    provider: str
    browser: str
    """The fingerprint of what the browser's cookie holds."""
    nonce: str
    code_verifier: str
    return_to: str
    began_at: datetime
    step_up_for: InsuredId | None = None
    """Set when a person who is logged in proves themselves anew: only the same person may."""

    @property
    def ends_at(self) -> datetime:
        """From when on it is worth nothing."""
        return self.began_at + ATTEMPT_LASTS

    @property
    def proof_since(self) -> datetime:
        """The person must have proven themselves at the provider after this moment."""
        return self.began_at if self.step_up_for else self.began_at - SINGLE_SIGN_ON

    @property
    def max_age(self) -> int:
        """The same as the provider is asked for it: seconds before the login."""
        return 0 if self.step_up_for else int(SINGLE_SIGN_ON.total_seconds())

    def must_be_of(self, provider: str, browser: str | None, at: datetime) -> None:
        """Raises LoginRefused unless this provider answers this browser in time."""
        if at >= self.ends_at:
            raise LoginRefused(Refusal.ATTEMPT_OVER)
        if not belongs(browser, self.browser):
            raise LoginRefused(Refusal.OTHER_BROWSER)
        if provider != self.provider:
            raise LoginRefused(Refusal.OTHER_PROVIDER)


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignIdentity:
    """A person as another European country knows them, verified by eIDAS (its four mandatory attributes)."""

    identifier: str
    given_name: str
    family_name: str
    date_of_birth: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Vouched:
    """What a provider vouches for, verified. It names the person by matricule, or by the identity of another country."""

    at_provider: AtProvider
    acr: str
    authenticated_at: datetime
    matricule: str | None = None
    foreign: ForeignIdentity | None = None


def own_path(text: str) -> str:
    """The address, if it is a path of this site. Raises NotOurPath: a login is no way to send a person elsewhere."""
    if not _OWN_PATH.fullmatch(text):
        raise NotOurPath("The address to return to must be a path of the eSpace, such as /procedures. Leave it out to return to the start.")
    return text
