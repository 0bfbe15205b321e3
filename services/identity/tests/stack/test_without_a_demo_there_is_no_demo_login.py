from __future__ import annotations

import httpx

from espace_identity.settings import Settings
from espace_identity.wiring import wire
from espace_kernel.service import Kernel, application


async def test_outside_of_a_demo_nothing_is_at_the_address_of_its_login(store, secrets):
    kernel = Kernel("identity", Settings(mongodb=store.uri, secrets=secrets, demo_login=False))
    transport = httpx.ASGITransport(application(kernel, wire(kernel)))
    async with kernel.client, httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8101") as http:
        login = await http.post("/api/v1/session", json={"matricule": "1983081246785"})
        nothing = await http.post("/api/v1/nothing-here")
    assert login.status_code == nothing.status_code == 404
    assert login.json() == nothing.json()
