from __future__ import annotations

from harness.procedure import change_of_bank_details, ehic_certificate


async def test_each_move_reaches_the_open_page_as_it_happens(espace):
    person = await espace.insured_person(edelivery=True)
    elsewhere = await espace.insured_person(edelivery=False)
    async with person.follows() as page, elsewhere.follows() as other_page:
        procedure = await person.submits(change_of_bank_details(statement=False))
        assert await moves(page, procedure, 2) == ["forwarded", "to_be_corrected"]

        await person.attaches(procedure, change_of_bank_details().files)
        await person.forwards(procedure)
        assert await moves(page, procedure, 2) == ["forwarded", "closed"]
        assert (await page.told("document"))["document_type"] == "bank_account_change"

        own = await elsewhere.submits(ehic_certificate())  # the first thing that is told on that page
        assert await moves(other_page, own, 1) == ["forwarded"]


async def test_a_message_is_told_read_and_answered(espace):
    async with espace.fund.by_hand():
        person = await espace.insured_person(edelivery=False)
        procedure = await person.submits(ehic_certificate())
        await espace.topics.are_quiet()
        async with person.follows() as page:
            await espace.fund.writes(procedure, "When do you leave?")
            assert (await page.told("message"))["procedure"] == procedure.id
        assert (await person.sees(procedure))["unread_messages"] == 1

        await person.writes(procedure, "On Saturday.")
        messages = (await person.looks_at(f"procedures/{procedure.id}/messages"))["messages"]
        assert [message["text"] for message in messages] == ["When do you leave?", "On Saturday."]
        written = await espace.topics.hears(person.file.insured, "lu.cns.espace.procedure.message_written.v1")
        assert written.data["text"] == "On Saturday."
        await espace.mailbox.receives(person.email, exactly=1)


async def test_what_was_forwarded_can_be_taken_back_until_the_fund_decides(espace):
    async with espace.fund.by_hand():
        person = await espace.insured_person(edelivery=True)
        procedure = await person.submits(ehic_certificate())
        await espace.topics.are_quiet()
        await person.withdraws(procedure)
        await espace.topics.are_quiet()

        shown = await person.sees(procedure)
        assert (shown["status"], shown["outcome"], shown["actions"]) == ("closed", "withdrawn", [])
        assert await espace.fund.finds_withdrawn(procedure)
        assert await person.documents() == []


async def test_a_draft_goes_on_with_another_device(espace):
    person = await espace.insured_person(edelivery=False)
    draft = await person.starts(ehic_certificate("PT"))
    elsewhere = await espace.on_another_device(person)
    found = (await elsewhere.looks_at("procedures?status=in_preparation"))["procedures"]
    assert [row["id"] for row in found] == [draft.id]
    assert (await elsewhere.sees(draft))["answers"]["destination"] == "PT"


async def moves(page, procedure, count):
    return [move["status"] for move in [await page.told("status") for _ in range(count)] if move["procedure"] == procedure.id]
