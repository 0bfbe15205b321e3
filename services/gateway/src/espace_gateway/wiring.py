from __future__ import annotations

import json
import time
from contextlib import aclosing
from importlib.resources import files

from starlette.types import ASGIApp

from espace_gateway.api import description, forwarding, live
from espace_gateway.api.admission import Admission, PublicAddress
from espace_gateway.api.forwarding import Forwarding
from espace_gateway.api.identity import IdentityService
from espace_gateway.api.security import OperatorsAlone, SecurityHeaders
from espace_gateway.api.services import Services
from espace_gateway.app.end_sessions import EndSessions
from espace_gateway.app.live_status import LiveStatus
from espace_gateway.app.person_tokens import PersonTokens
from espace_gateway.app.use_cases import UseCases
from espace_gateway.domain.operation import operations_of
from espace_gateway.domain.rates import Allowances
from espace_gateway.events.incoming import subscriptions
from espace_gateway.settings import Settings
from espace_kernel.service import Kernel, Wiring


def wire(kernel: Kernel) -> Wiring:
    """The gateway, composed."""
    settings = kernel.settings
    assert isinstance(settings, Settings)
    document = json.loads(files("espace_gateway").joinpath("assets/openapi.json").read_text(encoding="utf-8"))
    services = Services({
        "identity": settings.identity_url,
        "records": settings.records_url,
        "procedures": settings.procedures_url,
        "documents": settings.documents_url,
    })  # fmt: skip
    public = _public_address(settings)
    identity = IdentityService(services, settings.secret("gateway.client-secret"))
    tokens, pages = PersonTokens(identity, time.monotonic), LiveStatus()
    admission = Admission(public, identity, tokens, Allowances() if settings.rate_limits else None)

    def around(app: ASGIApp) -> ASGIApp:
        return SecurityHeaders(OperatorsAlone(app, proxies=public.proxies), https=public.https)

    return Wiring(
        routers=(
            description.routes(document),
            live.routes(pages, admission, identity),
            forwarding.routes(operations_of(document), Forwarding(services, admission, tokens)),
        ),
        watches=subscriptions,
        use_cases=UseCases(live=pages, end_sessions=EndSessions(tokens, pages)),
        running=(aclosing(services),),
        let_go=pages.end_all,
        around=around,
    )


def _public_address(settings: Settings) -> PublicAddress:
    url = settings.public_url
    usual_port = url.port == {"https": 443, "http": 80}[url.scheme]
    return PublicAddress(f"{url.scheme}://{url.host}{'' if usual_port else f':{url.port}'}", url.scheme == "https", settings.proxies)
