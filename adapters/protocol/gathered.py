"""The pages of one run as one payload, for datasets whose records are spread over pages: a ZIP that holds each as it came.

The same pages give the same bytes: no time of ours is in it, and nothing is packed.
"""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from adapters.errors import Malformed
from adapters.limits import Limits
from adapters.payload import Exchange, Payload

UNPACK = "zip:page-*"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def packed(bodies: Iterable[bytes]) -> bytes:
    return zipped({f"page-{number:05}": body for number, body in enumerate(bodies, 1)})


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A ZIP of these members in this order; the same ones give the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, body in members.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), body)
    return out.getvalue()


def gathered(pages: Sequence[Exchange]) -> Exchange:
    """One exchange of a run's pages: asked as the first, its cursor the last's. At least one page."""
    body = packed(page.payload.body for page in pages)
    return replace(
        pages[-1],
        payload=Payload.of(body),
        request={**pages[0].request, "pages": str(len(pages))},
        headers=pages[0].headers,
    )


class Gathering:
    """The pages of one run so far."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.pages, self.size = limits, list[Exchange](), 0

    def add(self, page: Exchange) -> None:
        """Raises Malformed where a run is more than is taken at once."""
        self.pages.append(page)
        self.size += len(page.payload.body)
        if len(self.pages) > self.limits.members or self.size > self.limits.unpacked:
            raise Malformed(
                f"{len(self.pages)} pages of {self.size} bytes are more than is gathered at once (spread): limits.members "
                "and limits.unpacked_mb say how much (一次汇集的页数或字节数超限)"
            )
