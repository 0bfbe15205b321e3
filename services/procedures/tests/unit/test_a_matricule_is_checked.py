"""Thirteen digits, the last two of which check the first eleven, by Luhn and by Verhoeff."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn, verhoeff

from espace_procedures.domain.matricule import compact, matricule_error

RIGHT = [
    "1893120105732", "1983081246785", "2003042581939", "1990093012358", "1993102814564", "2001120308757", "1979122003208", "1966051507682",
    "1984021500175", "1990010112043", "2015061004565", "1955122477742", "2001022900188",
]  # fmt: skip

bases = st.from_regex(r"[0-9]{11}", fullmatch=True)


def numbered(base: str) -> str:
    """The matricule that begins with these eleven digits."""
    return base + luhn.calc_check_digit(base) + verhoeff.calc_check_digit(base)


@pytest.mark.parametrize("matricule", RIGHT)
def test_a_right_matricule_is_taken(matricule):
    assert matricule_error(matricule) is None


@pytest.mark.parametrize(
    ("matricule", "part"),
    [
        ("1893120105733", "do not fit the others"),  # only the first check digit is right
        ("1893120105742", "do not fit the others"),  # only the second is
        ("2000060500127", "do not fit the others"),  # its second digit was computed over twelve
        ("19831231", "13 digits; this one has 8"),
        ("18931201057", "13 digits; this one has 11"),
        ("198308124678O", "only digits"),
        ("١٩٨٣٠٨١٢٤٦٧٨٥", "only digits"),
        ("", "only digits"),
    ],
)
def test_a_wrong_matricule_is_explained(matricule, part):
    error = matricule_error(matricule)
    assert part in error.message % error.values


def test_a_matricule_may_be_typed_with_spaces_and_hyphens():
    assert compact(" 1983 0812-467 85") == "1983081246785"


@given(bases)
def test_whatever_the_first_eleven_digits_are_two_others_make_it_right(base):
    assert matricule_error(numbered(base)) is None


@given(bases, st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(base, place, by):
    right = numbered(base)
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert matricule_error(wrong) is not None


@given(bases, st.integers(0, 9))
def test_two_neighbours_that_are_swapped_are_always_found(base, place):
    right = numbered(base)
    swapped = right[:place] + right[place + 1] + right[place] + right[place + 2 :]
    assert (matricule_error(swapped) is not None) == (swapped != right)
