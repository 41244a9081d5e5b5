"""What every gateway under test can do.

A gateway is one class: it writes its configuration for the profiles of
README.md, starts and stops its server, and tells the code of an answer.
"""

import email.message
import http.client
import http.server
import json
import os
import signal
import socket
import subprocess
import threading
import time

import h2.connection
import h2.events


def free_port():
    """Return a port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def replace(path, text):
    """Put a file in the place of another at once, as `mv` does."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    os.replace(fresh, path)


def until(condition, seconds=120):
    """Wait for the condition and tell whether it came.

    Pauses after failed fetches double, so that on a busy machine the next one may be far off.
    """
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


class Echo:
    """An upstream that answers with the request that reached it, as JSON."""

    def __init__(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                seen = {":path": self.path}
                for name, value in self.headers.items():
                    seen[name.lower()] = ",".join(filter(None, [seen.get(name.lower()), value]))
                self.reply(json.dumps(seen).encode())

            def reply(self, body, status=200):
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Answer:
    """A response, and the request that reached the upstream, if it did."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    def upstream(self):
        return json.loads(self.body)

    def challenge(self):
        """Return the parameters of the Bearer challenge, or None."""
        values = self.headers.get_all("www-authenticate", [])
        if not values:
            return None
        assert len(values) == 1 and values[0].startswith("Bearer "), values
        pairs = http.client.parse_headers(open(os.devnull, "rb"))  # an empty message
        pairs.add_header("x", "")
        pairs.replace_header("x", "x; " + values[0][7:].replace(", ", "; "))
        return {name: value for name, value in pairs.get_params(header="x")[1:]}


class Gateway:
    """A server process on loopback that guards the profiles' paths."""

    name = "gateway"
    # Where HTTP/2 has a port of its own.
    http2_port = None
    # The port of the issuer of status lists, and the URI that its lists are below, if the
    # gateway has any.
    idp_port = None
    lists = None

    def __init__(self, directory, forge, upstream_port):
        self.directory = directory
        self.forge = forge
        self.upstream_port = upstream_port
        self.port = free_port()
        self.process = None

    def serve_lists(self, port):
        """Take the issuer at this port for the profile /status, if the gateway has status lists."""

    def command(self):
        """Return the command that runs the server in the foreground."""
        raise NotImplementedError

    def code_of(self, answer):
        """Return the code that a refusal names, or None if it cannot tell."""
        return None

    def start(self):
        log = open(self.directory / f"{self.name}.log", "ab")
        self.process = subprocess.Popen(self.command(), stdout=log, stderr=log)
        log.close()
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.02)
        self.stop()
        raise RuntimeError(f"{self.name} did not start:\n{self.log()}")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
        if self.process:
            self.process.wait()
        self.process = None

    def kill(self):
        """End the process as a crash would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def log(self):
        return (self.directory / f"{self.name}.log").read_text(errors="replace")

    def resident_kib(self):
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(status.split("VmRSS:")[1].split()[0])

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def ask(self, path, headers=(), method="GET", connection=None):
        """Send a request with exactly these headers and return the answer."""
        own = connection or self.connect()
        own.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers:
            own.putheader(name, value if isinstance(value, bytes) else value.encode("latin-1"))
        own.endheaders()
        answer = Answer(own.getresponse())
        if not connection:
            own.close()
        return answer

    def bearer(self, token, path="/main", connection=None):
        return self.ask(path, [("authorization", f"Bearer {token}")], connection=connection)


class Http2Answer(Answer):
    """The same of an answer that came by HTTP/2."""

    def __init__(self, fields, body):
        self.headers = email.message.Message()
        for name, value in fields:
            self.headers.add_header(name.decode(), value.decode())
        self.status = int(self.headers[":status"])
        self.body = body


def ask_http2(port, requests):
    """Send requests as streams of one HTTP/2 connection; return the answers.

    A request is a path and a list of header fields.
    """
    machine = h2.connection.H2Connection()
    machine.initiate_connection()
    for path, headers in requests:
        pseudo = [(":method", "GET"), (":path", path), (":scheme", "http"), (":authority", "x")]
        machine.send_headers(machine.get_next_available_stream_id(), pseudo + headers, end_stream=True)
    fields, bodies, open_streams = {}, {}, len(requests)
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        while open_streams:
            connection.sendall(machine.data_to_send())
            for event in machine.receive_data(connection.recv(65536)):
                if isinstance(event, h2.events.ResponseReceived):
                    fields[event.stream_id] = event.headers
                elif isinstance(event, h2.events.DataReceived):
                    bodies[event.stream_id] = bodies.get(event.stream_id, b"") + event.data
                elif isinstance(event, (h2.events.StreamEnded, h2.events.StreamReset)):
                    open_streams -= 1
    return [Http2Answer(fields[stream], bodies.get(stream, b"")) for stream in sorted(fields)]


class Load:
    """Requests from some threads, without a pause, until it is stopped."""

    def __init__(self, gateway, tokens, threads=2, path="/main"):
        self.statuses = {}
        self.errors = []
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        target = (gateway, tokens, path)
        self.threads = [threading.Thread(target=self.run, args=target) for _ in range(threads)]

    def run(self, gateway, tokens, path):
        connection = gateway.connect()
        count = 0
        while not self.stopping.is_set():
            count += 1
            try:
                status = gateway.bearer(tokens[count % len(tokens)], path, connection).status
            except (OSError, http.client.HTTPException) as error:
                with self.lock:
                    self.errors.append(error)
                connection.close()
                connection = gateway.connect()
                time.sleep(0.01)
                continue
            with self.lock:
                self.statuses[status] = self.statuses.get(status, 0) + 1
        connection.close()

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
