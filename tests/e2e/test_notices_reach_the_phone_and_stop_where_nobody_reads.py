from __future__ import annotations

from harness.mailbox import BOUNCE_LATER
from harness.procedure import ehic_certificate
from harness.waiting import until

SENT, BOUNCED = "lu.cns.espace.notice.sent.v1", "lu.cns.espace.notice.bounced.v1"


async def test_a_phone_is_told_beside_the_address_that_a_document_waits_and_not_which(espace):
    person = await espace.insured_person(edelivery=True)
    await person.sets_mobile()
    await espace.topics.are_quiet()
    procedure = await person.submits(ehic_certificate())
    document = await person.receives(exactly=1, about=procedure)
    await espace.mailbox.receives(person.email, exactly=2)  # eDelivery switched on, the document available
    await espace.topics.are_quiet()
    (text,) = espace.phones.notices_to(person.mobile)
    assert len(text) <= 160
    assert "eSpace" in text
    secrets = (person.file.family_name, person.file.matricule, document.title, document.reference)
    assert [secret for secret in secrets if secret in text] == []
    told = [event.data for event in espace.topics.about(person.file.insured, SENT)]
    assert sorted((said["means"], said["document"], said["reminder"]) for said in told) == [
        ("email", document.id, 0),
        ("sms", document.id, 0),
    ]
    assert [part for part, log in espace.logs().items() if person.mobile.removeprefix("+") in log] == []


async def test_an_address_where_nobody_reads_any_more_is_shown_and_gets_nothing_more(espace):
    person = await espace.insured_person(edelivery=False, email_begins=BOUNCE_LATER)
    await person.switches_edelivery(on=True)
    bounced = await espace.topics.hears(person.file.insured, BOUNCED)
    assert (bounced.data["means"], bounced.data["contact_revision"]) == ("email", 1)

    async def shown() -> bool:
        account = await person.looks_at("account")
        return account["contact"]["bounced_at"] is not None and account["missing"] == ["contact"]

    await until(shown, "the account to show it")
    before = espace.mailbox.notices_to(person.email)
    assert len(before) == 1
    await person.submits(ehic_certificate())
    await person.switches_edelivery(on=False)
    await espace.topics.are_quiet()
    assert espace.mailbox.notices_to(person.email) == before
    assert len(espace.topics.about(person.file.insured, BOUNCED)) == 1
