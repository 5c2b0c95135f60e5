"""How the cases of `conformance/` are written: scalars, neutral trees, and places in them, for JSON and for XML."""

import json
import re
from contextlib import suppress
from decimal import Decimal
from functools import partial

import pytest
import yaml
from lxml import etree

from canonical_schema.errors import InvalidFormat
from contract_tests.lineage_check import pointer, reader


def refuse(text):
    raise InvalidFormat(text, "不是", "the pack says no")


def joined(*texts):
    return "+".join(text or "none" for text in texts)


FUNCTIONS = {
    "refuse": refuse,
    "joined": joined,
    "first": lambda text: text[0],
    "crash": lambda text: {}[text],
    "count": len,
}


class Cases(yaml.SafeLoader):
    """JSON's own idea of scalars (a word is text, `1.50` is exact), so that an input says what it looks like."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own spelling


for tag, form, first in (
    ("null", "null", "n"),
    ("bool", "true|false", "tf"),
    ("int", "-?(0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?", "-0123456789"),
):
    Cases.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"({form})$"), list(first))
Cases.add_constructor("tag:yaml.org,2002:float", lambda loader, node: Decimal(loader.construct_scalar(node)))
Cases.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))


def cases(folder):
    """Every case of a folder with its name, and what is wrong with it: one text, or one for each kind."""
    for file in sorted(folder.glob("*.yaml")):
        for case in yaml.load(file.read_text("utf-8"), Cases):
            yield f"{file.stem}-{case['name']}".replace(" ", "_"), case


def param(name, case, kind):
    """A case that is wrong today has to fail, so that its mark goes when the code is mended."""
    wrong = case.get("wrong", {})
    reason = wrong if isinstance(wrong, str) else wrong.get(kind)
    marks = [pytest.mark.xfail(strict=True, reason=reason)] if reason else []
    return pytest.param(case, kind, id=f"{name}-{kind}", marks=marks)


def tree(case, kind):
    if kind in case:
        text = case[kind]
        return json.loads(text, parse_float=Decimal) if kind == "json" else etree.fromstring(text.encode())
    rows = [case["record"]] if "record" in case else case.get("rows")
    value = case.get("input", {"data": {"list": [{"no": f"N{at}", **row} for at, row in enumerate(rows or [])]}})
    if kind == "json":
        return value
    [(name, inner)] = value.items()
    root = etree.Element(name)
    fill(root, inner)
    return root


def fill(element, value):
    """A list is its name repeated, `@name` an attribute, `.` an element's own text."""
    if not isinstance(value, dict):
        element.text = in_xml(value)
        return
    for name, inner in value.items():
        if name == ".":
            element.text = in_xml(inner)
        elif name.startswith("@"):
            element.set(name[1:], in_xml(inner))
        else:
            for one in inner if isinstance(inner, list) else [inner]:
                fill(etree.SubElement(element, name), one)


def in_xml(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def source(path, kind):
    """`data/list/0/@n` as lineage writes it."""
    if kind == "json":
        return "".join(f"/{word}" for word in path.split("/") if word)
    written = ""
    for word in path.split("/"):
        if word.isdecimal():
            written = re.sub(r"\[\d+\]$", f"[{int(word) + 1}]", written)
        elif word:
            written += f"/@*[local-name()='{word[1:]}']" if word[0] == "@" else f"/*[local-name()='{word}'][1]"
    return written


def placed(one, at, kind):
    """An input as lineage has it, from `path`, `path: raw`, or `embedded!json!path` for a document in a text."""
    path, raw = next(iter(one.items())) if isinstance(one, dict) else (one, ...)
    document = "d1"
    path = path if path.startswith("/") else f"data/list/{at}/{path}"
    while "!" in path:
        outer, inner_kind, path = path.split("!", 2)
        document, kind = f"{document}:{inner_kind}:{source(outer, kind)}", inner_kind
    shown = {} if raw is ... else {"raw": in_xml(raw) if kind == "xml" and not isinstance(raw, dict | list) else raw}
    return {"document": document, "source": source(path, kind), **shown}


def documents(root, kind, entries):
    """What each document that the entries name holds; an embedded one is read out of its parent."""
    find = {"d1": partial(pointer, root) if kind == "json" else reader("xml", etree.tostring(root, encoding="unicode"))}
    named = {one["document"] for entry in entries for one in entry["inputs"]}
    within = {":".join(name.split(":")[:end]) for name in named for end in range(3, name.count(":") + 2, 2)}
    for name in sorted(within, key=len):
        parent, inner, place = re.fullmatch("(.*):(json|xml):(.*)", name, re.DOTALL).groups()
        # A document that isn't there can't be looked at, which the check of its entries then tells.
        with suppress(LookupError):
            find[name] = reader(inner, find[parent](place))
    return find


def listed(one):
    return one if isinstance(one, list) else [one]
