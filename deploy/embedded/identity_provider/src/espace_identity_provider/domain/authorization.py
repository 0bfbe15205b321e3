"""What the eSpace asks a provider, and how it is answered: OpenID Connect Core 1.0, section 3.1.2, with RFC 7636 and RFC 9207."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from espace_identity_provider.domain.issuer import Issuer
from espace_identity_provider.domain.login import Login, fingerprint

Parameters = Sequence[tuple[str, str]]
"""The request's parameters as they came, in order; a name may come twice."""

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


class Unanswerable(Exception):
    """The request names no address of the client, so its person is told on a page. The text is a sentence."""


class Refused(Exception):
    """The client is told, at its address, by one of the protocol's error codes."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


@dataclass(frozen=True, kw_only=True)
class AuthorizationRequest:
    """A request in order. `max_age` None: a login of any age will do."""

    redirect_uri: str
    code_challenge: str
    state: str | None
    nonce: str | None
    prompt: frozenset[str]
    max_age: timedelta | None
    acr_values: tuple[str, ...]

    def is_met_by(self, login: Login, now: datetime) -> bool:
        """Whether an earlier login will do, so that nobody needs to be asked."""
        young_enough = self.max_age is None or now - login.at <= self.max_age
        return young_enough and login.level.suffices(self.acr_values) and not self.prompt & {"login", "select_account", "consent"}

    @property
    def silent(self) -> bool:
        """Nobody may be asked."""
        return "none" in self.prompt


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a code stands for."""

    request: AuthorizationRequest
    login: Login

    def belongs_to(self, issuer: Issuer, redirect_uri: str, verifier: str) -> bool:
        """Whether whoever redeems the code is who asked for it."""
        proven = fingerprint(verifier) == self.request.code_challenge
        return proven and self.login.issuer == issuer.url and redirect_uri == self.request.redirect_uri


def answer(issuer: Issuer, asked: Parameters, **words: str) -> str:
    """The client's address with the answer in it. `iss` lets the client see who answered (RFC 9207)."""
    state = {name: value for name, value in asked if name == "state"}
    return f"{issuer.client.redirect_uri}?{urlencode({**words, **state, 'iss': issuer.url})}"


def check_where_to_answer(issuer: Issuer, asked: Parameters) -> None:
    """Raises Unanswerable."""
    if [value for name, value in asked if name == "client_id"] != [issuer.client.id]:
        raise Unanswerable("No application with this client_id is registered here. The link or the application's settings are wrong.")
    if [value for name, value in asked if name == "redirect_uri"] != [issuer.client.redirect_uri]:
        raise Unanswerable("This redirect_uri is not the registered one. The link or the application's settings are wrong.")


def read(issuer: Issuer, asked: Parameters) -> AuthorizationRequest:
    """The request, once it is known where to answer. Raises Refused."""
    given = dict(asked)
    _check_form(asked, given)
    return AuthorizationRequest(
        redirect_uri=issuer.client.redirect_uri,
        code_challenge=_challenge(given),
        state=given.get("state"),
        nonce=given.get("nonce"),
        prompt=_prompt(given),
        max_age=_max_age(given),
        acr_values=tuple(given.get("acr_values", "").split()),
    )


def _check_form(asked: Parameters, given: dict[str, str]) -> None:
    if len(given) != len(asked):
        raise Refused("invalid_request", "A parameter was sent twice.")
    for name in {"request", "request_uri", "registration"} & given.keys():
        raise Refused(f"{name}_not_supported", f"The parameter {name} is not supported.")
    if given.get("response_type") != "code":
        raise Refused("unsupported_response_type", "Only response_type=code is supported.")
    if given.get("response_mode", "query") != "query":
        raise Refused("invalid_request", "Only response_mode=query is supported.")
    if "openid" not in given.get("scope", "").split():
        raise Refused("invalid_scope", "The scope must contain openid.")


def _challenge(given: dict[str, str]) -> str:
    challenge = given.get("code_challenge", "")
    if given.get("code_challenge_method") != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise Refused("invalid_request", "A code_challenge with code_challenge_method=S256 is required.")
    return challenge


def _prompt(given: dict[str, str]) -> frozenset[str]:
    prompt = frozenset(given.get("prompt", "").split())
    if "none" in prompt and len(prompt) > 1:
        raise Refused("invalid_request", "prompt=none stands alone.")
    return prompt


def _max_age(given: dict[str, str]) -> timedelta | None:
    if "max_age" not in given:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", given["max_age"], re.ASCII):
        raise Refused("invalid_request", "max_age is a number of seconds.")
    return timedelta(seconds=int(given["max_age"]))


def languages_in(asked: Iterable[tuple[str, str]]) -> list[str]:
    """The languages that the person prefers, by `ui_locales`, best first."""
    return [tag.split("-")[0].lower() for name, value in asked if name == "ui_locales" for tag in value.split()]
