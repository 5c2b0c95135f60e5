"""Peers on bare sockets: one that speaks TLS with whatever certificate, and a proxy that notes whom it was asked for."""

import base64
import contextlib
import socket
import threading
from abc import ABC, abstractmethod
from urllib.parse import urlsplit

from tests.adapters.drivers.broken import request_of

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Peer(ABC):
    """Serves each connection in a thread of its own until `end`."""

    def __init__(self):
        self.over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def end(self):
        self.over.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(10)
            assert not thread.is_alive()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                connection.settimeout(5)
                thread = threading.Thread(target=self._each, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _each(self, connection):
        with connection, contextlib.suppress(OSError):
            self.serve(connection)

    @abstractmethod
    def serve(self, connection):
        """Answers one connection."""


class Tls(Peer):
    """Answers every request with `ok`; `heard` is what came through TLS."""

    def __init__(self, context):
        self.context, self.heard = context, []
        super().__init__()

    def serve(self, connection):
        with self.context.wrap_socket(connection, server_side=True) as wrapped:
            head, body = request_of(wrapped)
            if head:
                self.heard.append(head + body)
                wrapped.sendall(OK)


class Proxy(Peer):
    """Forwards http and opens tunnels, to loopback at the port asked for; refuses who hasn't the password."""

    def __init__(self, user="", password=""):
        self.asked = []
        self._expected = base64.b64encode(f"{user}:{password}".encode()).decode() if user else ""
        super().__init__()

    def serve(self, connection):
        head = b""
        while b"\r\n\r\n" not in head:
            if not (more := connection.recv(65536)):
                return
            head += more
        first, *lines = head.decode().split("\r\n")
        method, target, _ = first.split(" ")
        self.asked.append(f"{method} {target}")
        if self._expected and f"Proxy-Authorization: Basic {self._expected}" not in lines:
            connection.sendall(b"HTTP/1.1 407 Who Are You\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        port = urlsplit(target if "://" in target else f"//{target}").port
        with socket.create_connection(("127.0.0.1", port), 5) as beyond:
            if method == "CONNECT":
                connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                back = threading.Thread(target=_pump, args=(beyond, connection))
                back.start()
                _pump(connection, beyond)
                back.join(10)
            else:
                beyond.sendall(head.replace(b"Connection: keep-alive", b"Connection: close"))
                _pump(beyond, connection)


def _pump(source, sink):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
