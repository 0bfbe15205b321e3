"""contracts/schemas and contracts/asyncapi.yaml say what the code says, in the words of their standards."""

from __future__ import annotations

import json
import subprocess
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, Draft202012Validator

from espace_contracts import golden
from espace_contracts.events import published_events
from espace_contracts.golden import GoldenMessage
from espace_contracts.topics import all_topics, topics_on_the_broker

CONTRACTS = Path(__file__).parents[2] / "contracts"


@pytest.fixture(scope="module")
def asyncapi() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((CONTRACTS / "asyncapi.yaml").read_text(encoding="utf-8"))
    return document


def test_the_published_files_are_current() -> None:
    check = subprocess.run([sys.executable, "-m", "espace_contracts.generate", "--check"], capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr


@pytest.mark.parametrize("name", published_events())
def test_a_published_schema_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(json.loads((CONTRACTS / "schemas" / f"{name}.json").read_bytes()))


@pytest.mark.parametrize("message", list(golden.messages()), ids=lambda message: message.name)
def test_a_golden_message_fits_the_published_schema_and_headers(message: GoldenMessage, asyncapi: dict[str, Any]) -> None:
    schema = json.loads((CONTRACTS / "schemas" / f"{message.headers['ce_type']}.json").read_bytes())
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(json.loads(message.value))
    assert not validator.is_valid({**json.loads(message.value), "insured": "nobody"})

    components = asyncapi["components"]
    for headers in (components["messageTraits"]["cloudEvent"]["headers"], components["messages"][message.headers["ce_type"]]["headers"]):
        Draft7Validator(headers, format_checker=Draft7Validator.FORMAT_CHECKER).validate(message.headers)
    assert set(message.headers) <= set(components["messageTraits"]["cloudEvent"]["headers"]["properties"])


def test_the_asyncapi_document_is_valid_by_its_standard(asyncapi: dict[str, Any]) -> None:
    standard = json.loads((Path(__file__).parent / "asyncapi-3.0.0.schema.json").read_bytes())
    Draft7Validator(standard).validate(asyncapi)

    wrong = deepcopy(asyncapi)
    wrong["channels"]["espace.procedures.v1"]["bindings"]["kafka"]["partitions"] = "six"
    assert not Draft7Validator(standard).is_valid(wrong)


def test_every_reference_of_the_asyncapi_document_leads_somewhere(asyncapi: dict[str, Any]) -> None:
    references = list(references_in(asyncapi))
    assert references
    for reference in references:
        file, _, path = reference.partition("#/")
        if file:
            assert (CONTRACTS / file).is_file(), reference
        target = asyncapi
        for step in filter(None, path.split("/")):
            assert step in target, reference
            target = target[step]


def references_in(part: Any) -> list[str]:
    match part:
        case {"$ref": str(reference)}:
            return [reference]
        case dict():
            return [reference for value in part.values() for reference in references_in(value)]
        case list():
            return [reference for value in part for reference in references_in(value)]
        case _:
            return []


def test_the_asyncapi_document_has_every_topic_of_the_broker_as_it_is_configured(asyncapi: dict[str, Any]) -> None:
    published = {
        name: (channel["bindings"]["kafka"]["partitions"], channel["bindings"]["kafka"]["topicConfiguration"]["retention.ms"])
        for name, channel in asyncapi["channels"].items()
    }
    assert published == {topic.name: (topic.partitions, topic.retention_ms) for topic in topics_on_the_broker()}


def test_the_asyncapi_document_says_who_writes_and_who_reads_each_topic(asyncapi: dict[str, Any]) -> None:
    operations = asyncapi["operations"].items()
    for topic in all_topics():
        told = [(name, of["action"]) for name, of in operations if of["channel"]["$ref"] == f"#/channels/{topic.name}"]
        writers = {name.split(".")[0] for name, action in told if action == "send"}
        readers = {name.split(".")[0] for name, action in told if action == "receive"}
        assert (writers, readers) == ({topic.owner}, {*topic.readers, *topic.watchers})
