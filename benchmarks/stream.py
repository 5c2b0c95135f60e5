"""Peak memory while a stream of JSON and XML pages is decoded and mapped page by page (target: T5).

    python benchmarks/stream.py [--megabytes 1000]

Half of the bytes are pages of `js`, half files of `gd`. Each page is made when its turn comes, with numbers of its own, and
forgotten when it's mapped and its lineage is encoded. A process of its own: nothing else raises its peak.
"""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

from adapters.decode import decode
from adapters.limits import Limits
from benchmarks.pages import compiled, gd_page, js_page
from mappings import Mapped, encode_remainder

FIRST = 10  # pages of each kind until caches are filled
MEGABYTE = 1_000_000
STATUS = Path("/proc/self/status")
CHAINS = {"js": ("text:utf-8", "json"), "gd": ("text:utf-8", "xml")}
NUMBERS = {"js": b'"transNo":"', "gd": "<广东省联单号>".encode()}


def peak() -> float | None:
    """The most memory that was resident so far, in MiB; None where the system doesn't tell."""
    if not STATUS.exists():
        return None
    line = next(line for line in STATUS.read_text("utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def pages(kind: str, first: bytes, room: int) -> Iterator[bytes]:
    made, mark = 0, NUMBERS[kind]
    while room > 0:
        body = first.replace(mark, mark + b"%06d" % made)
        yield body
        made, room = made + 1, room - len(body)


def run(megabytes: int) -> str:
    programs = {kind: compiled(kind) for kind in CHAINS}
    kinds = {"js": js_page(1000).body, "gd": gd_page(300)}
    start, early, counts, size = time.perf_counter(), None, {"js": 0, "gd": 0}, 0
    streams = {kind: pages(kind, body, megabytes * MEGABYTE // 2) for kind, body in kinds.items()}
    records = lineage = 0
    while streams:
        for kind in list(streams):
            body = next(streams[kind], None)
            if body is None:
                del streams[kind]
                continue
            document = decode(body, CHAINS[kind], Limits()).documents[0]
            for one in programs[kind].run(document.tree):
                assert isinstance(one, Mapped)
                records, lineage = records + 1, lineage + len(encode_remainder(one.remainder))
            counts[kind], size = counts[kind] + 1, size + len(body)
        if min(counts.values()) == FIRST:
            early = peak()
    last, spent = peak(), time.perf_counter() - start
    told = (
        f"{size / 1e9:.2f} GB in {counts['js']} JSON and {counts['gd']} XML pages, {records:,} manifests, "
        f"{lineage / 1e6:,.0f} MB of lineage encoded, {spent:.0f} s"
    )
    if early is None or last is None:
        return f"{told}; peak not known ({'too short' if last else 'no /proc'})"
    largest = max(map(len, kinds.values())) / 1024 / 1024
    return (
        f"{told}\n  peak after {FIRST} pages of each {early:.1f} MiB, at the end {last:.1f} MiB: grown by {last - early:.1f} MiB; "
        f"a page has {largest:.1f} MiB   (target T5: a few pages)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1000)
    print(run(parser.parse_args().megabytes))
