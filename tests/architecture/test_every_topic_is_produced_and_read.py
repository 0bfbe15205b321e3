"""The registry of topics and the code of the parts agree: nothing is declared that nobody says or hears, and nobody says or hears more.

Read from the source, so that no part needs to run: an event is said where its class is called, and heard where a handler in
events/incoming.py is decorated with `@subscriptions.to(Event)`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import espace_contracts.events
import pytest
from espace_contracts.event import Event, Topic, declared_events
from espace_contracts.topics import all_topics, consumer_groups

ROOT = Path(__file__).parents[2]
PARTS = {folder.name: folder / "src" / f"espace_{folder.name}" for folder in ROOT.glob("services/*") if folder.is_dir()} | {
    "cns-core": ROOT / "deploy/embedded/cns_core/src/espace_cns_core"
}

each_topic = pytest.mark.parametrize("topic", all_topics(), ids=lambda topic: topic.name)
each_event = pytest.mark.parametrize("event", declared_events().values(), ids=declared_events())
each_part = pytest.mark.parametrize("part", PARTS)


@each_event
def test_an_event_is_said_by_the_owner_of_its_topic(event: type[Event]):
    owner = event.topic.owner
    assert event in said_by(owner), f"{owner} owns {event.topic.name} but nowhere in {shown(owner)} makes a {event.__name__}."


@each_topic
def test_a_topic_is_heard_by_every_reader_it_names(topic: Topic):
    told = {event for event in declared_events().values() if event.topic == topic}
    deaf = [reader for reader in topic.readers if not told & heard_by(reader)]
    assert not deaf, "\n".join(
        f"{reader} is declared a reader of {topic.name} but {shown(reader)}/events/incoming.py subscribes to none of its events." for reader in deaf
    )


@each_event
def test_an_event_is_heard_by_a_reader_of_its_topic(event: type[Event]):
    readers = event.topic.readers
    assert any(event in heard_by(reader) for reader in readers), (
        f"Nobody handles {event.__name__}: one of {', '.join(readers)} must subscribe to it in events/incoming.py, or the contract must go."
    )


@each_part
def test_a_part_says_only_what_it_owns(part: str):
    foreign = sorted(event.__name__ for event in said_by(part) if event.topic.owner != part)
    assert not foreign, f"{part} makes {', '.join(foreign)}, whose topics belong to other parts."


@each_part
def test_a_part_hears_only_topics_that_name_it_as_a_reader(part: str):
    undeclared = sorted(event.__name__ for event in heard_by(part) if part not in event.topic.readers)
    assert not undeclared, f"{part} subscribes to {', '.join(undeclared)}, but contracts/topics.py does not name it as a reader of their topics."


def test_every_owner_and_every_reader_is_a_part():
    strangers = ({topic.owner for topic in all_topics()} | set(consumer_groups())) - PARTS.keys()
    assert not strangers, f"contracts/topics.py names {', '.join(sorted(strangers))}, which no folder holds."


@pytest.mark.parametrize("group", consumer_groups())
def test_the_group_of_a_reader_is_its_name(group: str):
    named = {
        keyword.value.value
        for tree in [parsed(PARTS[group] / "events" / "incoming.py")]
        for call in calls_in(tree, {"Subscriptions"})
        for keyword in call.keywords
        if keyword.arg == "group" and isinstance(keyword.value, ast.Constant)
    }
    assert named == {group}, f'{shown(group)}/events/incoming.py must say Subscriptions(group="{group}") once.'


def test_this_reading_of_the_source_finds_what_is_said_and_heard():
    tree = ast.parse("""
from espace_contracts.events import LetterFailed, LetterPosted as Posted, LetterRequested

@subscriptions.to(LetterRequested)
async def post(event): ...

@other.to(LetterFailed)
async def ignore(event): return Posted(letter=event.data.letter)
""")
    events = imported_in(tree)
    assert {name: event.__name__ for name, event in events.items()} == {
        "LetterFailed": "LetterFailed",
        "Posted": "LetterPosted",
        "LetterRequested": "LetterRequested",
    }
    assert list(subscribed_in(tree)) == ["LetterRequested"]
    assert [name for name in events if any(calls_in(tree, {name}))] == ["Posted"]


@cache
def said_by(part: str) -> frozenset[type[Event]]:
    """The events that this part makes anywhere in its source."""
    return frozenset(
        event
        for file in PARTS[part].rglob("*.py")
        for name, event in imported_in(parsed(file)).items()
        if any(calls_in(parsed(file), {name}))
    )


@cache
def heard_by(part: str) -> frozenset[type[Event]]:
    """The events that this part has a handler for."""
    tree = parsed(PARTS[part] / "events" / "incoming.py")
    events = imported_in(tree)
    return frozenset(events[name] for name in subscribed_in(tree) if name in events)


@cache
def parsed(file: Path) -> ast.Module:
    """The source of a file; nothing when there is no such file, so that it says and hears nothing."""
    return ast.parse(file.read_text(encoding="utf-8") if file.exists() else "")


def imported_in(tree: ast.Module) -> dict[str, type[Event]]:
    """The events a module imports, by the name it gives them."""
    by_class = {event.__name__: event for event in declared_events().values()}
    return {
        alias.asname or alias.name: by_class[alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(espace_contracts.events.__name__)
        for alias in node.names
        if alias.name in by_class
    }


def calls_in(tree: ast.Module, names: set[str]) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names)


def subscribed_in(tree: ast.Module) -> Iterator[str]:
    """The names in every decorator `@subscriptions.to(Name)`."""
    for node in ast.walk(tree):
        for decorator in node.decorator_list if isinstance(node, ast.AsyncFunctionDef) else ():
            match decorator:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="subscriptions"), attr="to"), args=[ast.Name(id=name)]):
                    yield name


def shown(part: str) -> Path:
    return PARTS[part].relative_to(ROOT)
