from pathlib import Path

from espace_embedded.java import Java
from espace_embedded.ports import answers
from espace_embedded.process import Plan, Process, Tell


class Store(Process):
    """The document store: MongoDB's protocol over one file that survives SIGKILL."""

    def __init__(self, java: Java, folder: Path, port: int, tell: Tell) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.uri = f"mongodb://127.0.0.1:{port}"
        command = java.command("DocumentStore", str(folder / "documents.mv"), "127.0.0.1", str(port))
        super().__init__(Plan("store", command, folder.parent / "logs" / "store.log", lambda: answers(port)), tell)
