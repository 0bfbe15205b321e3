from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from espace_notifications.domain.manifest import MANIFEST
from espace_notifications.domain.postal_address import PostalAddress

from .world import Post

SCHEMA = json.loads(files("espace_notifications").joinpath("assets/print_run_manifest.v2.schema.json").read_text(encoding="utf-8"))


def to(country: str, *lines: str) -> PostalAddress:
    return PostalAddress(lines, country)


@pytest.mark.parametrize(
    ("address", "postcode"),
    [
        (to("LU", "12, rue des Fleurs", "L-1234 Luxembourg"), "1234"),
        (to("LU", "12, rue des Fleurs", "1234 Luxembourg"), "1234"),
        (to("LU", "12, rue des Fleurs", "LU-1234 Luxembourg"), "1234"),
        (to("LU", "1000, route d'Arlon", "L 8008 Strassen", "Luxembourg"), "8008"),
        (to("LU", "Boîte postale 12345", "Luxembourg"), None),
        (to("BE", "Rue Haute 1", "B-6700 Arlon"), "6700"),
        (to("BE", "Rue Haute 1", "6700 ARLON"), "6700"),
        (to("FR", "2 rue Serpenoise", "F-57000 Metz"), "57000"),
        (to("FR", "2 rue Serpenoise", "57000 METZ CEDEX 1"), "57000"),
        (to("DE", "Brotstraße 7", "D-54290 Trier"), "54290"),
        (to("DE", "Brotstraße 7", "54290 Trier"), "54290"),
        (to("NL", "Damrak 1", "1012 LG Amsterdam"), "1012"),
        (to("CH", "Bahnhofstrasse 1", "CH-8001 Zürich"), "8001"),
        (to("GB", "10 Downing Street", "London SW1A 2AA"), None),
        (to("LU"), None),
    ],
)
def test_the_postcode_is_found_in_the_form_of_its_country(address, postcode):
    assert address.postcode == postcode


async def printed(post: Post, *addresses: PostalAddress) -> tuple[list[int], dict]:
    """The numbers of the letters in the order of the manifest, and the manifest."""
    letters = {}
    for number, address in enumerate(addresses):
        post.clock.passes(0.1)
        letter = await post.queued(number)
        letters[str(letter.id)] = number
        post.source.addresses[letter.id] = address
    await post.after_the_cut_off()
    while any(run.state != "handed_over" for run in post.runs.kept.values()):
        await post.after_the_cut_off()
    (folder,) = post.spool.handed_over()
    content = json.loads(folder[MANIFEST])
    return [letters[entry["letter"]] for entry in content["letters"]], content


async def test_luxembourg_comes_first_then_each_country_and_in_it_each_postcode():
    post = Post()
    post.at_once = 10
    order, content = await printed(
        post,
        to("FR", "57000 Metz"), to("LU", "Luxembourg"), to("LU", "L-9000 Ettelbruck"), to("DE", "54290 Trier"),
        to("LU", "L-1234 Luxembourg"), to("LU", "12, rue B", "L-9000 Ettelbruck"), to("BE", "6700 Arlon"),
    )  # fmt: skip
    assert order == [4, 2, 5, 1, 6, 3, 0]
    assert [entry["country"] for entry in content["letters"]] == ["LU", "LU", "LU", "LU", "BE", "DE", "FR"]
    assert [entry["position"] for entry in content["letters"]] == [1, 2, 3, 4, 5, 6, 7]
    assert [entry["file"][:4] for entry in content["letters"]] == [f"{position:04}" for position in range(1, 8)]


@pytest.mark.parametrize("cut_offs", [None, "12:00"])
async def test_a_manifest_counts_what_lies_in_the_run_keeps_to_its_schema_and_names_nobody(cut_offs):
    post = Post(cut_offs)
    post.clock.now = post.clock.now.replace(hour=9)
    letters = [await post.queued(number) for number in (1, 2)]
    post.clock.now = post.clock.now.replace(hour=11)
    await post.round()
    (folder,) = post.spool.handed_over()
    content = json.loads(folder[MANIFEST])
    jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(content)
    assert (content["total_letters"], content["total_pages"]) == (2, 4)
    assert content["cut_off"] == (post.clock.now.isoformat() if cut_offs else None)
    told = folder[MANIFEST].decode()
    for letter in letters:
        assert str(letter.insured) not in told
        assert str(letter.document) not in told
    assert "Fleurs" not in told
