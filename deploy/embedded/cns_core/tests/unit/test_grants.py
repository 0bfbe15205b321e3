from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_cns_core.domain.grants.ehic_replacement import certificate_for, last_day_of_three_months
from espace_cns_core.domain.household import Covered


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 3, 4), date(2026, 6, 3)),
        (date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 11, 1), date(2027, 1, 31)),
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2023, 11, 29), date(2024, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
        (date(2026, 12, 31), date(2027, 3, 30)),
    ],
)
def test_three_months_end_the_day_before_the_same_day_or_with_a_shorter_month(first, last):
    assert last_day_of_three_months(first) == last


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_three_months_are_never_shorter_than_the_shortest_nor_longer_than_the_longest(first):
    assert timedelta(days=88) <= last_day_of_three_months(first) - first <= timedelta(days=91)


def test_the_card_number_is_a_luxembourg_one_and_the_persons_own(person):
    certificate = certificate_for(Covered(person.id, person.identity), "IT", date(2026, 3, 4))
    other = certificate_for(Covered(UUID(int=person.id.int + 1), person.identity), "IT", date(2026, 3, 4))
    assert certificate.card_number.startswith("80442")
    assert len(certificate.card_number) == 20
    assert certificate.card_number.isdigit()
    assert certificate.card_number != other.card_number
    assert certificate.card_expires_on > certificate.valid_to
