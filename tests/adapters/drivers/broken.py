"""A province on a bare socket: it answers the login and the first page well, and then whatever way a fault says."""

import contextlib
import gzip
import json
import socket
import struct
import threading

OVER = threading.Event()


def whole(body, *headers, status="200 OK"):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def page(*seconds, total):
    listed = [{"transNo": f"n{one}", "updateTime": f"2026-01-01 00:00:0{one}"} for one in seconds]
    return whole(json.dumps({"code": "1", "msg": "成功", "data": {"total": total, "list": listed}}).encode())


def says(answer):
    def fault(connection, over):
        connection.sendall(answer)

    return fault


def drips(before, drop=b"x"):
    """Never silent for as long as the read timeout, and never done."""

    def fault(connection, over):
        connection.sendall(before)
        while not over.wait(0.1):
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


def bomb():
    return whole(gzip.compress(bytes(60 << 20)), "Content-Encoding: gzip")


HEAD = b"HTTP/1.1 200 OK\r\n"


class Province:
    """`fault` None: it is well. Pages of one row each; `url` is where it listens."""

    def __init__(self):
        self.fault, self.over, self.asked, self.connections = None, threading.Event(), [], 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
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
                self.connections += 1
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection):
        with connection, contextlib.suppress(OSError):
            asked = b""
            while b"\r\n\r\n" not in asked:
                more = connection.recv(65536)
                if not more:
                    return
                asked += more
            path = asked.split(b" ", 2)[1].decode()
            self.asked.append(path)
            if path.startswith("/auth"):
                connection.sendall(whole(b'{"code": "1", "data": {"token": "t"}}'))
            elif "2026-01-01+00%3A00%3A01" not in path and "2026-01-01%2000%3A00%3A01" not in path:
                if self.fault == "refused":
                    self.refuse()
                connection.sendall(page(1, total=3))
            elif self.fault is None:
                connection.sendall(page(1, 2, 3, total=3))
            else:
                self.fault(connection, self.over)
