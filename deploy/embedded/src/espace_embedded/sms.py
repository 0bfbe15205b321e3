"""A gateway for text messages that keeps each as a file and sends nothing: `python -m espace_embedded.sms <port> <folder>`.

It answers as docs/adr/0020 describes a gateway: POST /messages with {from, to, text}, a bearer secret and an Idempotency-Key, by which a
repeat is answered and kept no second time. A number that ends in 0000 is one that nothing can be sent to (400, code 40310).
"""

import json
import sys
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import UUID

_LARGEST = 10_000
"""Bytes of a request."""


def gateway(port: int, folder: Path) -> ThreadingHTTPServer:
    """The server, which answers once `serve_forever` is called."""
    folder.mkdir(parents=True, exist_ok=True)

    class Gateway(BaseHTTPRequestHandler):
        """Answers one request."""

        def do_POST(self) -> None:
            """Keeps the message."""
            asked = self.rfile.read(min(int(self.headers.get("Content-Length", 0)), _LARGEST))
            try:
                key, message = UUID(self.headers.get("Idempotency-Key", "")), json.loads(asked)
                kept = {name: str(message[name]) for name in ("from", "to", "text")}
            except (ValueError, KeyError, TypeError):
                self._answer(HTTPStatus.BAD_REQUEST)
                return
            if self.path != "/messages" or not self.headers.get("Authorization", "").startswith("Bearer "):
                self._answer(HTTPStatus.UNAUTHORIZED)
            elif kept["to"].endswith("0000"):
                self._answer(HTTPStatus.BAD_REQUEST, {"errors": [{"code": "40310", "title": "Invalid 'to' address"}]})
            else:
                _keep(folder, key, kept)
                self._answer(HTTPStatus.ACCEPTED)

        def _answer(self, status: HTTPStatus, body: object = None) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing: a line would hold nothing of use."""

    return ThreadingHTTPServer(("127.0.0.1", port), Gateway)


def _keep(folder: Path, key: UUID, message: dict[str, str]) -> None:
    """One file a key, complete when it appears; named so that the oldest come first."""
    if any(folder.glob(f"*-{key}.json")):
        return
    unfinished = folder / f".{key}"
    unfinished.write_text(json.dumps(message), encoding="utf-8")
    unfinished.rename(folder / f"{time.time_ns()}-{key}.json")


if __name__ == "__main__":
    gateway(int(sys.argv[1]), Path(sys.argv[2])).serve_forever()
