import hashlib
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jgo.config import GlobalSettings
from jgo.maven import MavenContext

LOCK = Path(__file__).parents[2] / "jgo.lock.toml"


class JarsUnavailable(Exception):
    """A jar could not be fetched, or is not the one that the lock file pins."""


@dataclass(frozen=True)
class Jar:
    """One Java library: its Maven coordinates and the SHA-256 it must have."""

    group: str
    artifact: str
    version: str
    sha256: str

    def __str__(self) -> str:
        return f"The Java library {self.group}:{self.artifact}:{self.version}"

    @property
    def path(self) -> Path:
        """Where Maven's layout puts it inside a repository folder."""
        return Path(*self.group.split("."), self.artifact, self.version, f"{self.artifact}-{self.version}.jar")


def pinned(lock: Path = LOCK) -> list[Jar]:
    """Every jar of a lock file, in the order of the class path."""
    entries = tomllib.loads(lock.read_text())["dependencies"]
    return [Jar(entry["groupId"], entry["artifactId"], entry["version"], entry["sha256"]) for entry in entries]


def fetch(folder: Path, tell: Callable[[str], None], lock: Path = LOCK) -> dict[str, Path]:
    """The jars that a lock file pins, by artifact name, each verified; the missing ones are fetched into the folder first.

    Raises JarsUnavailable with the jar's name.
    """
    jars = pinned(lock)
    missing = [jar for jar in jars if not _verified(jar, folder)]
    context = MavenContext(repo_cache=folder, remote_repos=_repositories(), timeout=60)
    for number, jar in enumerate(missing, 1):
        tell(f"Fetching Java library {number} of {len(missing)}: {jar.artifact} {jar.version}")
        _fetch(jar, folder, context)
    return {jar.artifact: folder / jar.path for jar in jars}


def _repositories() -> dict[str, str] | None:
    """The repositories of the person's own jgo configuration; jgo's default where there are none."""
    return GlobalSettings.load().repositories or None


def _fetch(jar: Jar, folder: Path, context: MavenContext) -> None:
    (folder / jar.path).unlink(missing_ok=True)  # cut short by a kill, or not the pinned one
    try:
        context.project(jar.group, jar.artifact).at_version(jar.version).artifact().resolve()
    except (OSError, RuntimeError) as error:
        raise JarsUnavailable(f"{jar} could not be fetched: check the network connection, then start again ({error}).") from error
    if not _verified(jar, folder):
        raise JarsUnavailable(f"{jar} has not the SHA-256 that jgo.lock.toml pins. Do not run it; ask where the difference comes from.")


def _verified(jar: Jar, folder: Path) -> bool:
    path = folder / jar.path
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == jar.sha256
