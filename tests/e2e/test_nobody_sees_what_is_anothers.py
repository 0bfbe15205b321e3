from __future__ import annotations

import pytest
from harness.procedure import change_of_bank_details, ehic_certificate


async def test_another_persons_ids_answer_404_and_change_nothing(espace):
    owner = await espace.insured_person(edelivery=True)
    closed = await owner.submits(ehic_certificate())
    document = await owner.receives(exactly=1, about=closed)
    draft = await owner.starts(change_of_bank_details())
    before = await owner.sees(draft)
    attachment = before["attachments"][0]["id"]

    other = await espace.insured_person(edelivery=True)
    at, version = f"/api/v1/procedures/{draft.id}", {"If-Match": f'"{before["version"]}"'}
    requests = [
        ("GET", f"/api/v1/documents/{document.id}", {}),
        ("GET", f"/api/v1/documents/{document.id}/pdf", {}),
        ("GET", f"/api/v1/procedures/{closed.id}", {}),
        ("GET", at, {}),
        ("PUT", f"{at}/answers", {"json": {"answers": {}}, "headers": version}),
        ("POST", f"{at}/attachments", {"data": {"role": "bank_statement"}, "files": {"file": ("a.pdf", b"%PDF-1.4")}, "headers": version}),
        ("DELETE", f"{at}/attachments/{attachment}", {"headers": version}),
        ("POST", f"{at}/submissions", {"headers": version}),
        ("DELETE", at, {"headers": version}),
    ]
    for method, path, content in requests:
        answer = await other.asks(method, path, **content)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), f"{method} {path}"

    assert await owner.sees(draft) == before
    assert await other.documents() == []
    assert (await other.asks("GET", "/api/v1/procedures")).json()["procedures"] == []


@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/me/bank-details", "/api/v1/documents", "/api/v1/procedures", "/api/v1/edelivery"])
async def test_without_a_login_nothing_is_shown(espace, path):
    answer = await (await espace.stranger()).get(path)
    assert (answer.status_code, answer.json()["type"]) == (401, "/problems/not-logged-in")


@pytest.mark.parametrize("path", ["/internal/letters/00000000-0000-0000-0000-000000000000", "/internal/token", "/metrics", "/readyz"])
async def test_what_is_for_services_and_operators_is_not_at_the_gateways_public_addresses(espace, path):
    person = await espace.insured_person(edelivery=False)
    assert (await person.asks("GET", f"/api/v1{path}")).status_code == 404
