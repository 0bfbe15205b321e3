"""The pages can be used by keyboard and screen reader, in four languages, and say loudly what they are not."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest
from babel.messages.pofile import read_po

from espace_identity_provider.api.language import LANGUAGES

from .conftest import CATHERINE, SOPHIE, Controls, Espace, World, text_of

NO_SECURITY = {
    "fr": "sans aucune sécurité",
    "de": "keinerlei Sicherheit",
    "en": "no security at all",
    "lb": "keng Sécherheet",
}
TEMPLATES = files("espace_identity_provider") / "assets" / "templates"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_page_names_its_language_and_says_that_it_is_no_security(luxtrust: Espace, language: str):
    answer = await luxtrust.asks(ui_locales=f"xx {language}-LU")
    assert Controls(answer.text).language == language == answer.headers["content-language"]
    assert NO_SECURITY[language] in text_of(answer.text)
    assert "LuxTrust" in answer.text


async def test_french_is_spoken_where_nothing_was_asked_for_and_the_others_are_a_link_away(luxtrust: Espace):
    answer = await luxtrust.asks(ui_locales=None)
    assert Controls(answer.text).language == "fr"
    (link,) = re.findall(r'<a href="([^"]+)" lang="lb"', answer.text)
    page = await luxtrust.http.get(link.replace("&amp;", "&"))
    assert Controls(page.text).language == "lb"
    assert "st%26te" in page.text, "the request goes along"


async def test_every_control_has_a_label_and_every_description_exists(luxtrust: Espace, eidas: Espace):
    for answer in (await luxtrust.asks(), await eidas.asks(), await luxtrust.sends_page({"matricule": "12", "level": "high"})):
        page = Controls(answer.text)
        assert page.controls
        assert {control.get("id") for control in page.controls} <= page.labelled
        assert page.described <= set(page.ids)
        assert len(page.ids) == len(set(page.ids))
        assert page.tags.count("h1") == page.tags.count("main") == page.tags.count("title") == 1
        assert "script" not in page.tags


async def test_the_page_offers_the_persons_of_the_demo_and_says_who_has_died(luxtrust: Espace):
    page = await luxtrust.asks(ui_locales="en")
    assert f"Sophie Hoffmann, {SOPHIE.matricule} " in text_of(page.text)
    assert f"Catherine Müller, {CATHERINE.matricule} (deceased)" in text_of(page.text)


async def test_the_page_picks_the_providers_usual_level_or_the_one_asked_for(luxtrust: Espace):
    async def picked(**demand: str) -> list[str | None]:
        page = Controls((await luxtrust.asks(**demand)).text)
        return [control["value"] for control in page.controls if control.get("name") == "level" and "checked" in control]

    assert await picked() == ["substantial"]
    assert await picked(acr_values="http://eidas.europa.eu/LoA/high") == ["high"]
    assert await picked(acr_values="http://eidas.europa.eu/LoA/low") == ["substantial"]
    assert await picked(acr_values="urn:unknown") == ["substantial"]


async def test_a_number_that_is_no_matricule_comes_back_with_how_to_mend_it(luxtrust: Espace):
    answer = await luxtrust.sends_page({"matricule": '12"><b>', "level": "high"}, ui_locales="en")
    assert answer.status_code == 422
    assert "A matricule has 13 digits. Check the number, or pick a person from the list." in text_of(answer.text)
    assert "<title>Error:" in answer.text
    (field,) = [control for control in Controls(answer.text).controls if control.get("id") == "matricule"]
    assert field["aria-invalid"] == "true"
    assert field["value"] == '12"><b>'


async def test_a_page_loads_nothing_from_elsewhere_and_sends_nothing_elsewhere(luxtrust: Espace):
    answer = await luxtrust.asks()
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self' http://127.0.0.1:8080;" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    sheet = await luxtrust.http.get("/style.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "url(" not in sheet.text


async def test_a_page_that_was_sent_and_is_loaded_again_is_asked_for_anew(luxtrust: Espace):
    answer = await luxtrust.http.get("/luxtrust/login", params=luxtrust.request())
    assert answer.status_code == 303
    assert (await luxtrust.http.get(answer.headers["location"])).status_code == 200


async def test_while_the_fund_is_away_nobody_can_log_in_and_the_page_says_so(luxtrust: Espace, world: World):
    world.fund_is_away = True
    for answer in (await luxtrust.asks(ui_locales="en"), await luxtrust.sends_page({"person": SOPHIE.matricule, "level": "high"})):
        assert answer.status_code == 503
    world.fund_is_away = False
    assert await luxtrust.logs_in()


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_every_sentence_of_the_pages_is_translated(language: str):
    source = "".join(template.read_text() for template in TEMPLATES.iterdir())
    sentences = set(re.findall(r'_\("([^"]+)"', source))
    with (files("espace_identity_provider") / "assets" / "locales" / f"{language}.po").open("rb") as file:
        translated = {str(message.id) for message in read_po(file, locale=language) if message.id and message.string}
    assert sentences == translated
