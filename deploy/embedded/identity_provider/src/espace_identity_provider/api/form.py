from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from espace_identity_provider.domain.authorization import Parameters


async def _form(request: Request) -> Parameters:
    return parse_qsl((await request.body()).decode(errors="replace"), keep_blank_values=True)


Form = Annotated[Parameters, Depends(_form)]
"""Parameter of a route: the fields of a form in order, doubles included, which the protocol forbids."""
