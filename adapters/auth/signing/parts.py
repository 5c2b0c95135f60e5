"""What a signature sees of a call: its query, the fields of its body. What isn't known yet is marked, and left out."""

import html
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from adapters.auth.flow import Call
from adapters.errors import Misconfigured
from adapters.protocol.template import marked, resolved

Pairs = list[tuple[str, str]]
FORM = "application/x-www-form-urlencoded"


def header(call: Call, name: str) -> str | None:
    return next((value for known, value in call.headers.items() if known.lower() == name.lower()), None)


def query_pairs(call: Call) -> Pairs:
    """Names and values of the query, those in the URL first."""
    in_url = parse_qsl(urlsplit(call.url).query, keep_blank_values=True)
    return [*in_url, *((name, value) for name, value in call.query.items() if not marked(value))]


def query_text(call: Call) -> str:
    """The query as it is sent: what stands in the URL alone, to the letter (`?wsdl` is not `?wsdl=` everywhere)."""
    return encoded(query_pairs(call)) if call.query else urlsplit(call.url).query


def encoded(pairs: Pairs) -> str:
    """Percent-encoded by RFC 3986: a blank is %20."""
    return urlencode(pairs, quote_via=quote, safe="")


def body_pairs(call: Call) -> Pairs:
    """The fields of a JSON object or a form. A text is taken as it is, true and false in small letters, null as nothing,
    what is nested as compact JSON. Raises Misconfigured for a body without fields."""
    if not call.body:
        return []
    media = _media(call)
    if media == FORM:
        return [pair for pair in _form(call.body) if not marked(pair[1])]
    tree = json.loads(call.body) if "json" in media else None
    if not isinstance(tree, dict):
        raise Misconfigured(f"a body of {media or 'no type'} has no fields to be signed (请求体没有字段)")
    return [(name, _told(value)) for name, value in tree.items() if not marked(json.dumps(value, ensure_ascii=False))]


def body_text(call: Call) -> str:
    """The body as it is sent, without the fields that a signature will stand in."""
    if not marked(call.body.decode("utf-8", "replace")) and _media(call) != FORM:
        return call.body.decode("utf-8", "replace")
    if _media(call) == FORM:
        return urlencode([pair for pair in _form(call.body) if not marked(pair[1])])
    if "json" in _media(call):
        tree = json.loads(call.body)
        if isinstance(tree, dict):
            kept = {key: one for key, one in tree.items() if not marked(json.dumps(one, ensure_ascii=False))}
            return json.dumps(kept, ensure_ascii=False)
    return call.body.decode("utf-8", "replace")


def body_with(call: Call, known: Mapping[str, str]) -> bytes:
    """The body with what is known now."""
    media = _media(call)
    if media == FORM:
        pairs = _form(call.body)
        if not any(marked(value) for _, value in pairs):
            return call.body
        return urlencode([(name, resolved(value, known)) for name, value in pairs]).encode()
    text = call.body.decode("utf-8", "replace")
    if not marked(text) and "\\ue000" not in text:
        return call.body
    if "json" in media:
        return json.dumps(_replaced(json.loads(text), known), ensure_ascii=False).encode()
    safe = {name: html.escape(value) for name, value in known.items()} if "xml" in media else known
    return resolved(text, safe).encode()


def _replaced(tree: Any, known: Mapping[str, str]) -> Any:
    if isinstance(tree, str):
        return resolved(tree, known)
    if isinstance(tree, dict):
        return {name: _replaced(value, known) for name, value in tree.items()}
    return [_replaced(one, known) for one in tree] if isinstance(tree, list) else tree


def _told(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _media(call: Call) -> str:
    return (header(call, "Content-Type") or "").partition(";")[0].strip().lower()


def _form(body: bytes) -> Pairs:
    return parse_qsl(body.decode(), keep_blank_values=True)
