"""A declared request written out: query, headers and body, and what of it is kept for the record."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from adapters.errors import Misconfigured
from adapters.protocol.template import MARK, Reveal, Values, fill, fill_all, fill_json
from adapters.spec import RequestSpec

Escape = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Written:
    """`headers` hold a Content-Type where there is a body, the declared one if one is declared."""

    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


def written(request: RequestSpec, values: Values, reveal: Reveal) -> Written:
    """Raises Misconfigured where the charset lacks a character."""
    filled = embedded(request, values, reveal)
    headers = {"Accept": accepted(request), **fill_all(request.headers, filled, reveal)}
    kind, text = _body(request, filled, reveal)
    if kind and not any(name.lower() == "content-type" for name in headers):
        # a form is ASCII; which charset its escapes mean is between the system and the adapter file
        headers["Content-Type"] = kind if request.form else f"{kind}; charset={request.charset}"
    return Written(fill_all(request.query, filled, reveal), headers, _encoded(text, request.charset))


def asked(request: RequestSpec, values: Values) -> dict[str, str]:
    """What was asked, for the record: secrets stand there by their names, a token not at all."""
    shown = embedded(request, {**values, "token": "***"}, str)
    told: dict[str, Any] = {"query": request.query, "form": request.form}
    parts = {part: _json(fill_all(templates, shown, str)) for part, templates in told.items() if templates}
    texts = {"json": "{json}" if request.body else "", "text": "{text}" if request.text else ""}
    told = parts | {part: fill(template, shown, str) for part, template in texts.items() if template}
    return {part: MARK.sub(r"{\1}", text) for part, text in told.items()}


def accepted(request: RequestSpec) -> str:
    """What answer is wished for where the file doesn't say: many systems look at it, and answer JSON to JSON."""
    return (
        "application/xml, text/xml, */*" if (request.text or "").lstrip().startswith("<") else "application/json, */*"
    )


def embeds(request: RequestSpec) -> tuple[str, ...]:
    """The slots that the request's own `json` and `text` fill."""
    return (*(("json", "json64") if request.body else ()), *(("text", "text64") if request.text else ()))


def embedded(request: RequestSpec, values: Values, reveal: Reveal) -> Values:
    """The values, and `json` and `text` written out with them."""
    filled = dict(values)
    if request.body:
        filled["json"] = _json(fill_json(request.body, values, reveal))
        filled["json64"] = _base64(filled["json"], request.charset)
    if request.text:
        told = _escaping(request.text)
        escaped = {name: told(value) if isinstance(value, str) else value for name, value in filled.items()}
        filled["text"] = fill(request.text, escaped, lambda named: told(reveal(named)))
        filled["text64"] = _base64(filled["text"], request.charset)
    return filled


def _body(request: RequestSpec, filled: Values, reveal: Reveal) -> tuple[str, str]:
    """(media type, text), both "" where there is none: `json` that stands in the query isn't sent a second time."""
    if request.form:
        fields = fill_all(request.form, filled, reveal)
        return "application/x-www-form-urlencoded", urlencode(fields, encoding=request.charset, errors="strict")
    if request.text:
        return _MEDIA.get(request.text.lstrip()[:1], "text/plain"), str(filled["text"])
    elsewhere = any("{json" in template for template in (*request.query.values(), *request.headers.values()))
    if request.body and not elsewhere:
        return "application/json", str(filled["json"])
    return "", ""


_MEDIA = {"<": "application/xml", "{": "application/json", "[": "application/json"}


def _escaping(template: str) -> Escape:
    """How a value must be written to stand in such a text."""
    start = template.lstrip()[:1]
    if start == "<":
        return lambda value: escape(value, {'"': "&quot;", "'": "&apos;"})
    if start in {"{", "["}:
        return lambda value: json.dumps(value, ensure_ascii=False)[1:-1]
    return str


def _json(tree: Any) -> str:
    return json.dumps(tree, ensure_ascii=False)


def _base64(text: str | int, charset: str) -> str:
    return b64encode(_encoded(str(text), charset)).decode("ascii")


def _encoded(text: str, charset: str) -> bytes:
    try:
        return text.encode(charset)
    except UnicodeEncodeError as error:
        raise Misconfigured(
            f"the request holds {error.object[error.start]!r}, which {charset} lacks (字符集不含该字符)"
        ) from None
