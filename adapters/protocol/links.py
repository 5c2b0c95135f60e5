"""The header Link (RFC 8288): where the next page is."""

import re
from collections.abc import Iterator

# §3: link-value = "<" URI-Reference ">" *( OWS ";" OWS [ token [ BWS "=" BWS ( token / quoted-string ) ] ] )
_TARGET = re.compile(r"[\s,]*<([^>]*)>")
_PARAMETER = re.compile(r"""\s*;\s*(?:([^\s=;,"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?)?""")


def next_link(header: str) -> str:
    """The reference of relation `next`, as written; "" where there is none.

    >>> next_link('</a?page=1>; rel="prev first", <?page=3&q=a,b;c>; title="x, <y>"; REL=next')
    '?page=3&q=a,b;c'
    >>> next_link('</a>; rel=previous'), next_link('nothing'), next_link('<b>; rel="next"; anchor="/other"')
    ('', '', '')
    """
    for target, parameters in links(header):
        # of two rel the first counts; a link with an anchor is about something else (§3.2, §3.3)
        if "next" in parameters.get("rel", "").lower().split() and "anchor" not in parameters:
            return target
    return ""


def links(header: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each (reference, parameters by lower-case name), up to where the header can't be read."""
    at = 0
    while found := _TARGET.match(header, at):
        at, parameters = found.end(), dict[str, str]()
        while (more := _PARAMETER.match(header, at)) and more.end() > at:
            at = more.end()
            if more[1]:
                value = re.sub(r"\\(.)", r"\1", more[2]) if more[2] is not None else more[3] or ""
                parameters.setdefault(more[1].rstrip("*").lower(), value)
        yield found[1].strip(), parameters
