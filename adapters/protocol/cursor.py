"""The cursor of a dataset as the gateway keeps it: JSON text that only the driver reads."""

import json
from typing import Any

from adapters.errors import Malformed
from adapters.protocol import moments
from adapters.spec import CursorSpec


def read_cursor(text: str | None) -> dict[str, Any]:
    """The cursor's members; {} where there is none yet. Raises Malformed for what no driver wrote."""
    if text is None:
        return {}
    try:
        cursor = json.loads(text)
    except ValueError:
        cursor = None
    if not isinstance(cursor, dict):
        raise Malformed(f"not a cursor of ours: {text[:80]!r} (游标无法识别)", where="cursor")
    return cursor


def resume(text: str | None, spec: CursorSpec) -> tuple[str, str]:
    """(how far the last run came, where this one begins). Raises Malformed for what no driver wrote."""
    known = read_cursor(text).get("from", "")
    if not isinstance(known, str) or not moments.fits(known, spec.format):
        # there is none yet, or the adapter file has changed: begin anew, nothing doubles
        return "", spec.start
    return known, moments.moved(known, -spec.overlap, spec.format, spec.zone)


def write_cursor(**members: Any) -> str:
    return json.dumps(members, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
