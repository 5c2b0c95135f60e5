"""HTML where data should be: the page of a login, a firewall, a proxy or of maintenance, often with status 200."""

import re

from adapters.errors import Malformed

LONGEST_LOOK = 8192
"""Bytes of a page in which its title is looked for."""
LONGEST_TITLE = 100

_HTML = re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_TAGS = re.compile(rb"<(script|style)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)


class WebPage(Malformed):
    """A page for people. It ends a run: nothing of it is a record."""


def web_page(body: bytes) -> str | None:
    """The title (else the first words) of an HTML page; None where the bytes are none.

    >>> web_page("<!DOCTYPE html><html><title> 系统 维护 </title>".encode()), web_page(b"<xml/>"), web_page(b"<HTML><p>Log in")
    ('系统 维护', None, 'Log in')
    """
    start = body[:LONGEST_LOOK].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not _HTML.match(start):
        return None
    title = _TITLE.search(start)
    text = (title[1] if title else _TAGS.sub(b" ", start)).decode("utf-8", "replace")
    return " ".join(text.split())[:LONGEST_TITLE]
