from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_contracts.vocabulary import Channel, Locale
from espace_documents.domain.channel import Circumstances, decide
from espace_documents.domain.document import Document, LetterOrdered, MadeAvailable, OpenedBy
from espace_documents.domain.ladder import DEFAULT_LADDERS, Ladder, UnreadClass
from espace_documents.domain.order import Pdf
from espace_documents.domain.preference import Preference
from espace_documents.domain.recipient import ADDRESS_UNKNOWN
from espace_documents.domain.reference import reference_of, reference_of_letter, reference_read

from .conftest import NOON, a_recipient, an_order


def a_document(*, edelivery: bool) -> Document:
    recipient = a_recipient()
    preference = Preference(id=recipient.id)
    if edelivery:
        preference.switch(active=True, at=NOON, locale=Locale.FRENCH)
    pdf = Pdf(blob=uuid4(), sha256="0" * 64, size=1, pages=1, title="Your new account", rendered_at=NOON)
    order = an_order(recipient.id)
    case = Circumstances(document_type=order.content.type, recipient=recipient, preference=preference)
    return Document.delivered(order, pdf, decide(case, NOON), DEFAULT_LADDERS[UnreadClass.ORDINARY])


def test_by_edelivery_a_document_is_available_and_there_is_no_letter():
    document = a_document(edelivery=True)
    assert (document.channel, document.available_at) == (Channel.EDELIVERY, NOON)
    assert (document.letter, document.last.letter, document.letters) == (None, None, None)
    assert document.recorded == [MadeAvailable(document)]


def test_by_post_a_letter_is_requested_and_the_document_is_not_available():
    document = a_document(edelivery=False)
    assert (document.channel, document.available_at) == (Channel.POST, None)
    assert document.letter == document.last.letter is not None
    assert document.last.decision.at == NOON
    assert document.recorded == [LetterOrdered(document)]


def test_the_letter_of_a_document_is_the_same_letter_however_often_it_is_decided():
    order, recipient = an_order(uuid4()), a_recipient()
    pdf = Pdf(blob=uuid4(), sha256="0" * 64, size=1, pages=1, title="", rendered_at=NOON)
    case = Circumstances(document_type=order.content.type, recipient=recipient, preference=Preference(id=recipient.id))
    first, second = (Document.delivered(order, pdf, decide(case, NOON), Ladder()) for _ in range(2))
    assert first.letter == second.letter


@pytest.mark.parametrize(
    ("note", "fact"),
    [
        (lambda document, at: document.note_opening(at, OpenedBy.SELF), "first_opened_at"),
        (Document.note_download, "downloaded_at"),
    ],
)
def test_a_fact_is_set_once_and_never_changed(note, fact):
    document = a_document(edelivery=True)
    assert getattr(document, fact) is None
    assert note(document, NOON) is True
    assert note(document, NOON + timedelta(days=1)) is False
    assert getattr(document, fact) == NOON


@pytest.mark.parametrize(
    ("ordered_at", "issued_on"),
    [
        (datetime(2026, 1, 14, 22, 59, tzinfo=UTC), date(2026, 1, 14)),
        (datetime(2026, 1, 14, 23, 0, tzinfo=UTC), date(2026, 1, 15)),
        (datetime(2026, 7, 14, 22, 0, tzinfo=UTC), date(2026, 7, 15)),
    ],
)
def test_a_document_bears_the_day_of_its_order_in_luxembourg(ordered_at, issued_on):
    assert an_order(uuid4(), ordered_at=ordered_at).source.issued_on == issued_on


@given(st.uuids(version=5), st.uuids(version=5))
def test_a_reference_is_short_readable_and_tells_documents_apart(one, other):
    assert re.fullmatch(r"D(-[0-9A-HJKMNP-TV-Z]{4}){3}", reference_of(one))
    low = (1 << 60) - 1
    assert (reference_of(one) == reference_of(other)) == (one.int & low == other.int & low)


def test_a_reference_printed_once_names_its_document_for_ever():
    assert reference_of(UUID("6f1d1a52-5c36-5f6e-9f0a-3e9a8f1f0c11")) == "D-H03Y-H7AK-YH2Y"
    assert reference_of_letter(UUID("6f1d1a52-5c36-5f6e-9f0a-3e9a8f1f0c11")) == "L-H03Y-H7AK-YH2Y"


def test_a_person_without_an_address_reads_that_the_fund_knows_none():
    assert ADDRESS_UNKNOWN.keys() == set(Locale)
    assert a_recipient(address=False).address_in(Locale.ENGLISH).lines == ("Address unknown to the CNS",)
    assert a_recipient().address_in(Locale.ENGLISH).lines == ("14, rue de la Gare", "L-4571 Oberkorn")


@pytest.mark.parametrize("written", ["D-1Y3K-2M9Q-0B4A", "d-1y3k-2m9q-0b4a", " D1Y3K 2M9Q 0B4A\n", "D-IY3K-2M9Q-OB4A", "d-ly3k-2m9q-ob4a"])
def test_a_reference_is_understood_as_people_write_it(written):
    assert reference_read(written) == "D-1Y3K-2M9Q-0B4A"


@pytest.mark.parametrize("written", ["", "D", "L-1Y3K-2M9Q-0B4A", "D-1Y3K-2M9Q", "D-1Y3K-2M9Q-0B4A7", "D-1Y3K-2M9Q-UB4A", "BDC-7K3F-9Q2M"])
def test_what_is_no_reference_of_a_document_is_none(written):
    assert reference_read(written) is None


@given(st.uuids())
def test_a_printed_reference_is_understood(document):
    assert reference_read(reference_of(document)) == reference_of(document)
