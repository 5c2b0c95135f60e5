"""A gathered WSDL as text to be kept, and as it was gathered."""

import json
from datetime import datetime

from adapters.description import Description
from adapters.soap.compare import compare
from adapters.soap.gather import Bundle

MOST_CHANGES = 200
"""Lines: what differs in more is another service."""


def described(bundle: Bundle, before: Bundle | None, at: datetime) -> Description:
    """`before` is what was kept last, if anything was."""
    same = before is None or before.sha256 == bundle.sha256
    changes = () if same or before is None else tuple(map(str, compare(before, bundle)))
    if len(changes) > MOST_CHANGES:
        changes = (*changes[:MOST_CHANGES], f"… {len(changes) - MOST_CHANGES} more (另有更多)")
    files = {url: body.decode() for url, body in bundle.files.items()}
    return Description(bundle.sha256, json.dumps({"start": bundle.start, "files": files}), at, changes)


def bundle_of(description: Description) -> Bundle:
    told = json.loads(description.text)
    files = {url: text.encode() for url, text in told["files"].items()}
    return Bundle(told["start"], files, description.sha256)
