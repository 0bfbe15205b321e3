"""The persons of the matrix, and what one of them has in the eSpace."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from harness.espace import Espace
from harness.person import InsuredPerson
from harness.procedure import Wish, change_of_bank_details, ehic_certificate
from harness.waiting import until
from joserfc import jwt
from joserfc.jwk import ECKey

from espace_kernel.access import ALGORITHM, AUDIENCE, ISSUER

from .callers import Caller

LOW = "http://eidas.europa.eu/LoA/low"


@dataclass(frozen=True)
class Estate:
    """Who asks, and the ids of the things of the person, each by its name in the API's paths."""

    espace: Espace
    person: InsuredPerson
    another: InsuredPerson
    holder: InsuredPerson
    holders_without: Mapping[str, InsuredPerson]
    """By the service whose scope they lack."""
    revoked: str
    """The secret of a session of the person that was ended."""
    things: Mapping[str, str]

    def who(self, caller: Caller, service: str) -> InsuredPerson:
        """Somebody who is logged in."""
        logged_in = {
            Caller.PERSON: self.person, Caller.ANOTHER: self.another, Caller.HOLDER: self.holder,
            Caller.WITHOUT_SCOPE: self.holders_without.get(service, self.holder),
        }  # fmt: skip
        return logged_in[caller]

    def asks_by(self, caller: Caller, service: str) -> InsuredPerson:
        """The same, acting for the person where they hold a mandate."""
        who = self.who(caller, service)
        return who.acts_for(self.person) if caller in {Caller.HOLDER, Caller.WITHOUT_SCOPE} else who

    def low_token(self) -> str:
        """What identity would sign for the person after a login at the level low, if it let that happen."""
        key = ECKey.import_key((self.espace.state / "secrets" / "identity-signing-key.pem").read_text())
        now = int(time.time())
        claims = {
            "iss": ISSUER, "aud": AUDIENCE, "sub": self.person.file.insured, "kind": "person", "acr": LOW, "auth_time": now,
            "sid": str(uuid4()), "iat": now, "exp": now + 60,
        }  # fmt: skip
        return jwt.encode({"alg": ALGORITHM, "kid": key.thumbprint()}, claims, key)

    @property
    def secrets(self) -> list[str]:
        """What is the person's alone and must be in nobody else's answer."""
        file = self.person.file
        ids = [self.things[name] for name in ("procedure", "document", "attachment", "appointment", "reimbursement", "session")]
        return [file.insured, file.matricule, file.family_name, file.iban, *ids]


async def prepared(espace: Espace) -> Estate:
    """Five persons; one has a file, drafts, documents, an appointment, and gives mandates."""
    person, another = await espace.insured_person(edelivery=True, family=True), await espace.insured_person(edelivery=False, family=True)
    holder, records_alone, all_but_records = [await espace.insured_person(edelivery=False) for _ in range(3)]
    await person.gives_mandate(holder, "records", "procedures", "documents")
    await person.gives_mandate(records_alone, "records")
    await person.gives_mandate(all_but_records, "procedures", "documents")
    for somebody in (person, another):
        await espace.fund.records("leave", somebody.file.insured, children=[])
    for somebody in (person, another):
        opened = await somebody.asks("PUT", "/api/v1/account/contact", json={"email": f"{uuid4().hex}@example.lu"})
        assert opened.is_success, opened.text  # a code to be asked for
    things = await things_of(espace, person)
    things["mandate held"] = await records_alone.gives_mandate(person, "records")
    things["mandate to end"] = await all_but_records.gives_mandate(person, "records")
    gone = await espace.on_another_device(person)
    revoked = gone._http.cookies["espace"]
    await gone.logs_out()
    without = {"records": all_but_records, "procedures": records_alone, "documents": records_alone}
    return Estate(espace, person, another, holder, without, revoked, things)


async def things_of(espace: Espace, person: InsuredPerson) -> dict[str, str]:
    """One of each thing that a person can have."""
    draft = await person.starts(change_of_bank_details())
    [attachment] = (await person.sees(draft))["attachments"]
    certificate = await person.submits(ehic_certificate())
    document = await person.receives(exactly=1, about=certificate)
    appointment = await person.submits(await _a_free_slot(person))
    other_device = await espace.on_another_device(person)
    [session] = [row["session"] for row in (await _answer(other_device, "/api/v1/sessions"))["sessions"] if row["this"]]
    return {
        "procedure": draft.id, "attachment": attachment["id"], "document": document.id, "appointment": appointment.id,
        "agency": (await _answer(person, "/api/v1/agencies"))["agencies"][0]["agency"], "session": session,
        "reimbursement": await _a_reimbursement(espace, person), "provider": "luxtrust", "kind": "bank_details_change",
        **await _a_message(espace, person),
    }  # fmt: skip


async def _a_free_slot(person: InsuredPerson) -> Wish:
    agencies = await _answer(person, "/api/v1/agencies")
    for agency in agencies["agencies"]:
        for subject in agencies["subjects"]:
            listed = await _answer(person, f"/api/v1/agencies/{agency['agency']}/slots?subject={subject['subject']}")
            free = [slot["starts_at"] for slot in listed["slots"] if slot["free"]]
            if free and "at_agency" in listed["modes"]:
                answers = {
                    "consent": "yes",
                    "subject": subject["subject"],
                    "mode": "at_agency",
                    "agency": agency["agency"],
                    "slot": free[-1],
                }
                return Wish("agency_appointment", answers)
    raise AssertionError("No agency has a free time within two weeks.")


async def _a_reimbursement(espace: Espace, person: InsuredPerson) -> str:
    line = {
        "patient": person.file.insured, "patient_name": "Test", "supplier": "Test", "service_code": "C1", "service_on": "2026-02-03",
        "invoiced_cents": 5_000, "tariff_cents": 5_000, "participation_cents": 600, "refunded_cents": 4_400,
    }  # fmt: skip
    settled = await espace.fund.records("reimbursements", person.file.insured, lines=[line])

    async def on_file() -> bool:
        return (await person.asks("GET", f"/api/v1/me/reimbursements/{settled['reimbursement']}")).status_code == 200

    await until(on_file, "the reimbursement to be on file")
    return str(settled["reimbursement"])


async def _a_message(espace: Espace, person: InsuredPerson) -> dict[str, str]:
    async with espace.fund.by_hand():
        procedure = await person.submits(ehic_certificate("PT"))
        await espace.topics.are_quiet()
        await espace.fund.writes(procedure, "Please bring your card.")

    async def arrived() -> list[Any]:
        found: list[Any] = (await _answer(person, f"/api/v1/procedures/{procedure.id}/messages"))["messages"]
        return found

    message = (await until(arrived, "the message of the fund"))[0]
    return {"procedure with a message": procedure.id, "message": message["id"]}


async def _answer(person: InsuredPerson, path: str) -> Any:
    answer: httpx.Response = await person.asks("GET", path)
    assert answer.status_code == 200, answer.text
    return answer.json()
