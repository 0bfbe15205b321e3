from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from espace_identity_provider.api.language import LANGUAGES, preferred, read_languages
from espace_identity_provider.domain.authorization import Parameters
from espace_identity_provider.domain.issuer import Issuer
from espace_identity_provider.domain.person import Person
from espace_identity_provider.domain.provider import Level


@dataclass(frozen=True)
class LoginPage:
    """What the login page shows. `typed` is what was typed and is no matricule; None when nothing was."""

    issuer: Issuer
    asked: Parameters
    persons: Sequence[Person]
    countries: Sequence[str]
    level: Level
    typed: str | None

    @property
    def query(self) -> str:
        """The request, to be sent along."""
        return urlencode(self.asked)

    def addresses(self) -> dict[str, str]:
        """Where the same page is in each language."""
        rest = [(name, value) for name, value in self.asked if name != "ui_locales"]
        return {code: f"{self.issuer.url}/authorize?{urlencode([*rest, ('ui_locales', code)])}" for code in LANGUAGES}


class Pages:
    """Plain pages, without scripts."""

    def __init__(self) -> None:
        self._languages = read_languages()
        self._templates = Environment(
            loader=PackageLoader("espace_identity_provider", "assets/templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def login(self, page: LoginPage, tags: Iterable[str]) -> HTMLResponse:
        """Who are you?"""
        client = urlsplit(page.issuer.client.redirect_uri)
        sends_on_to = f"{client.scheme}://{client.netloc}"  # browsers hold form-action against the redirect, too
        status = 200 if page.typed is None else 422
        shown = {"page": page, "levels": list(Level), "names": LANGUAGES}
        return self._page("login.html", tags, status, sends_on_to, **shown)

    def confirm_logout(self, issuer: Issuer, asked: Parameters, tags: Iterable[str]) -> HTMLResponse:
        """Do you want to log out?"""
        client = urlsplit(issuer.client.post_logout_redirect_uri)
        return self._page("confirm_logout.html", tags, 200, f"{client.scheme}://{client.netloc}", issuer=issuer, asked=asked)

    def logged_out(self, tags: Iterable[str]) -> HTMLResponse:
        """You are logged out."""
        return self._page("logged_out.html", tags, 200)

    def refusal(self, sentence: str, tags: Iterable[str]) -> HTMLResponse:
        """The link that led here is wrong; the sentence is for whoever made it."""
        return self._page("refusal.html", tags, 400, sentence=sentence)

    def fund_away(self, tags: Iterable[str]) -> HTMLResponse:
        """Nobody can log in for the moment."""
        return self._page("fund_away.html", tags, 503)

    def _page(self, template: str, tags: Iterable[str], status: int, sends_on_to: str = "", **shown: object) -> HTMLResponse:
        language = self._languages[preferred(tags)]
        html = self._templates.get_template(template).render(_=language.say, lang=language.code, **shown)
        policy = f"default-src 'none'; style-src 'self'; form-action 'self' {sends_on_to}; frame-ancestors 'none'; base-uri 'none'"
        headers = {
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Content-Language": language.code,
        }
        return HTMLResponse(html, status, headers=headers)
