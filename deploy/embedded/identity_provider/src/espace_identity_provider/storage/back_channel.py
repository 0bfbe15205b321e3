from __future__ import annotations

import httpx

from espace_kernel.logs import logger

log = logger()


class FormPosts:
    """Tells the eSpace by a form, as OpenID Connect Back-Channel Logout 1.0 says."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def tell(self, address: str, logout_token: str) -> None:
        """As the port says."""
        try:
            answer = await self._http.post(address, data={"logout_token": logout_token})
        except httpx.TransportError as error:
            log.warning("the eSpace could not be told of a logout", error=type(error).__name__)
        else:
            log.info("the eSpace was told of a logout", status=answer.status_code)
