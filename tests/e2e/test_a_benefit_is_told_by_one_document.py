"""What the fund settles or decides reaches the person as one document of its type, without a procedure: in the eSpace or by post."""

from __future__ import annotations

import pytest
from harness.benefits import KINDS, LETTER_REQUESTED, all_at_the_printers, all_in_the_espace, settle_each
from harness.print_run import text_of

each_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
async def by_edelivery(espace):
    """Somebody with eDelivery who has one benefit of each kind, and their documents."""
    person = await espace.insured_person(edelivery=True)
    await settle_each(espace, person)
    documents = await all_in_the_espace(person)
    await espace.topics.are_quiet()
    return person, documents


@pytest.fixture(scope="module")
async def by_post(espace):
    """Somebody without eDelivery who has one benefit of each kind, and their letters by type."""
    person = await espace.insured_person(edelivery=False)
    await settle_each(espace, person)
    return person, await all_at_the_printers(espace, person)


@each_kind
async def test_it_lies_once_in_the_espace_and_led_to_by_no_procedure(by_edelivery, kind):
    _, documents = by_edelivery
    (document,) = [document for document in documents if document.type == kind]
    assert document.procedure is None
    assert document.pdf.startswith(b"%PDF-")


@each_kind
async def test_the_list_can_be_narrowed_to_it(by_edelivery, kind):
    person, documents = by_edelivery
    shown = (await person.looks_at(f"documents?type={kind}"))["documents"]
    assert [row["id"] for row in shown] == [document.id for document in documents if document.type == kind]


@each_kind
async def test_it_goes_once_by_post_to_the_address_on_file(by_post, kind):
    person, letters = by_post
    (letter,) = letters[kind]
    assert person.file.family_name in letter.text
    assert person.file.address[0] in letter.address


async def test_what_lies_in_the_espace_is_not_posted_and_what_is_posted_lies_not_in_the_espace(espace, by_edelivery, by_post):
    (online, documents), (offline, _) = by_edelivery, by_post
    assert len(documents) == len(KINDS)
    assert espace.topics.about(online.file.insured, LETTER_REQUESTED) == []
    assert await offline.documents() == []


async def test_a_reimbursement_is_listed_where_its_statement_says_it(espace, by_post):
    person, letters = by_post
    (letter,) = letters["reimbursement_statement"]
    (settled,) = (await person.looks_at("me/reimbursements"))["reimbursements"]
    assert settled["reference"] in text_of(letter.pdf)
