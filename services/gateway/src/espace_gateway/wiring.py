from __future__ import annotations

import json
import time
from contextlib import aclosing
from functools import partial
from importlib.resources import files

from pydantic import HttpUrl

from espace_gateway.api import description, forwarding
from espace_gateway.api.forwarding import Forwarding, PublicAddress
from espace_gateway.api.identity import IdentityService
from espace_gateway.api.security import SecurityHeaders
from espace_gateway.api.services import Services
from espace_gateway.app.person_tokens import PersonTokens
from espace_gateway.domain.operation import operations_of
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
    tokens = PersonTokens(IdentityService(services, settings.secret("gateway.client-secret")), time.monotonic)
    public = _public_address(settings.public_url)
    return Wiring(
        routers=(description.routes(document), forwarding.routes(operations_of(document), Forwarding(services, tokens, public))),
        running=(aclosing(services),),
        around=partial(SecurityHeaders, https=public.https),
    )


def _public_address(url: HttpUrl) -> PublicAddress:
    usual_port = url.port == {"https": 443, "http": 80}[url.scheme]
    return PublicAddress(f"{url.scheme}://{url.host}{'' if usual_port else f':{url.port}'}", url.scheme == "https")
