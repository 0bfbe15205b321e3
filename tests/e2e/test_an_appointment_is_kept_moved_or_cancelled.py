from __future__ import annotations

from harness.procedure import agency_appointment


async def test_a_booked_time_is_nobody_elses_until_it_is_given_back(espace):
    first, second = [await espace.insured_person(edelivery=False) for _ in range(2)]
    shown = await first.looks_at("agencies")
    agency, subject = shown["agencies"][-1]["agency"], shown["subjects"][0]["subject"]
    slots = await first.looks_at(f"agencies/{agency}/slots")
    wanted = next(slot["starts_at"] for slot in reversed(slots["slots"]) if slot["free"] == 1)

    mine = await first.submits(agency_appointment(agency, wanted, subject))
    await first.sees_status(mine, "closed")
    late = await second.starts(agency_appointment(agency, wanted, subject))
    seen = await second.sees(late)
    refused = await second.asks("POST", f"/api/v1/procedures/{late.id}/submissions", headers={"If-Match": f'"{seen["version"]}"'})
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["slot"]

    [appointment] = (await first.looks_at("appointments"))["appointments"]
    other = next(slot for slot in await first.free_slots(agency) if slot != wanted)
    moved = await first.asks("POST", f"/api/v1/appointments/{appointment['id']}/moves", json={"slot": other})
    assert (moved.status_code, moved.json()["starts_at"]) == (201, other)
    assert (await first.asks("DELETE", f"/api/v1/appointments/{appointment['id']}")).status_code == 204

    await second.forwards(late)  # the time that was taken is free again
    await second.sees_status(late, "closed")
    assert (await second.looks_at("appointments"))["appointments"][0]["starts_at"] == wanted
