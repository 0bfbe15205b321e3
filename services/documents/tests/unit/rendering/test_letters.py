from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO
from typing import get_args

import pytest
from pypdf import PdfReader

from espace_contracts.contents import CertifiedCoinsurance, CertifiedPerson, DocumentContent, SubmittedAnswer, SubmittedFile
from espace_contracts.vocabulary import AppointmentMode, DocumentType, Locale, ProcedureKind, Relation, StayCountry
from espace_documents.rendering import Addressee
from espace_documents.rendering.assets import ASSETS
from espace_documents.rendering.contents import CERTIFIED_PERSON, COINSURED, SHAPES, SUBMITTED_ANSWER, SUBMITTED_FILE
from espace_documents.rendering.language import card_day, in_fours, languages

MM = 72 / 25.4
LANGUAGES = languages(ASSETS / "locales")
TITLES = {
    ("bank_account_change", "fr"): "Confirmation du changement de votre compte bancaire",
    ("bank_account_change", "de"): "Bestätigung der Änderung Ihrer Bankverbindung",
    ("bank_account_change", "en"): "Confirmation of your change of bank account",
    ("bank_account_change", "lb"): "Confirmatioun vun der Ännerung vun Ärem Bankkont",
    ("coinsurance_certificate", "fr"): "Certificat de coassurance",
    ("entitlement_certificate", "en"): "Certificate of entitlement to benefits required during a temporary stay",
    ("appointment_confirmation", "de"): "Bestätigung Ihres Termins",
    ("appointment_not_cancelled", "lb"): "Confirmatioun, datt Äre Rendez-vous net ofgesot ka ginn",
}
LONGEST_SHORT_TEXT = 120
STATEMENTS = {"cash_benefit_calculation", "direct_payment_statement", "reimbursement_statement"}
"""Tables of money, which may go on overleaf."""


def together(text: str) -> str:
    """A text without white space, as lines break anywhere."""
    return "".join(text.split())


def leaves(content: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Every field that has a value, with its name."""
    if isinstance(content, dict):
        for field, value in content.items():
            yield from leaves(value, field)
    elif isinstance(content, list):
        for value in content:
            yield from leaves(value, name)
    elif content is not None:
        yield name, content


def is_written_otherwise(name: str, value: object) -> bool:
    """Whether a letter prints the name for a code, or a time in days and hours."""
    return (
        name in {"destination", "media_type"}
        or "minutes_of_a_day" in name
        or name.endswith("_minutes")
        or bool(re.fullmatch("[a-z][a-z0-9_]*", str(value)))
    )


def printed_forms(name: str, value: object, locale: str) -> list[str]:
    """The ways in which a letter may print a field."""
    text, language = str(value), LANGUAGES[locale]
    forms = [text, in_fours(text.replace("*", "•"))]
    if name == "size":
        forms = [language.size(value)]
    if name.endswith("_cents"):
        forms = [language.amount(value), language.money(value)]
    if len(text) == len("2026-01-15") and text.count("-") == 2:
        day = date.fromisoformat(text)
        forms = [language.day(day), language.short_day(day), language.month_of(day), card_day(day)]
    if text.endswith("Z") and text.count(":") == 2:
        parts = language.moment(datetime.fromisoformat(text))
        forms = ["{weekday} {day} à {time}", "{weekday}, {day}, {time}", "{weekday} {day} at {time}"]
        forms = [form.format(**parts) for form in forms]
    return [together(form) for form in forms]


async def test_every_type_in_every_size_and_language_says_all_that_its_content_says(pool, sample, pages, each_type, each_edition):
    size, locale = each_edition
    request = sample(each_type, locale, size=size)
    said = together("".join(pages(await pool.render(request))))
    for name, value in leaves(request.content):
        if len(str(value)) > LONGEST_SHORT_TEXT:
            assert all(word in said for word in str(value).split()), name
        elif not is_written_otherwise(name, value):
            assert any(form in said for form in printed_forms(name, value, locale)), name
    assert request.reference in said
    assert together(request.recipient.name) in said
    assert all(together(line) in said for line in request.recipient.lines)


@pytest.mark.parametrize("size", ["smallest", "sample"])
async def test_a_letter_of_the_usual_size_stays_on_one_page(pool, sample, each_type, each_locale, size):
    if each_type not in STATEMENTS:
        assert (await pool.render(sample(each_type, each_locale, size=size))).pages == 1


@pytest.mark.parametrize(("titled", "title"), TITLES.items())
async def test_the_title_is_the_subject_in_the_letters_language(pool, sample, titled, title):
    document = await pool.render(sample(*titled))
    reader = PdfReader(BytesIO(document.pdf))
    assert document.title == reader.metadata.title == title
    assert reader.root_object["/Lang"] == titled[1]


async def test_the_file_is_dated_as_the_letter(pool, sample):
    document = await pool.render(sample(issued_on=date(2031, 7, 4)))
    metadata = PdfReader(BytesIO(document.pdf)).metadata
    assert {metadata.creation_date.date(), metadata.modification_date.date()} == {date(2031, 7, 4)}


async def test_the_content_travels_with_the_pages_as_data(pool, sample, each_type):
    request = sample(each_type, "de")
    reader = PdfReader(BytesIO((await pool.render(request)).pdf))
    (attached,) = reader.root_object["/AF"]
    assert attached.get_object()["/AFRelationship"] == "/Data"
    data = json.loads(reader.attachments["document.json"][0])
    assert data["content"] == request.content
    assert (data["document_type"], data["issued_on"]) == (each_type, request.issued_on.isoformat())


async def test_only_the_packaged_fonts_are_used_and_each_is_embedded(pool, sample):
    reader = PdfReader(BytesIO((await pool.render(sample())).pdf))
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert len(fonts) == 2
    for font in fonts:
        assert "eSpace-Sans" in font["/BaseFont"]
        assert "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"]


async def test_the_address_stands_in_the_window_of_the_envelope(pool, sample):
    lines = ("Résidence Les Tilleuls", "Appartement 4B", "c/o Hoffmann", "27, avenue de la Liberté", "57100 Thionville")
    document = await pool.render(sample("address_sheet", recipient=Addressee("Catherine d'Huart", lines, "FR")))
    page = PdfReader(BytesIO(document.pdf)).pages[0]
    seen: dict[str, tuple[float, float]] = {}

    def see(text: str, page_matrix: list[float], text_matrix: list[float], *_font: object) -> None:
        (a, b, c, d, e, f), (x, y) = page_matrix, text_matrix[4:]
        seen[text.strip()] = ((x * a + y * c + e) / MM, (float(page.mediabox.height) - (x * b + y * d + f)) / MM)

    page.extract_text(visitor_text=see)
    for line in ("Catherine d'Huart", *lines, "FRANCE"):
        left, baseline = seen[line]
        assert 20 < left < 30, line
        assert 49 < baseline < 88, line


async def test_an_address_abroad_ends_with_the_country_in_french_capitals(pool, sample, pages):
    recipient = Addressee("Jan de Vries", ("Keizersgracht 1", "1015 CJ Amsterdam"), "NL")
    assert "1015 CJ Amsterdam PAYS-BAS" in pages(await pool.render(sample(locale="de", recipient=recipient)))[0]


async def test_an_address_in_luxembourg_names_no_country(pool, sample, pages):
    assert "LUXEMBOURG" not in pages(await pool.render(sample("bank_account_change", "fr")))[0]


async def test_greek_and_cyrillic_addresses_are_printed(pool, sample, pages):
    recipient = Addressee("Γιώργος Παπαδόπουλος", ("Οδός Ερμού 12", "ул. Шипка 7", "1504 София"), "BG")
    (page,) = pages(await pool.render(sample("address_sheet", recipient=recipient)))
    assert "Γιώργος Παπαδόπουλος Οδός Ερμού 12 ул. Шипка 7 1504 София BULGARIE" in page


async def test_a_long_letter_says_on_every_page_which_it_is_and_how_many_there_are(pool, sample, pages):
    document = await pool.render(sample(locale="fr", content={"reason": "Une phrase qui revient. " * 300}))
    assert document.pages > 1
    for number, page in enumerate(pages(document), start=1):
        assert f"Page {number}/{document.pages}" in page


@pytest.mark.parametrize(
    ("locale", "written"),
    [("fr", "1er février 2026"), ("de", "1. Februar 2026"), ("en", "1 February 2026"), ("lb", "1. Februar 2026")],
)
async def test_dates_are_written_as_each_language_writes_them(pool, sample, pages, locale, written):
    (page,) = pages(await pool.render(sample("bank_account_change", locale, content={"effective_on": "2026-02-01"})))
    assert written in page


async def test_an_account_number_is_grouped_in_fours(pool, sample, pages):
    (page,) = pages(await pool.render(sample("bank_account_change", content={"new_iban_masked": "LU28 **** **** **** 0000"})))
    assert "LU28 •••• •••• •••• 0000" in page


async def test_the_first_account_on_file_replaces_none(pool, sample, pages):
    (page,) = pages(await pool.render(sample("bank_account_change", content={"old_iban_masked": None, "bic": None})))
    assert "No account was registered" in page
    assert "BIC" not in page


async def test_the_certificate_shows_the_fields_of_the_card_by_their_numbers(pool, sample, pages):
    (page,) = pages(await pool.render(sample("ehic_replacement_certificate")))
    for field in (
        "1 Provisional replacement certificate",
        "2 State code LU",
        "3 Name Pereira Wagner",
        "4 Given names João Miguel",
        "5 Date of birth 15/02/1984",
        "6 Personal identification number 1984021500175",
        "7 Identification number of the institution 0001",
        "8 Identification number of the card 80442000010000012345",
        "9 Expiry date of the card 31/03/2026",
        "10 From 15/01/2026 To 14/04/2026",
        "11 Date of issue 15/01/2026",
        "12 Signature and/or stamp of the institution",
    ):
        assert field in page


async def test_the_certificate_warns_whom_five_countries_do_not_accept(pool, sample, pages):
    (page,) = pages(await pool.render(sample("ehic_replacement_certificate", content={"destination": None})))
    assert "you cannot use it in Denmark, Iceland, Liechtenstein, Norway or Switzerland" in page
    assert "Planned destination" not in page


@pytest.mark.parametrize("kind", ProcedureKind)
async def test_a_refusal_names_every_kind_of_procedure(pool, sample, kind):
    assert (await pool.render(sample(content={"procedure_kind": kind.value}))).pages == 1


async def test_a_destination_is_printed_by_the_countrys_name(pool, sample, pages):
    for destination, printed in (("PT", "Portugal"), ("CH", "Schwäiz"), ("Lisboa", "Lisboa")):
        (page,) = pages(await pool.render(sample("ehic_replacement_certificate", "lb", content={"destination": destination})))
        assert f"Virgesi Destinatioun: {printed}." in page


COINSURED_PERSON = {"name": "Mia Weber", "matricule": "2015061004565", "relation": "child", "since": "2015-06-10", "until": None}


@pytest.mark.parametrize(
    ("relation", "until", "row"),
    [
        (Relation.SPOUSE, "2026-12-31", "Mia Weber 2015061004565 Ehepartner/in 10. Juni 2015 31. Dezember 2026"),
        (Relation.PARTNER, None, "Mia Weber 2015061004565 Partner/in (PACS) 10. Juni 2015 laufend"),
        (Relation.CHILD, None, "Mia Weber 2015061004565 Kind 10. Juni 2015 laufend"),
    ],
)
async def test_a_certificate_of_coinsurance_says_who_is_what_to_whom_and_how_long(pool, sample, pages, relation, until, row):
    person = {**COINSURED_PERSON, "relation": relation.value, "until": until}
    (page,) = pages(await pool.render(sample("coinsurance_certificate", "de", content={"coinsured": [person]})))
    assert row in page
    assert "Musterlayout" in page, "its real layout is the fund's to give"


async def test_a_table_that_goes_on_overleaf_repeats_its_head(pool, sample, pages):
    document = await pool.render(sample("coinsurance_certificate", "fr", content={"coinsured": [COINSURED_PERSON] * 40}))
    assert document.pages > 1
    assert all("Nom Matricule Lien Depuis le" in page for page in pages(document))


PLACES = {
    StayCountry.CAPE_VERDE: "Cap-Vert",
    StayCountry.QUEBEC: "Québec",
    StayCountry.BOSNIA_AND_HERZEGOVINA: "Bosnie-Herzégovine",
    StayCountry.TUNISIA: "Tunisie",
    StayCountry.TURKEY: "Turquie",
}


@pytest.mark.parametrize("country", StayCountry)
async def test_a_certificate_of_entitlement_names_its_place_and_tells_students_alone_of_quebec(pool, sample, pages, country):
    (page,) = pages(await pool.render(sample("entitlement_certificate", "fr", content={"country": country.value, "address_of_stay": None})))
    assert f"Pays ou territoire {PLACES[country]}" in page
    assert ("études ou un stage" in page) == (country is StayCountry.QUEBEC)
    assert "Adresse de séjour" not in page


async def test_a_certificate_of_entitlement_for_a_family_of_six_stays_on_one_sheet(pool, sample):
    persons = sample("entitlement_certificate").content["persons"] * 3
    assert (await pool.render(sample("entitlement_certificate", "de", content={"persons": persons}))).pages == 1


@pytest.mark.parametrize(
    ("instant", "written"),
    [
        ("2026-03-12T09:20:00Z", "jeudi 12 mars 2026 à 10:20"),
        ("2026-07-31T22:30:00Z", "samedi 1er août 2026 à 00:30"),
        ("2026-10-25T00:30:00+00:00", "dimanche 25 octobre 2026 à 02:30"),
    ],
)
async def test_an_appointment_is_written_in_the_time_of_luxembourg(pool, sample, pages, instant, written):
    (page,) = pages(await pool.render(sample("appointment_confirmation", "fr", content={"starts_at": instant})))
    assert f"heure de Luxembourg Date et heure {written}" in page


async def test_only_who_comes_to_the_agency_reads_where_it_is(pool, sample, pages):
    for mode in AppointmentMode:
        (page,) = pages(await pool.render(sample("appointment_confirmation", "de", content={"mode": mode.value})))
        assert ("4, rue Mercier L-2144" in page) == (mode is AppointmentMode.AT_AGENCY)
        assert ("So nehmen Sie am Videoanruf teil Mustertext" in page) == (mode is AppointmentMode.VIDEO)


async def test_a_confirmation_that_comes_after_the_cut_off_says_to_telephone(pool, sample, pages):
    over = {"starts_at": "2026-01-15T14:40:00Z", "cancel_until": "2026-01-14T14:40:00Z"}
    (page,) = pages(await pool.render(sample("appointment_confirmation", content=over)))
    assert "online in your eSpace until Wednesday 14 January 2026 at 15:40. After that, telephone the agency." in page


async def test_what_follows_from_an_appointment_not_cancelled_is_marked_as_a_sample(pool, sample, pages):
    (page,) = pages(await pool.render(sample("appointment_not_cancelled")))
    assert "Cancelling was possible up to Wednesday 14 January 2026 at 15:40" in page
    assert "You asked to cancel on Thursday 15 January 2026 at 08:05" in page
    assert "If you cannot attend sample text" in page


async def test_a_receipt_lists_what_was_handed_in_as_it_was_read(pool, sample, pages):
    answers = [{"question": "Who travels", "answer": "Sophie Hoffmann\nMia Hoffmann"}]
    file = {"role": "Bank statement", "media_type": "application/pdf", "size": 48213, "sha256": "b1" * 32}
    first = {"submission": 1, "answers": answers, "files": [file]}
    (page,) = pages(await pool.render(sample("submission_receipt", content=first)))
    assert "We have received the procedure that" in page
    assert "Submission No. 1 Your answers Who travels Sophie Hoffmann Mia Hoffmann" in page
    assert f"Bank statement PDF, 48,213 bytes SHA-256 {'b1' * 32}" in page
    (page,) = pages(await pool.render(sample("submission_receipt", content={"answers": [], "files": []})))
    assert "We have received the corrected procedure that" in page
    assert "You answered none of the questions" in page
    assert "SHA-256" not in page


@pytest.mark.parametrize("kind", ProcedureKind)
async def test_a_receipt_names_every_kind_of_procedure(pool, sample, kind):
    assert (await pool.render(sample("submission_receipt", content={"procedure_kind": kind.value}))).pages == 1


async def test_legal_remedies_are_marked_as_a_sample(pool, sample, pages):
    (page,) = pages(await pool.render(sample()))
    assert "Legal remedies sample text" in page


@pytest.mark.parametrize("content", get_args(get_args(DocumentContent)[0]))
def test_what_may_be_ordered_is_what_can_be_typeset(content):
    fields = dict(content.model_fields)
    document_type = fields.pop("type").default
    assert set(SHAPES[document_type]) == set(fields)


@pytest.mark.parametrize(
    ("row", "shape"),
    [
        (CertifiedCoinsurance, COINSURED),
        (CertifiedPerson, CERTIFIED_PERSON),
        (SubmittedAnswer, SUBMITTED_ANSWER),
        (SubmittedFile, SUBMITTED_FILE),
    ],
)
def test_the_rows_that_may_be_ordered_are_those_that_can_be_typeset(row, shape):
    assert set(shape) == set(row.model_fields)


def test_every_type_that_may_be_ordered_has_a_template_and_every_language_a_catalogue():
    assert set(DocumentType) <= set(SHAPES) == {folder.name for folder in (ASSETS / "templates").iterdir() if folder.is_dir()}
    assert set(LANGUAGES) == set(Locale)
