"""One dropped XML file of any size, read in pieces: speed beside lxml's own iterparse, and the memory it takes (target: T5).

    python benchmarks/drop.py [--megabytes 500]

From a folder, from a ZIP in it, and over SFTP from a server in a process of its own; every piece is decoded, nothing is mapped.
By hand: iterparse over the file, each row's number read, the row thrown away.
"""

import argparse
import asyncio
import multiprocessing
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import asyncssh
from lxml import etree

from adapters.driver import Driver
from adapters.load import load_adapter
from adapters.registry import open_adapter
from benchmarks.pages import gd_page
from benchmarks.stream import peak

ADAPTER = """\
id: bench
title: 测速
title_en: benchmark
driver: xml_drop
{source}
limits: {{unpacked_mb: 50, ratio: 1000}}
datasets:
  manifests:
    title: 联单
    title_en: manifests
    files: "{files}"
    split: {{row: /危险废物转移联单/行, rows: 1000}}
    decode: [{unpack}"text:utf-8", xml]
"""
SFTP = "sftp: {{host: 127.0.0.1, port: {port}, folder: /, user: bench, password: '${{BENCH}}', host_key: '{key}'}}"
PASSWORD = "bench"  # noqa: S105 - of a server that lives for a minute on loopback


class Door(asyncssh.SSHServer):
    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("bench", PASSWORD)


def serve(folder: str, told: Connection) -> None:
    async def run() -> None:
        key = asyncssh.generate_private_key("ssh-ed25519")
        server = await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[key],
            server_factory=Door,
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=folder.encode()),
            config=None,
        )
        told.send((server.sockets[0].getsockname()[1], key.get_fingerprint("sha256")))
        await asyncio.Event().wait()

    asyncio.run(run())


@contextmanager
def sftp(folder: Path) -> Iterator[str]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=serve, args=(str(folder), theirs), daemon=True)
    process.start()
    port, key = ours.recv()
    yield SFTP.format(port=port, key=key)
    process.terminate()
    process.join()


def write(folder: Path, megabytes: int) -> int:
    """A plain file and a ZIP of the same; how many bytes."""
    page = gd_page(1000)
    start, end = page.index("<行".encode()), page.rindex("</危险废物转移联单>".encode())
    with (folder / "large.xml").open("wb") as file:
        file.write(page[:start])
        while file.tell() < megabytes * 1_000_000:
            file.write(page[start:end])
        file.write(page[end:])
    with zipfile.ZipFile(folder / "large.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.write(folder / "large.xml", "large.xml")
    return (folder / "large.xml").stat().st_size


def adapter(source: str, files: str, unpack: str, folder: Path) -> Driver:
    file = folder / "bench.yaml"
    file.write_text(ADAPTER.format(source=source, files=files, unpack=unpack), "utf-8")
    later = datetime.now(UTC) + timedelta(hours=1)  # no drop is too young
    return open_adapter(load_adapter(file), {"BENCH": PASSWORD}, lambda: later)


async def pulled(driver: Driver) -> tuple[int, int]:
    """(pieces, rows)."""
    count = rows = 0
    async for one in driver.pull("manifests", None):
        decoded = await asyncio.to_thread(driver.decode, one.payload, "manifests", one.headers, one.source_name)
        assert not decoded.damaged
        count, rows = count + 1, rows + len(decoded.documents[0].tree.findall("行"))
    await driver.aclose()
    return count, rows


def by_hand(file: Path) -> int:
    rows = 0
    for _, row in etree.iterparse(str(file), tag="行"):
        row.findtext("广东省联单号")
        rows += 1
        row.clear()
        while row.getprevious() is not None:
            del row.getparent()[0]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=500)
    megabytes = parser.parse_args().megabytes
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (drops := folder / "drops").mkdir()
        with sftp(drops) as served:
            size = write(drops, megabytes)
            start = time.perf_counter()
            expected = by_hand(drops / "large.xml")
            bare = time.perf_counter() - start
            print(f"{size / 1e6:,.0f} MB, {expected:,} rows; by hand {bare:.1f} s, peak {peak() or 0:.0f} MiB")
            for name, source, files, unpack in (
                ("folder", f"folder: {drops}", "*.xml", ""),
                ("zip", f"folder: {drops}", "*.zip", '"zip:*.xml", '),
                ("sftp", served, "*.xml", ""),
            ):
                start = time.perf_counter()
                count, rows = asyncio.run(pulled(adapter(source, files, unpack, folder)))
                spent = time.perf_counter() - start
                assert rows == expected
                print(
                    f"{name:7} {count} pieces: {spent:6.1f} s, {size / spent / 1e6:5.0f} MB/s, {spent / bare:4.2f} × by hand; "
                    f"peak {peak() or 0:.0f} MiB"
                )


if __name__ == "__main__":
    main()
