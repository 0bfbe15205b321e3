from __future__ import annotations

import asyncio
import json
from typing import Any
from uuid import uuid4

import pytest

from espace_cns_core.domain.run import PART
from espace_cns_core.domain.sample_benefits import BENEFIT_KINDS

SETTLED = {"reimbursement_statement": "lu.cns.benefits.reimbursement.settled.v1"}
BENEFIT = "lu.cns.benefits.benefit.settled.v1"
RUN = 2 * PART + 30


async def run_told(wire_: Any, run: str, *, count: int) -> list[Any]:
    """The records of a run, once there are as many."""
    async with asyncio.timeout(60):
        while len(found := [record for record in wire_.heard if json.loads(record.value).get("run") == run]) < count:
            await asyncio.sleep(0.05)
    assert len(found) == count
    return found


async def test_one_benefit_of_each_kind_is_told_to_a_person(core, wire_):
    async with core() as fund:
        person = await fund.person()
        for kind in BENEFIT_KINDS:
            answer = await fund.http.post("/internal/benefits", json={"insured": person["insured"], "kind": kind})
            assert (answer.status_code, answer.json()["type"]) == (201, kind)
            told = await wire_.until(answer.json()["benefit"], SETTLED.get(kind, BENEFIT))
            assert (told["insured"], told["run"]) == (person["insured"], None)


async def test_a_benefit_is_told_once_with_the_content_that_is_given(core, wire_):
    async with core() as fund:
        person, benefit = await fund.person(), str(uuid4())
        content = {
            "type": "late_declaration_warning", "absent_from": "2026-03-02", "due_on": "2026-03-04", "received_on": "2026-03-09",
        }  # fmt: skip
        for _ in range(2):
            answer = await fund.http.post("/internal/benefits", json={"insured": person["insured"], "benefit": benefit, "content": content})
            assert (answer.status_code, answer.json()["type"]) == (201, "late_declaration_warning")
        assert (await wire_.until(benefit, BENEFIT))["content"] == content


@pytest.mark.parametrize(
    "wrong", [{}, {"kind": "closing_letter"}, {"kind": "late_declaration_warning", "content": {"type": "late_declaration_warning"}}]
)
async def test_what_is_no_benefit_is_refused(core, wrong):
    async with core() as fund:
        person = await fund.person()
        assert (await fund.http.post("/internal/benefits", json={"insured": person["insured"], **wrong})).status_code == 422


async def test_nobody_who_is_not_on_file_has_a_benefit(core):
    async with core() as fund:
        answer = await fund.http.post("/internal/benefits", json={"insured": str(uuid4()), "kind": "late_declaration_warning"})
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-on-file")


async def test_a_run_reaches_each_of_its_persons_once_and_its_progress_is_told(core, wire_):
    run = {"run": str(uuid4()), "count": RUN, "offset": 50_000}
    async with core() as fund:
        for _ in range(2):
            answer = await fund.http.post("/internal/runs", json=run)
            steps = [json.loads(line) for line in answer.text.splitlines()]
            assert [step["told"] for step in steps] == [PART, 2 * PART, RUN]
            assert {(step["run"], step["count"]) for step in steps} == {(run["run"], RUN)}
        told = await run_told(wire_, run["run"], count=RUN)
        assert len({record.key for record in told}) == RUN
        assert {dict(record.headers)["ce_type"].decode() for record in told} == {SETTLED["reimbursement_statement"]}
