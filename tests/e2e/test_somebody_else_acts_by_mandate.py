from __future__ import annotations

from harness.procedure import change_of_bank_details, ehic_certificate


async def test_a_parent_acts_for_a_minor_child_and_the_child_sees_it(espace):
    parent = await espace.insured_person(edelivery=False, family=True)
    [_older, child] = await espace.relatives(parent, "child")
    acting = parent.acts_for(child)

    assert (await acting.looks_at("me"))["given_name"] == child.file.given_name
    procedure = await acting.submits(ehic_certificate())
    await acting.sees_status(procedure, "closed")

    assert (await child.sees(procedure))["status"] == "closed"
    assert (await parent.looks_at("procedures"))["procedures"] == []
    seen = [entry for entry in (await child.looks_at("accesses?limit=100"))["accesses"] if entry["actor"] == "mandate_holder"]
    assert {entry["details"]["operation"] for entry in seen} >= {"getMe", "startProcedure", "submitProcedure"}
    assert {entry["name"] for entry in seen} == {f"{parent.file.given_name} {parent.file.family_name}"}


async def test_an_adult_acts_by_consent_within_the_scopes_until_it_is_revoked(espace):
    person, helper = [await espace.insured_person(edelivery=False) for _ in range(2)]
    acting = helper.acts_for(person)
    assert (await acting.asks("GET", "/api/v1/me")).json()["type"] == "/problems/no-mandate"

    mandate = await person.gives_mandate(helper, "records", "procedures")
    assert (await acting.looks_at("me"))["family_name"] == person.file.family_name
    assert (await acting.asks("GET", "/api/v1/documents")).status_code == 403

    draft = await acting.starts(change_of_bank_details())
    seen = await acting.sees(draft)
    refused = await acting.asks("POST", f"/api/v1/procedures/{draft.id}/submissions", headers={"If-Match": f'"{seen["version"]}"'})
    assert refused.status_code == 403, "a change of bank details wants the person's own login"

    await person.steps_up()
    assert (await person.asks("DELETE", f"/api/v1/mandates/{mandate}")).is_success
    assert (await acting.asks("GET", "/api/v1/me")).json()["type"] == "/problems/no-mandate"


async def test_a_spouse_without_a_mandate_sees_nothing(espace):
    person = await espace.insured_person(edelivery=False, family=True)
    [spouse] = await espace.relatives(person, "spouse")
    assert (await person.acts_for(spouse).asks("GET", "/api/v1/me")).status_code == 403
    assert (await spouse.acts_for(person).asks("GET", "/api/v1/me")).status_code == 403
