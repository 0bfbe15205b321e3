import asyncio
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError

from espace_embedded.java import Java
from espace_embedded.ports import answers
from espace_embedded.process import NotReady, Plan, Process, Tell


class Broker(Process):
    """One Kafka node that is broker and controller; topics are made by us alone, never by a producer's mistake."""

    def __init__(self, java: Java, folder: Path, ports: tuple[int, int], tell: Tell) -> None:
        """``ports``: of the broker and of its controller."""
        self.address = f"127.0.0.1:{ports[0]}"
        self._java, self._folder, self._ports = java, folder, ports
        self._properties = folder / "server.properties"
        command = java.command("kafka.Kafka", str(self._properties))
        super().__init__(Plan("kafka", command, folder.parent / "logs" / "kafka.log", self._answers), tell)

    async def start(self, *lives: Mapping[str, str]) -> None:
        """Starts it, on a formatted folder. Raises NotReady with the formatter's words."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text("".join(f"{key}={value}\n" for key, value in self._settings().items()))
        if not (self._folder / "data" / "meta.properties").exists():
            await self._format()
        await super().start(*lives)

    async def create(self, *topics: NewTopic) -> None:
        """Makes the topics that do not exist yet."""
        admin = AIOKafkaAdminClient(bootstrap_servers=self.address)
        await admin.start()
        try:
            there = set(await admin.list_topics())
            answer = await admin.create_topics([topic for topic in topics if topic.name not in there])
            for name, code, message in answer.topic_errors:
                if code:
                    raise RuntimeError(f"Kafka did not make the topic {name}: {message}")
        finally:
            await admin.close()

    async def _answers(self) -> bool:
        if not await answers(self._ports[0]):
            return False
        admin = AIOKafkaAdminClient(bootstrap_servers=self.address)
        try:
            await admin.start()
            await admin.list_topics()
        except KafkaError:
            return False
        finally:
            await admin.close()
        return True

    async def _format(self) -> None:
        cluster = urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        command = self._java.command(
            "kafka.tools.StorageTool", "format", f"--cluster-id={cluster}", "-c", str(self._properties), heap_mb=128
        )
        formatter = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT)
        output, _ = await formatter.communicate()
        if formatter.returncode:
            raise NotReady(f"Kafka's folder {self._folder} could not be formatted:\n{output.decode(errors='replace')}")

    def _settings(self) -> dict[str, object]:
        broker, controller = self._ports
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "log.dirs": self._folder / "data",
            "auto.create.topics.enable": "false",
            "group.initial.rebalance.delay.ms": 0,
            # back after a kill in 6 s instead of 12
            "broker.session.timeout.ms": 3000,
            "broker.heartbeat.interval.ms": 1000,
            # one node keeps the only copy
            "offsets.topic.replication.factor": 1,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            # small enough for one machine
            "offsets.topic.num.partitions": 8,
            "transaction.state.log.num.partitions": 4,
            "num.network.threads": 1,
            "num.io.threads": 2,
            "background.threads": 2,
            "group.coordinator.threads": 1,
            "share.coordinator.threads": 1,
            "log.cleaner.dedupe.buffer.size": 8 * 1024 * 1024,
            # nobody follows this node's own log, to hear twice a second that nothing has changed
            "metadata.max.idle.interval.ms": 0,
        }
