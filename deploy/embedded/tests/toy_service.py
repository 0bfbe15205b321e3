"""A service that says what it was started with; `toy_service.py count` prints what it was given."""

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Toy(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path in ("/readyz", "/environment") else 404)
        self.end_headers()
        self.wfile.write(json.dumps(dict(os.environ)).encode())


if sys.argv[1:]:
    sys.stdout.write(f"{os.environ['ESPACE_PORT']} {sys.argv[1]}\n")
    sys.exit(int(sys.argv[1:] == ["fail"]))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
if os.environ.get("CRASHPOINT") == "at start":
    os._exit(137)
HTTPServer((os.environ["ESPACE_HOST"], int(os.environ["ESPACE_PORT"])), Toy).serve_forever()
