"""The pages of one run as one payload, for datasets whose records are spread over pages: a ZIP that holds each as it came.

The same pages give the same bytes: no time of ours is in it, and nothing is packed.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import replace

from adapters.errors import Malformed
from adapters.limits import Limits
from adapters.payload import Exchange, Payload

UNPACK = "zip:page-*"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def packed(bodies: Iterable[bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for number, body in enumerate(bodies, 1):
            archive.writestr(zipfile.ZipInfo(f"page-{number:05}", _EPOCH), body)
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


def refuse_beyond(pages: Sequence[Exchange], limits: Limits) -> None:
    """Raises Malformed where a run is more than is taken at once."""
    size = sum(len(page.payload.body) for page in pages)
    if len(pages) > limits.members or size > limits.unpacked:
        raise Malformed(
            f"{len(pages)} pages of {size} bytes are more than is gathered at once (spread): limits.members and "
            "limits.unpacked_mb say how much (一次汇集的页数或字节数超限)"
        )
