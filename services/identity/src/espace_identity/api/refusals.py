"""What a person reads when a login is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from espace_identity.app.begin_login import NoProvider
from espace_identity.domain.link import LinkingLimit, LinkRefused, NoLinking
from espace_identity.domain.login import LoginRefused, NotOurPath, Refusal
from espace_identity.domain.matricule import NotAMatricule
from espace_identity.domain.session import NoSession
from espace_kernel.logs import logger
from espace_kernel.problems import Problem

log = logger()

_ANOTHER_BROWSER = (
    400, "login-of-another-browser",
    "This login was begun in another browser, or cookies are blocked. Begin again here, and allow cookies for this site.",
)  # fmt: skip
_MIXED_UP = (400, "login-mixed-up", "This answer does not belong to the login that was begun. Begin again from the eSpace's own page.")
_AWAY = (
    503,
    "login-provider-away",
    "The provider of this login does not answer right now. Try again later, or choose another way to log in.",
)
_NOT_TRUSTED = (
    502, "login-not-trusted",
    "The provider's answer did not pass the checks that protect you, so nobody was logged in. Begin again; if it persists, tell the CNS.",
)  # fmt: skip

_PROBLEMS = {
    Refusal.ATTEMPT_OVER: (400, "login-over", "This login took too long or was used already. Begin again."),
    Refusal.OTHER_BROWSER: _ANOTHER_BROWSER,
    Refusal.OTHER_PROVIDER: _MIXED_UP,
    Refusal.CALLBACK: _MIXED_UP,
    Refusal.CALLBACK_ISSUER: _MIXED_UP,
    Refusal.CANCELLED: (
        400, "login-cancelled", "The login was cancelled, or the provider refused it. Begin again, or choose another way to log in.",
    ),
    Refusal.AWAY: _AWAY,
    Refusal.LEVEL: (
        403, "level-of-assurance", "This wants a login at the level substantial or higher. Log in with LuxTrust, eID or eIDAS.",
    ),
    Refusal.NOT_ON_FILE: (
        403, "not-insured", "The CNS has no file on you, so there is no eSpace to open. If you are insured with the CNS, call it.",
    ),
    Refusal.DECEASED: (
        403, "person-deceased", "The CNS's file says that this person has died, so their eSpace is closed. If that is wrong, call the CNS.",
    ),
    Refusal.ANOTHER_PERSON: (
        403, "another-person", "This was to confirm that it is still you, but somebody else logged in. Log in as yourself, or log out.",
    ),
    Refusal.IDENTITY_REPLACED: (
        403, "identity-replaced", "You linked a newer electronic identity, so this one opens nothing any more. Log in with the newer one.",
    ),
}  # fmt: skip
"""Whatever is not named is the provider's answer, and not trusted."""

_OTHERS: dict[type[Exception], tuple[int, str, str, dict[str, str] | None]] = {
    NoProvider: (404, "no-provider", "There is no such way to log in. Choose one of those under /api/v1/login/providers.", None),
    NoSession: (401, "not-logged-in", "You are not logged in, or the login has ended. Log in and try again.", None),
    NoLinking: (404, "nothing-to-link", "There is nothing to link in this browser, or it took too long. Log in again.", None),
    LinkingLimit: (
        429, "linking-limit", "This identity tried too many numbers. Try again tomorrow, or call the CNS.", {"Retry-After": "86400"},
    ),
    LinkRefused: (
        403, "link-refused",
        "The name and date of birth of your electronic identity are not those of this matricule. Check it, or call the CNS.", None,
    ),
}  # fmt: skip


@contextmanager
def told_as_problems() -> Iterator[None]:
    """Every way a login can be refused, as the problem that tells it."""
    try:
        yield
    except LoginRefused as refused:
        raise problem_of(refused) from None
    except NotOurPath as error:
        raise Problem(422, "not-our-path", str(error)) from None
    except NotAMatricule as error:
        raise Problem(422, "invalid-matricule", f"{error} Check the number on your social security card.") from None
    except (NoProvider, NoSession, NoLinking, LinkingLimit, LinkRefused) as error:
        status, name, says, headers = _OTHERS[type(error)]
        raise Problem(status, name, says, headers=headers) from None


def problem_of(refused: LoginRefused) -> Problem:
    """The problem, with `reason` as a word for the help desk."""
    status, name, says = _PROBLEMS.get(refused.why, _NOT_TRUSTED)
    log.warning("a login was refused", reason=refused.why.value)
    retry = {"Retry-After": "60"} if refused.why is Refusal.AWAY else None
    return Problem(status, name, says, headers=retry, reason=refused.why.value)
