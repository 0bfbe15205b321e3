"""Every error names its field and says how to mend it, in the four languages of the eSpace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from espace_contracts.vocabulary import Locale, ProcedureKind
from espace_procedures.domain.answers import Finding
from espace_procedures.domain.attachments import Attachment
from espace_procedures.domain.catalogue import CATALOGUE
from espace_procedures.domain.language import LANGUAGES
from espace_procedures.domain.on_file import OnFile

from .conftest import (
    APPOINTMENT,
    APPOINTMENT_ANSWERS,
    BANK,
    CHILD,
    COINSURANCE,
    EHIC,
    ENTITLEMENT,
    FORMER_SPOUSE,
    GROWN_CHILD,
    IBAN,
    SELF,
    SLOT,
    SOPHIE,
    situation,
)

HOLDER = {"holder": "Sophie Hoffmann"}
STAY = {"country": "tunisia", "stay_from": "2026-04-01", "stay_to": "2026-04-30", "persons": str(SELF)}
COMPLETE = {
    BANK: {"iban": IBAN, **HOLDER},
    COINSURANCE: {"persons": str(CHILD)},
    EHIC: {},
    ENTITLEMENT: STAY,
    APPOINTMENT: APPOINTMENT_ANSWERS,
}


def found(kind, typed, *, attached=(), **circumstances) -> tuple[Finding, ...]:
    answers, unusable = CATALOGUE[kind].read(typed)
    return unusable or CATALOGUE[kind].findings(answers, attached, situation(**circumstances))


def said(kind, typed, locale: Locale = Locale.ENGLISH, **circumstances) -> list[tuple[str, bool, str]]:
    return [(finding.field, finding.blocks, LANGUAGES[locale].say(finding.sentence)) for finding in found(kind, typed, **circumstances)]


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("en", "This IBAN has 19 characters; one from Luxembourg has 20. Check the end of the number."),
        ("fr", "Cet IBAN compte 19 caractères\u00a0; il en faut 20 (pays\u00a0: Luxembourg). Vérifiez la fin du numéro."),
        ("de", "Diese IBAN hat 19 Zeichen; richtig sind 20 (Land: Luxemburg). Prüfen Sie das Ende der Nummer."),
        ("lb", "Dësen IBAN huet 19 Zeechen; et mussen der 20 sinn (Land: Lëtzebuerg). Kuckt d\u2019Enn vun der Nummer no."),
    ],
)
def test_an_iban_of_the_wrong_length_is_explained_in_each_language(locale, sentence):
    assert said(BANK, HOLDER | {"iban": IBAN[:-1]}, Locale(locale)) == [("iban", True, sentence)]


@pytest.mark.parametrize(
    ("locale", "sentences"),
    [
        ("en", ["“IBAN of the new account” is missing. Fill it in, then forward the procedure.", "“Account holder” is missing."]),
        ("fr", ["«\u00a0IBAN du nouveau compte\u00a0» manque encore.", "«\u00a0Titulaire du compte\u00a0» manque encore."]),
        ("de", ["„IBAN des neuen Kontos“ fehlt noch.", "„Kontoinhaber“ fehlt noch."]),
        ("lb", ["„IBAN vum neie Kont“ feelt nach.", "„Titulaire vum Kont“ feelt nach."]),
    ],
)
def test_a_missing_answer_is_named_by_its_question_in_each_language(locale, sentences):
    errors = said(BANK, {}, Locale(locale))
    assert [field for field, _, _ in errors] == ["iban", "holder"]
    assert all(sentence.startswith(beginning) for (_, _, sentence), beginning in zip(errors, sentences, strict=True))


WRONG_ANSWERS = [
    (BANK, {"iban": "LU28 0019 4006 4475 000!"}, "iban", "has only letters and digits"),
    (BANK, {"iban": "28"}, "iban", "begins with the two letters of its country"),
    (BANK, {"iban": "XX280019400644750000"}, "iban", "begins with the two letters of its country"),
    (BANK, {"iban": "LU"}, "iban", "has 2 characters; one from Luxembourg has 20"),
    (BANK, {"iban": IBAN + "00"}, "iban", "has 22 characters; one from Luxembourg has 20"),
    (BANK, {"iban": "DE8937040044O532013000"}, "iban", "a letter stands where a digit belongs"),
    (BANK, {"iban": "LUX80019400644750000"}, "iban", "a letter stands where a digit belongs"),
    (BANK, {"iban": "LU820019400644750000"}, "iban", "two check digits after LU do not fit"),
    (BANK, {"iban": "LU280019400644570000"}, "iban", "two check digits after LU do not fit"),
    (BANK, {"iban": "L" * 71}, "iban", "has 71 characters; 70 fit"),
    (BANK, {"bic": "BCEELUL"}, "bic", "8 or 11 characters; this one has 7"),
    (BANK, {"bic": "BCEEXXLL"}, "bic", "four characters for the bank, two letters for its country"),
    (BANK, {"bic": "????LULL"}, "bic", "four characters for the bank, two letters for its country"),
    (BANK, {"iban": "AE070331234567890123456"}, "bic", "“BIC of the bank” is missing"),
    (BANK, {"holder": "x" * 71}, "holder", "has 71 characters; 70 fit"),
    (BANK, {"holder": "   "}, "holder", "“Account holder” is missing"),
    (EHIC, {"destination": "Italy"}, "destination", "two letters of its code"),
    (EHIC, {"destination": "LU"}, "destination", "for stays outside Luxembourg"),
    (EHIC, {"destination": "TN"}, "destination", "is not accepted in Tunisia"),
    (EHIC, {"travel_from": "07/03/2026"}, "travel_from", "Write year, month and day"),
    (EHIC, {"travel_from": "20260307"}, "travel_from", "Write year, month and day"),
    (EHIC, {"travel_from": "2026-02-30"}, "travel_from", "Write year, month and day"),
    (EHIC, {"travel_from": "2026-03-07", "travel_to": "2026-03-06"}, "travel_to", "ends before it begins"),
    (EHIC, {"travel_from": "2025-03-01", "travel_to": "2025-03-06"}, "travel_to", "The journey is over already"),
    (EHIC, {"travel_to": "2026-03-06"}, "travel_from", "“First day of the journey” is missing"),
    (EHIC, {"persons": str(FORMER_SPOUSE)}, "persons", "One of these persons is not offered here"),
    (EHIC, {"persons": f"{SELF} {GROWN_CHILD}"}, "persons", "One of these persons is not offered here"),
    (EHIC, {"persons": "1983081246785"}, "persons", "One of these persons is not offered here"),
    (COINSURANCE, {"persons": ""}, "persons", "“Co-insured persons on the certificate” is missing"),
    (COINSURANCE, {"persons": str(SELF)}, "persons", "One of these persons is not offered here"),
    (COINSURANCE, {"persons": "x" * 801}, "persons", "has 801 characters; 800 fit"),
    (ENTITLEMENT, {"country": "morocco"}, "country", "none of the answers that are offered"),
    (ENTITLEMENT, {"country": ""}, "country", "“Where you stay” is missing"),
    (ENTITLEMENT, {"stay_from": ""}, "stay_from", "“First day of the stay” is missing"),
    (ENTITLEMENT, {"stay_to": "2026-03-31"}, "stay_to", "The stay ends before it begins"),
    (ENTITLEMENT, {"stay_from": "2025-03-01", "stay_to": "2025-03-06"}, "stay_to", "The stay is over already"),
    (ENTITLEMENT, {"persons": str(GROWN_CHILD)}, "persons", "One of these persons is not offered here"),
    (APPOINTMENT, {"consent": "no"}, "consent", "Without your agreement"),
    (APPOINTMENT, {"consent": ""}, "consent", "is missing"),
    (APPOINTMENT, {"subject": "gossip"}, "subject", "none of the answers that are offered"),
    (APPOINTMENT, {"agency": "paris"}, "agency", "none of the answers that are offered"),
    (APPOINTMENT, {"slot": "tomorrow"}, "slot", "no time that can be booked"),
    (APPOINTMENT, {"slot": "2026-03-12T09:30:00"}, "slot", "no time that can be booked"),
    (APPOINTMENT, {"slot": "0001-01-01T00:00:00+23:00"}, "slot", "no time that can be booked"),
    (APPOINTMENT, {"slot": "2026-03-12T09:31:00Z"}, "slot", "no appointment at this time"),
    (APPOINTMENT, {"phone": "call me"}, "phone", "no telephone number"),
    (APPOINTMENT, {"phone": "12345"}, "phone", "no telephone number"),
    (APPOINTMENT, {"subject": "reimbursement", "mode": "video"}, "mode", "cannot be dealt with in a video call"),
]


@pytest.mark.parametrize(("kind", "typed", "field", "part"), WRONG_ANSWERS)
def test_a_wrong_answer_is_refused_with_what_to_do(kind, typed, field, part):
    [(named, blocks, sentence)] = said(kind, COMPLETE[kind] | typed)
    assert (named, blocks) == (field, True)
    assert part in sentence


@pytest.mark.parametrize(("kind", "typed", "field", "part"), WRONG_ANSWERS)
@pytest.mark.parametrize("locale", [Locale.FRENCH, Locale.GERMAN, Locale.LUXEMBOURGISH])
def test_no_sentence_about_an_answer_stays_english(kind, typed, field, part, locale):
    for finding in found(kind, typed):
        own, english = LANGUAGES[locale].say(finding.sentence), LANGUAGES[Locale.ENGLISH].say(finding.sentence)
        assert own != english
        assert "%(" not in own


@pytest.mark.parametrize(
    "typed",
    [
        {"iban": "lu28 0019 4006 4475 0000", "holder": " Sophie   Hoffmann "},
        {"iban": "LU28-0019-4006-4475-0000", "holder": "Sophie Hoffmann", "bic": ""},
        {"iban": "LU28\u00a00019\u00a04006\u00a04475\u00a00000", "holder": "Sophie Hoffmann", "bic": None},
    ],
)
def test_answers_are_kept_without_the_spaces_they_were_typed_with(typed):
    assert CATALOGUE[BANK].read(typed) == ({"iban": IBAN, "holder": "Sophie Hoffmann"}, ())


@pytest.mark.parametrize(
    "iban", [IBAN, "LU120010001234567891", "DE89370400440532013000", "FR1420041010050500013M02606", "GB29NWBK60161331926819"]
)
def test_an_account_anywhere_in_the_sepa_area_is_taken_by_its_iban_alone(iban):
    assert said(BANK, HOLDER | {"iban": iban}) == []


def test_an_account_outside_the_sepa_area_is_taken_with_its_bic():
    assert said(BANK, HOLDER | {"iban": "AE070331234567890123456", "bic": "BOMLAEAD"}) == []


def test_check_digits_that_only_the_country_knows_warn_and_do_not_block():
    [(field, blocks, sentence)] = said(BANK, HOLDER | {"iban": "BE41539007547035"})
    assert (field, blocks) == ("iban", False)
    assert "unusual for Belgium" in sentence


@pytest.mark.parametrize(
    ("typed", "field", "part"),
    [
        ({"destination": "CH"}, "destination", "cannot be used in Switzerland"),
        ({"travel_from": "2026-06-02"}, "travel_from", "valid for three months"),
        ({"travel_from": "2026-05-20", "travel_to": "2026-06-10"}, "travel_to", "valid for three months"),
    ],
)
def test_a_certificate_that_may_not_help_is_warned_about_and_can_be_asked_for(typed, field, part):
    [(named, blocks, sentence)] = said(EHIC, typed)
    assert (named, blocks) == (field, False)
    assert part in sentence


@pytest.mark.parametrize("typed", [{}, {"destination": "it"}, {"travel_from": "2026-01-02", "travel_to": "2026-06-01"}])
def test_a_certificate_can_be_asked_for_with_little_and_for_a_journey_that_began(typed):
    assert said(EHIC, typed) == []


def test_three_months_end_with_the_month_when_it_is_shorter():
    november = datetime(2026, 11, 30, 12, tzinfo=UTC)
    [warning] = found(EHIC, {"travel_from": "2027-02-28"}, now=november)
    assert warning.field == "travel_from"
    assert found(EHIC, {"travel_from": "2027-02-27"}, now=november) == ()


def test_a_day_is_that_of_luxembourg():
    first_of_june = datetime(2026, 6, 1, 22, 30, tzinfo=UTC)  # half past midnight there: already the 2nd
    assert found(EHIC, {"travel_from": "2026-09-01"}, now=first_of_june) == ()
    [_warning] = found(EHIC, {"travel_from": "2026-09-01"}, now=first_of_june - timedelta(hours=1))


@pytest.mark.parametrize("kind", ProcedureKind)
def test_complete_answers_raise_no_finding(kind):
    assert said(kind, COMPLETE[kind]) == []


@pytest.mark.parametrize("phone", ["+352 621 123 456", "(0)27 57-1"])
def test_a_telephone_number_may_be_written_as_one_likes(phone):
    assert said(APPOINTMENT, APPOINTMENT_ANSWERS | {"phone": phone}) == []


def test_nobody_to_certify_is_said_beside_the_missing_answer():
    errors = said(COINSURANCE, {}, on_file=OnFile(SOPHIE))
    assert [field for field, _, _ in errors] == ["persons", "persons"]
    assert "nobody on file who is co-insured with you" in errors[1][2]


@pytest.mark.parametrize(("day", "warned"), [("2026-03-16", True), ("2026-03-17", False)])
def test_a_certificate_asked_for_less_than_fifteen_days_ahead_is_warned_about_and_can_be_asked_for(day, warned):
    findings = said(ENTITLEMENT, STAY | {"stay_from": day})
    assert [(field, blocks) for field, blocks, _ in findings] == ([("stay_from", False)] if warned else [])
    assert all("The CNS asks for 15 days" in sentence for _, _, sentence in findings)


def test_quebec_is_for_students_and_trainees_who_prove_it():
    errors = said(ENTITLEMENT, STAY | {"country": "quebec"})
    assert [(field, blocks) for field, blocks, _ in errors] == [("school", True), ("enrolment_proof", True)]
    assert errors[1][2] == "“Proof of enrolment or of the work placement” is missing. Attach it, then forward the procedure."
    proof = Attachment(uuid4(), "enrolment_proof", uuid4(), "0" * 64, 1, "application/pdf")
    assert found(ENTITLEMENT, STAY | {"country": "quebec", "school": "Université Laval, Québec"}, attached=(proof,)) == ()


def test_who_is_not_logged_in_proves_who_they_are_before_a_video_call():
    by_video = APPOINTMENT_ANSWERS | {"mode": "video"}
    assert found(APPOINTMENT, by_video) == ()
    [(field, blocks, _)] = said(APPOINTMENT, by_video, with_login=False)
    assert (field, blocks) == ("identity_document", True)
    assert found(APPOINTMENT, APPOINTMENT_ANSWERS, with_login=False) == ()


@pytest.mark.parametrize(
    ("persons", "part"),
    [
        ("1983081246785 2015061004565", None),
        ("1983-081-246785; 2015061004565", None),
        (f"1983081246785 {CHILD}", "has only digits"),
        ("1983081246785 201506100456", "this one has 12"),
        ("1983081246785 2015061004566", "do not fit the others"),
    ],
)
def test_without_login_persons_are_named_by_their_matricule(persons, part):
    errors = said(COINSURANCE, {"persons": persons}, on_file=OnFile(), with_login=False)
    assert [field for field, _, _ in errors] == ([] if part is None else ["persons"])
    assert all(part in sentence for _, _, sentence in errors)


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (EHIC, {"persons": f"{str(CHILD).upper()},  {SELF} {CHILD}"}, {"persons": f"{CHILD} {SELF}"}),
        (EHIC, {"persons": "1983-0812-46785;2015061004565"}, {"persons": "1983081246785 2015061004565"}),
        (APPOINTMENT, {"slot": "2026-03-12T10:30:00+01:00"}, {"slot": SLOT}),
        (APPOINTMENT, {"slot": " 2026-03-12T09:30:00Z "}, {"slot": SLOT}),
        (APPOINTMENT, {"phone": "+352 (0)621/12-34.56"}, {"phone": "+3520621123456"}),
    ],
)
def test_answers_are_kept_in_one_form(kind, typed, kept):
    assert CATALOGUE[kind].read(typed) == (kept, ())


@pytest.mark.parametrize(
    ("typed", "field", "part"),
    [
        ({"matricule": "1983081246785"}, "matricule", "has no such question"),
        ({"iban": 28}, "iban", "An answer is a text"),
        ({"iban": ["LU28"]}, "iban", "An answer is a text"),
        ({"holder": "x" * 201}, "holder", "has 201 characters; 70 fit"),
    ],
)
def test_what_no_draft_can_hold_is_named(typed, field, part):
    [(named, blocks, sentence)] = said(BANK, typed)
    assert (named, blocks) == (field, True)
    assert part in sentence


@pytest.mark.parametrize(
    "text",
    [
        "Zoé \U0001f600",
        "\u202eenihpoS",
        "Sophie\u200bHoffmann",
        "Sophie\x00",
        "Sophie\u00adHoffmann",
        "صوفي",
        "\u05e1\u05d5\u05e4\u05d9",
        "ソフィー",
    ],
    ids=["emoji", "reordering", "invisible", "NUL", "soft hyphen", "Arabic", "Hebrew", "Japanese"],
)
@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("en", "This has a character that no document can print, such as a picture. Write it in Latin, Greek or Cyrillic letters."),
        ("fr", "Ce texte contient un caractère qu\u2019aucun document ne peut imprimer"),
        ("de", "Dieser Text enthält ein Zeichen, das kein Dokument drucken kann"),
        ("lb", "An dësem Text ass en Zeechen, dat keen Dokument drécke kann"),
    ],
)
def test_a_text_that_no_document_can_print_is_refused_before_the_fund_decides(text, locale, sentence):
    ((field, blocks, told),) = said(BANK, {"iban": IBAN, "holder": text}, Locale(locale))
    assert (field, blocks, told.startswith(sentence)) == ("holder", True, True)


@pytest.mark.parametrize(
    "text", ["Zoé Weiß-Ðorđević", "Σοφία Παπαδοπούλου", "Софија Ђорђевић", "Nguyễn Thị", "O\u2019Connor & <b>Söhne</b>, n° 5"]
)
def test_letters_of_europe_and_what_is_written_between_them_can_be_printed(text):
    assert said(BANK, {"iban": IBAN, "holder": text}) == []


def test_an_accent_that_comes_apart_from_its_letter_is_joined_to_it():
    assert CATALOGUE[BANK].read({"holder": "Zoe\u0301"})[0] == {"holder": "Zoé"}


def test_half_a_character_is_not_even_kept_in_a_draft():
    assert said(BANK, {"holder": "Sophie \ud83d"}) == [("holder", True, "A character of this answer came as a half. Type it again.")]


def test_an_address_of_stay_is_as_long_as_a_line_of_the_certificate_at_most():
    assert said(ENTITLEMENT, STAY | {"address_of_stay": "x" * 120}) == []
    ((field, blocks, _told),) = said(ENTITLEMENT, STAY | {"address_of_stay": "x" * 121})
    assert (field, blocks) == ("address_of_stay", True)
