"""The same broker and store as containers of the official images, where a container engine answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from testcontainers.community.kafka import KafkaContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

KAFKA_IMAGE = "confluentinc/cp-kafka:8.1.0"
MONGODB_IMAGE = "mongo:8.0"


@dataclass(frozen=True)
class ContainedBroker:
    """A broker in a container."""

    address: str


@dataclass(frozen=True)
class ContainedStore:
    """MongoDB in a container, without accounts, as the embedded store has none."""

    uri: str


@contextmanager
def broker_in_container() -> Iterator[ContainedBroker]:
    """A Kafka node while the context lasts."""
    with KafkaContainer(KAFKA_IMAGE).with_kraft() as container:
        yield ContainedBroker(container.get_bootstrap_server())


@contextmanager
def store_in_container() -> Iterator[ContainedStore]:
    """A MongoDB server while the context lasts."""
    listening = LogMessageWaitStrategy("Waiting for connections")
    with DockerContainer(MONGODB_IMAGE).with_exposed_ports(27017).waiting_for(listening) as container:
        yield ContainedStore(f"mongodb://{container.get_container_host_ip()}:{container.get_exposed_port(27017)}")
