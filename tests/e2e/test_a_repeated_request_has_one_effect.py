from __future__ import annotations

import asyncio
from uuid import uuid4

from harness.procedure import change_of_bank_details, ehic_certificate


async def test_a_double_click_on_forward_makes_one_submission_and_one_document(espace):
    person = await espace.insured_person(edelivery=True)
    draft = await person.starts(ehic_certificate())
    shown = await person.sees(draft)
    once = {"Idempotency-Key": str(uuid4()), "If-Match": f'"{shown["version"]}"'}
    click = f"/api/v1/procedures/{draft.id}/submissions"
    answers = await asyncio.gather(*[person.asks("POST", click, headers=once) for _ in range(5)])

    assert {answer.status_code for answer in answers} <= {201, 409}
    assert any(answer.status_code == 201 for answer in answers)
    await person.receives(exactly=1, about=draft)
    await espace.topics.are_quiet()
    assert (await person.sees(draft))["submissions"] == 1
    assert len(await person.documents()) == 1


async def test_starting_twice_goes_on_with_the_open_draft(espace):
    person = await espace.insured_person(edelivery=True)
    first = await person.starts(change_of_bank_details())
    again = await person.starts(change_of_bank_details())
    assert again == first
    assert len((await person.asks("GET", "/api/v1/procedures")).json()["procedures"]) == 1
