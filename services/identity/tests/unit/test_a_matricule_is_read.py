from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn, verhoeff

from espace_identity.domain.matricule import NotAMatricule, matricule_in


@pytest.mark.parametrize(
    "number",
    [
        "1893120105732", "1983081246785", "2003042581939", "1990093012358", "1993102814564", "2001120308757", "1979122003208",
        "1966051507682", "1984021500175", "1990010112043", "2015061004565", "1955122477742",
        "2001022900188",  # 29 February of no leap year: the check digits fit, and no date is read from a matricule
    ],
)  # fmt: skip
def test_a_number_whose_two_check_digits_fit_is_a_matricule(number):
    assert matricule_in(number) == number


@pytest.mark.parametrize("typed", ["1983 0812 46785", "1983-08-12-467-85", " 1983081246785\n", "1983 08 12 467 8 5"])
def test_spaces_and_hyphens_do_not_count(typed):
    assert matricule_in(typed) == "1983081246785"


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("1893120105733", "Verhoeff's digit is wrong, Luhn's is right"),
        ("1893120105742", "Luhn's digit is wrong, Verhoeff's is right"),
        ("2000060500127", "published with Verhoeff over twelve digits: wrong by either reading"),
        ("1893120105723", "the check digits changed places"),
        ("", "nothing"),
        ("189312010573", "twelve digits"),
        ("18931201057320", "fourteen digits"),
        ("1893120105732x", "a letter"),
        ("18931201057३२", "digits, but not ours"),
    ],
)
def test_anything_else_is_none(number, why):
    with pytest.raises(NotAMatricule):
        matricule_in(number)


@settings(deadline=None)
@given(st.integers(0, 10**11 - 1).map("{:011d}".format))
def test_of_the_hundred_endings_of_a_base_one_fits(base):
    fitting = luhn.calc_check_digit(base) + verhoeff.calc_check_digit(base)

    def fits(ending: str) -> bool:
        try:
            return matricule_in(base + ending) == base + ending
        except NotAMatricule:
            return False

    assert [ending for ending in map("{:02d}".format, range(100)) if fits(ending)] == [fitting]


@settings(deadline=None)
@given(st.integers(0, 10**11 - 1).map("{:011d}".format), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(base, place, off):
    number = base + luhn.calc_check_digit(base) + verhoeff.calc_check_digit(base)
    slip = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    with pytest.raises(NotAMatricule):
        matricule_in(slip)


def test_a_refusal_does_not_repeat_what_was_typed():
    with pytest.raises(NotAMatricule) as refusal:
        matricule_in("1893120105733")
    assert "18931201" not in str(refusal.value)
