"""A real SFTP server on loopback, over a folder, in a thread with a loop of its own."""

import asyncio
import threading
from contextlib import contextmanager

import asyncssh

HOST_KEY = asyncssh.generate_private_key("ssh-ed25519")
USER_KEY = asyncssh.generate_private_key("ssh-ed25519")
PASSWORD = "planted-password-1"


class Door(asyncssh.SSHServer):
    """Lets `gw` in, by password or key."""

    def begin_auth(self, username):
        return True

    def password_auth_supported(self):
        return True

    def validate_password(self, username, password):
        return (username, password) == ("gw", PASSWORD)

    def public_key_auth_supported(self):
        return True

    def validate_public_key(self, username, key):
        return username == "gw" and key == USER_KEY.convert_to_public()


class Shelf(asyncssh.SFTPServer):
    """Files of a folder. `house` is what the test may turn: `reads` counts bytes handed out, `cut` cuts the line after so
    many, `silent` answers no read."""

    def __init__(self, channel, house):
        self.house = house
        super().__init__(channel, chroot=str(house.folder).encode())

    async def read(self, file_obj, offset, size):
        if self.house.silent:
            await self.house.released.wait()
        if 0 < self.house.cut <= self.house.reads:
            self.house.cut = 0
            self.connection.abort()
        data = super().read(file_obj, offset, size)
        self.house.reads += len(data)
        return data


class House:
    def __init__(self, folder):
        self.released = asyncio.Event()
        self.folder, self.reads, self.cut, self.port, self.logins = folder, 0, 0, 0, 0
        self.silent = False

    @property
    def fingerprint(self):
        return HOST_KEY.get_fingerprint("sha256")

    @property
    def known_hosts(self):
        return f"[127.0.0.1]:{self.port} {HOST_KEY.export_public_key().decode().strip()}"


@contextmanager
def served(folder):
    house, ready, loop = House(folder), threading.Event(), asyncio.new_event_loop()
    end = asyncio.Event()

    def door():
        house.logins += 1
        return Door()

    async def run():
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[HOST_KEY],
            server_factory=door,
            sftp_factory=lambda channel: Shelf(channel, house),
            config=None,
        )
        house.port = server.sockets[0].getsockname()[1]
        ready.set()
        await end.wait()
        server.close()
        house.released.set()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if others:
            await asyncio.wait(others, timeout=5)

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield house
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(10)
        loop.close()
