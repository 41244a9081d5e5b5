"""An issuer whose key server does whatever a test wants of it."""

import contextlib
import http.server
import threading
import time


class Issuer:
    """A key server on loopback that counts every request.

    `good` is what it serves; `ways` says by path what it does instead: `status`, `text`,
    `headers`, `delay` (seconds before the answer) and `cut` (bytes that it promises and
    does not send). While it is down, nobody listens on its port.
    """

    def __init__(self, good):
        self.good = good
        self.ways = {}
        self.asked = []
        self.fields = []
        self.port = 0
        self.server = None
        self.up()

    def up(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked.append((self.path, self.headers["host"], time.monotonic()))
                outer.fields.append(dict(self.headers.items()))
                way = {"text": outer.good, "status": 200, "headers": {}, "delay": 0, "cut": 0}
                way.update(outer.ways.get(self.path, {}))
                time.sleep(way["delay"])
                with contextlib.suppress(ConnectionError):  # Nobody waits any more.
                    self.send_response(way["status"])
                    for name, value in way["headers"].items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(way["text"]) + way["cut"]))
                    self.end_headers()
                    self.wfile.write(way["text"].encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def down(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        self.server = None

    def count(self, path=None):
        """Return how many requests came so far, for one path or for all."""
        return sum(path in (None, asked[0]) for asked in self.asked)
