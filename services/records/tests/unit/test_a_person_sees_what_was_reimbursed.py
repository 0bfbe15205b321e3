from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espace_contracts.events import ReimbursementLine, ReimbursementSettled
from espace_contracts.vocabulary import InsuredId, ReimbursementId
from espace_kernel.outcomes import NeverWorks
from espace_records.app.list_reimbursements import UnknownCursor
from espace_records.domain import reimbursement as domain
from espace_records.domain.reimbursement import Amounts
from espace_records.events.incoming import keep_the_reimbursement

from .conftest import SOPHIE, TOLD, received

LUC = InsuredId(uuid4())


def line(**changed):
    usual = {
        "patient": SOPHIE, "patient_name": "Sophie Hoffmann", "supplier": "Dr Anne Muller", "service_code": "C1",
        "service_on": date(2026, 1, 9),
        "invoiced_cents": 6000, "tariff_cents": 5260, "participation_cents": 631, "refunded_cents": 4629,
    }  # fmt: skip
    return ReimbursementLine(**(usual | changed))


def settled(number, on, insured=SOPHIE, lines=None):
    return received(
        ReimbursementSettled(
            insured=insured, reimbursement=ReimbursementId(UUID(int=number)), reference=f"R-{number}", settled_on=on,
            paid_to_iban_masked="LU12 •••• •••• •••• 7891", lines=lines or (line(),),
        )
    )  # fmt: skip


async def pages(do, **wanted):
    cursor, numbers = None, []
    while True:
        page = await do.list_reimbursements(SOPHIE, cursor=cursor, **wanted)
        numbers.append([found.id.int for found in page.reimbursements])
        if (cursor := page.following) is None:
            return numbers


async def test_the_sums_are_those_of_the_lines(do):
    second = line(invoiced_cents=1234, tariff_cents=1000, participation_cents=200, refunded_cents=800)
    await keep_the_reimbursement(settled(1, date(2026, 2, 1), lines=(line(), second)), do)
    found = await do.show_reimbursement(SOPHIE, ReimbursementId(UUID(int=1)))
    assert found.total == Amounts(invoiced=7234, tariff=6260, participation=831, refunded=5429)
    assert [part.refunded for part in found.lines] == [4629, 800]
    assert (found.reference, found.as_of) == ("R-1", TOLD)


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**7)), min_size=1, max_size=20))
def test_what_was_refunded_is_always_the_tariff_less_the_participation(amounts):
    lines = tuple(
        domain.ReimbursementLine(
            patient=SOPHIE, patient_name="", supplier="", service_code="", service_on=date(2026, 1, 9), invoiced=invoiced,
            tariff=participation + refunded, participation=participation, refunded=refunded,
        )
        for invoiced, participation, refunded in amounts
    )  # fmt: skip
    total = domain.Reimbursement(
        id=ReimbursementId(UUID(int=1)), insured=SOPHIE, reference="R", settled_on=date(2026, 2, 1), paid_to_iban_masked="",
        lines=lines, as_of=TOLD,
    ).total  # fmt: skip
    assert total.refunded == total.tariff - total.participation == sum(refunded for _, _, refunded in amounts)


@pytest.mark.parametrize("refunded", [4628, 4630, 0])
async def test_amounts_that_do_not_add_up_never_work(do, refunded):
    with pytest.raises(NeverWorks, match="tariff less the participation"):
        await keep_the_reimbursement(settled(1, date(2026, 2, 1), lines=(line(), line(refunded_cents=refunded))), do)
    assert await pages(do, year=None, limit=10) == [[]]


async def test_the_list_goes_from_the_newest_to_the_oldest_and_each_once(do):
    days = {1: date(2025, 1, 1), 2: date(2025, 12, 31), 3: date(2026, 1, 1), 4: date(2026, 1, 1), 5: date(2026, 1, 2)}
    for number in (3, 1, 5, 2, 4, 3):
        await keep_the_reimbursement(settled(number, days[number]), do)
    assert await pages(do, year=None, limit=2) == [[5, 4], [3, 2], [1]]
    assert await pages(do, year=None, limit=5) == [[5, 4, 3, 2, 1]]
    assert await pages(do, year=2025, limit=1) == [[2], [1]]
    assert await pages(do, year=2024, limit=1) == [[]]


async def test_a_newer_one_that_arrives_meanwhile_shifts_nothing(do):
    for number in (1, 2, 3):
        await keep_the_reimbursement(settled(number, date(2026, 1, number)), do)
    first = await do.list_reimbursements(SOPHIE, cursor=None, year=None, limit=2)
    await keep_the_reimbursement(settled(9, date(2026, 2, 1)), do)
    second = await do.list_reimbursements(SOPHIE, cursor=first.following, year=None, limit=2)
    assert [found.id.int for found in (*first.reimbursements, *second.reimbursements)] == [3, 2, 1]


async def test_the_list_says_when_the_fund_last_told_one(do):
    assert (await do.list_reimbursements(SOPHIE, cursor=None, year=None, limit=2)).as_of is None
    await keep_the_reimbursement(settled(1, date(2026, 1, 1)), do)
    assert (await do.list_reimbursements(SOPHIE, cursor=None, year=2020, limit=2)).as_of == TOLD


async def test_nobody_sees_anothers_reimbursements(do):
    await keep_the_reimbursement(settled(1, date(2026, 1, 1), insured=LUC), do)
    theirs = ReimbursementId(UUID(int=1))
    assert await pages(do, year=None, limit=2) == [[]]
    assert await do.show_reimbursement(SOPHIE, theirs) is None
    with pytest.raises(UnknownCursor):
        await do.list_reimbursements(SOPHIE, cursor=theirs, year=None, limit=2)
