"""What a signature sees of a call: its query, the fields of its body. What isn't known yet is marked, and left out."""

import html
import json
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from adapters.auth.flow import Call
from adapters.errors import Misconfigured
from adapters.protocol.template import MARK, OPEN, marked, resolved

Pairs = list[tuple[str, str]]
FORM = "application/x-www-form-urlencoded"


def header(call: Call, name: str) -> str | None:
    return next((value for known, value in call.headers.items() if known.lower() == name.lower()), None)


def query_pairs(call: Call) -> Pairs:
    """Names and values of the query, those in the URL first."""
    in_url = parse_qsl(urlsplit(call.url).query, keep_blank_values=True)
    return [*in_url, *((name, value) for name, value in call.query.items() if not marked(value))]


def query_text(call: Call) -> str:
    """The query as it is sent: what stands in the URL to the letter, then the rest by RFC 3986 (a blank is %20)."""
    own = [(name, value) for name, value in call.query.items() if not marked(value)]
    return "&".join(filter(None, (urlsplit(call.url).query, urlencode(own, quote_via=quote, safe=""))))


def path_text(call: Call) -> str:
    """The path as it is sent, percent-encoded."""
    return quote(urlsplit(call.url).path or "/", safe="/%:@!$&'()*+,;=~")


def body_pairs(call: Call) -> Pairs:
    """The fields of a JSON object or a form. A text is taken as it is, true and false in small letters, null as nothing,
    what is nested as compact JSON. Raises Misconfigured for a body without fields."""
    if not call.body:
        return []
    media = _media(call)
    if media == FORM:
        return [pair for pair in _form(call.body) if not marked(pair[1])]
    try:
        tree = json.loads(call.body) if "json" in media else None
    except ValueError:  # such as one that is enciphered whole
        tree = None
    if not isinstance(tree, dict):
        raise Misconfigured(f"a body of {media or 'no type'} has no fields to be signed (请求体没有字段)")
    return [(name, _told(value)) for name, value in tree.items() if not marked(json.dumps(value, ensure_ascii=False))]


def body_text(call: Call) -> str:
    """The body as it is sent, without the fields that a signature will stand in."""
    text, media = call.body.decode("utf-8", "replace"), _media(call)
    if media == FORM and any(marked(value) for _, value in _form(call.body)):
        return urlencode([pair for pair in _form(call.body) if not marked(pair[1])])
    if "json" in media and _waiting(text):
        tree = json.loads(text)
        if isinstance(tree, dict):
            kept = {key: one for key, one in tree.items() if not marked(json.dumps(one, ensure_ascii=False))}
            return json.dumps(kept, ensure_ascii=False)
    return text


def body_with(call: Call, known: Mapping[str, str], numbers: Collection[str] = ()) -> bytes:
    """The body with what is known now; in JSON, what is nothing but one of `numbers` is a number."""
    media = _media(call)
    if media == FORM:
        pairs = _form(call.body)
        if not any(marked(value) for _, value in pairs):
            return call.body
        return urlencode([(name, resolved(value, known)) for name, value in pairs]).encode()
    text = call.body.decode("utf-8", "replace")
    if not _waiting(text):
        return call.body
    if "json" in media:
        return json.dumps(_replaced(json.loads(text), known, numbers), ensure_ascii=False).encode()
    safe = {name: html.escape(value) for name, value in known.items()} if "xml" in media else known
    return resolved(text, safe).encode()


def _waiting(text: str) -> bool:
    """Whether a body holds a mark, be it written as \\ue000."""
    return marked(text) or OPEN.encode("ascii", "backslashreplace").decode() in text


def _replaced(tree: Any, known: Mapping[str, str], numbers: Collection[str]) -> Any:
    if isinstance(tree, str):
        alone = MARK.fullmatch(tree)
        return int(known[alone[1]]) if alone and alone[1] in numbers and alone[1] in known else resolved(tree, known)
    if isinstance(tree, dict):
        return {name: _replaced(value, known, numbers) for name, value in tree.items()}
    return [_replaced(one, known, numbers) for one in tree] if isinstance(tree, list) else tree


def _told(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _media(call: Call) -> str:
    return (header(call, "Content-Type") or "").partition(";")[0].strip().lower()


def _form(body: bytes) -> Pairs:
    return parse_qsl(body.decode(), keep_blank_values=True)
