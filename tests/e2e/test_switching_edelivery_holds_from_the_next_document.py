from __future__ import annotations

from harness.procedure import change_of_bank_details, ehic_certificate

DOCUMENT_AVAILABLE = "lu.cns.espace.document.available.v1"
LETTER_REQUESTED = "lu.cns.espace.letter.requested.v1"


def channels(espace, person) -> tuple[int, int]:
    """How many documents went to the eSpace and how many to the post."""
    said = [espace.topics.about(person.file.insured, event) for event in (DOCUMENT_AVAILABLE, LETTER_REQUESTED)]
    return len(said[0]), len(said[1])


async def test_switched_on_between_two_procedures_the_second_comes_to_the_espace(espace):
    person = await espace.insured_person(edelivery=False)
    by_post = await person.submits(ehic_certificate())
    await espace.print_run.receives(exactly=1, about=by_post)

    await person.switches_edelivery(on=True)
    by_edelivery = await person.submits(change_of_bank_details())
    await person.receives(exactly=1, about=by_edelivery)

    await espace.topics.are_quiet()
    assert await person.documents(by_post) == []
    assert espace.print_run.letters(by_edelivery) == []
    assert len(espace.print_run.letters(by_post)) == len(await person.documents()) == 1
    assert channels(espace, person) == (1, 1)


async def test_switched_off_between_two_procedures_the_second_goes_by_post_and_the_first_stays(espace):
    person = await espace.insured_person(edelivery=True)
    by_edelivery = await person.submits(ehic_certificate())
    kept = await person.receives(exactly=1, about=by_edelivery)

    await person.switches_edelivery(on=False)
    by_post = await person.submits(change_of_bank_details())
    await espace.print_run.receives(exactly=1, about=by_post)

    await espace.topics.are_quiet()
    elsewhere = await espace.on_another_device(person)
    assert await person.documents() == await elsewhere.documents() == [kept]
    assert espace.print_run.letters(by_edelivery) == []
    assert len(espace.print_run.letters(by_post)) == 1
    assert channels(espace, person) == (1, 1)
