from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import httpx
from fastapi import APIRouter

from espace_identity_provider.api import authorization, discovery, logout, style, token
from espace_identity_provider.api.pages import Pages
from espace_identity_provider.app.ask_for_login import AskForLogin
from espace_identity_provider.app.find_person import FindPerson
from espace_identity_provider.app.log_in import LogIn
from espace_identity_provider.app.log_out import LogOut
from espace_identity_provider.app.ports import BackChannel, Clock, Persons
from espace_identity_provider.app.redeem_code import RedeemCode
from espace_identity_provider.app.use_cases import UseCases
from espace_identity_provider.domain.authorization import Grant
from espace_identity_provider.domain.issuer import Client, Issuer
from espace_identity_provider.domain.login import Login
from espace_identity_provider.domain.provider import PROVIDERS, Provider
from espace_identity_provider.settings import CLIENT_SECRET, Settings
from espace_identity_provider.storage.back_channel import FormPosts
from espace_identity_provider.storage.fund import Fund
from espace_identity_provider.storage.keys import Keys
from espace_identity_provider.storage.memory import Memory
from espace_kernel.clock import utc_now
from espace_kernel.service import Kernel, Wiring

CODE_LIFETIME = timedelta(seconds=60)
SESSION_LIFETIME = timedelta(hours=8)


def wire(kernel: Kernel) -> Wiring:
    """The stand-ins, put together."""
    settings = kernel.settings
    assert isinstance(settings, Settings)
    to_the_fund, to_the_espace = httpx.AsyncClient(base_url=settings.cns_core_url, timeout=5), httpx.AsyncClient(timeout=5)
    routers = compose(settings, Fund(to_the_fund), FormPosts(to_the_espace), utc_now)
    return Wiring(routers=routers, running=(to_the_fund, to_the_espace))


def compose(settings: Settings, persons: Persons, back_channel: BackChannel, clock: Clock) -> list[APIRouter]:
    """Everything but the connections to others."""
    issuers = [_issuer(settings, provider) for provider in PROVIDERS]
    keys, pages = Keys(issuers), Pages()
    sessions, codes = Memory[Login](SESSION_LIFETIME, clock), Memory[Grant](CODE_LIFETIME, clock)
    do = UseCases(
        persons=persons,
        find_person=FindPerson(persons),
        ask_for_login=AskForLogin(sessions, codes, clock),
        log_in=LogIn(sessions, codes, clock),
        redeem_code=RedeemCode(codes, keys, clock),
        log_out=LogOut(sessions, keys, back_channel, clock, uuid4),
    )
    routers = [style.routes()]
    for issuer in issuers:
        routers += [
            discovery.routes(issuer, keys.published(issuer)),
            authorization.routes(do, issuer, pages),
            token.routes(do, issuer),
            logout.routes(do, issuer, pages, keys),
        ]
    return routers


def _issuer(settings: Settings, provider: Provider) -> Issuer:
    espace = str(settings.public_url).rstrip("/")
    client = Client(
        id="espace",
        secret=settings.secret(CLIENT_SECRET),
        redirect_uri=f"{espace}/api/v1/login/callback/{provider.id}",
        post_logout_redirect_uri=f"{espace}/",
        backchannel_logout_uri=f"{espace}/api/v1/login/backchannel-logout/{provider.id}",
    )
    return Issuer(provider=provider, url=f"http://{settings.host}:{settings.port}/{provider.id}", client=client)
