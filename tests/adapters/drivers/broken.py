"""A province on a bare socket: it answers well, and from a certain call on in whatever way a fault says."""

import contextlib
import gzip
import json
import re
import socket
import struct
import threading
from urllib.parse import parse_qs, urlsplit

from contract_tests.mocks import tj

ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><r><Return>{}</Return></r></s:Body></s:Envelope>'
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = HEAD + b"Content-Length: 1000\r\n\r\n"
METADATA = "Location: http://169.254.169.254/latest/meta-data"


def whole(body, *headers, status="200 OK"):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def says(answer):
    def fault(connection, over):
        connection.sendall(answer)

    return fault


def drips(before, drop=b"x"):
    """Never silent for as long as the read timeout, and never done."""

    def fault(connection, over):
        connection.sendall(before)
        while not over.wait(0.05):
            connection.sendall(drop)

    return fault


def pours(before, bucket):
    def fault(connection, over):
        connection.sendall(before)
        while not over.is_set():
            connection.sendall(bucket)

    return fault


def hangs(connection, over):
    over.wait(20)


def resets(connection, over):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def resets_half_way(connection, over):
    connection.sendall(LONG + b'{"code"')
    resets(connection, over)


def bomb():
    return whole(gzip.compress(bytes(60 << 20)), "Content-Encoding: gzip")


class Rest:
    """Our own `js`, two rows a page: the first page is well, the fault is in the second."""

    adapter, first, rest = "js", {"n1", "n2"}, {"n2", "n3"}
    text = (("size: 100", "size: 2"), ("overlap: 10m", "overlap: 0s"))
    secrets = {"LIANDAN_JS_APP_ID": "id-5512", "LIANDAN_JS_APP_SECRET": "secret-91bc"}  # noqa: RUF012
    before, ticket, where = ("login",), "ticket-77aa", "/api/manifests"
    rows = tuple((f"n{one}", f"2026-01-01 00:00:0{one}") for one in (1, 2, 3))

    def call(self, target, body):
        """(what is asked: `login`, `first` or `page`; the good answer)."""
        url = urlsplit(target)
        if url.path == "/auth/token":
            return "login", whole(json.dumps({"code": "1", "data": {"token": self.ticket}}).encode())
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        found = [row for row in self.rows if row[1] >= asked["updatedFrom"]]
        start = (int(asked["pageNum"]) - 1) * int(asked["pageSize"])
        listed = [{"transNo": no, "updateTime": at} for no, at in found[start : start + int(asked["pageSize"])]]
        told = {"code": "1", "msg": "成功", "data": {"total": len(found), "list": listed}}
        return "first" if asked["updatedFrom"] < "2026" else "page", whole(json.dumps(told).encode())

    @staticmethod
    def numbers(tree):
        return {row["transNo"] for row in tree["data"]["list"]}


class Soap:
    """Our own `tj`, by windows of 30 days: the first window is well, the fault is in the second."""

    adapter, first, rest = "tj", {"n1", "n2"}, {"n2", "n3"}
    text = (("start: 2020-01-01", "start: 2026-01-01"), ("window: 366d", "window: 30d"), ("overlap: 3d", "overlap: 0d"))
    secrets = {"LIANDAN_TJ_USER": "user-5512", "LIANDAN_TJ_PASSWORD": "secret-91bc"}  # noqa: RUF012
    before, ticket, where = ("wsdl", "login"), "T" * 32, "/tj/TranService"
    rows = (("n1", "2026-01-05"), ("n2", "2026-01-06"), ("n3", "2026-02-10"))

    def call(self, target, body):
        if target.endswith("wsdl"):
            return "wsdl", whole(tj.wsdl("http://127.0.0.1/elsewhere"))
        if b"getToken" in body:
            return "login", self._returned(self.ticket)
        since, until = (re.search(rf"{key}[^0-9]*([0-9-]+)", body.decode())[1] for key in ("kssj", "jssj"))
        listed = [{"ldbh": no, "gxrq": at} for no, at in self.rows if since <= at <= until]
        kind = "first" if since == "2026-01-01" else "page"
        return kind, self._returned(json.dumps({"total": len(listed), "rows": listed}) if listed else "06")

    @staticmethod
    def _returned(text):
        return whole(ENVELOPE.format(text).encode(), "Content-Type: text/xml")

    @staticmethod
    def numbers(tree):
        return {row["ldbh"] for row in tree["rows"]}


class Province:
    """`fault` None: it is well. `at`: in which kind of call the fault is."""

    def __init__(self, system):
        self.system, self.fault, self.at, self.over = system, None, "page", threading.Event()
        self.asked = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {f"LIANDAN_{system.adapter.upper()}_URL": self.url, **system.secrets}
        self._threads = []
        self._start()

    def refuse(self):
        """Nobody listens any more."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def mend(self):
        if self._listening.fileno() == -1:
            self._listening = socket.create_server(("127.0.0.1", self.port))
            self._start()
        self.fault = None

    def end(self):
        self.over.set()
        if self._listening.fileno() != -1:
            self.refuse()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def _start(self):
        thread = threading.Thread(target=self._accept, args=(self._listening,))
        self._threads.append(thread)
        thread.start()

    def _accept(self, listening):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError):
            head, body = request_of(connection)
            if not head:
                return
            kind, answer = self.system.call(head.split(b" ", 2)[1].decode(), body)
            self.asked.append(kind)
            if self.fault == "refused" and kind in {"first", "page"}:
                self.refuse()
            if kind == self.at and callable(self.fault):
                self.fault(connection, self.over)
            else:
                connection.sendall(answer)


def request_of(connection):
    asked = b""
    while b"\r\n\r\n" not in asked:
        more = connection.recv(65536)
        if not more:
            return b"", b""
        asked += more
    head, _, body = asked.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *([0-9]+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(65536)
    return head, body
