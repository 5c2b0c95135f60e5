"""Checks lineage as an outsider would: stored payloads, documents and entries in, what doesn't hold out.

It imports nothing of ours, on purpose: `python -m contract_tests.lineage_check FILE…` reads what
`liandan lineage NO --documents --json` printed. With `--payloads` it begins at the bytes: each payload's hash is taken
anew, and each document decoded again by the chain that was recorded.
"""

import base64
import csv
import gzip
import hashlib
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

HOWS = {"mapped", "looked_up", "derived", "defaulted", "constant", "blank", "missing"}
READ = {"mapped", "looked_up", "blank"}
UNREAD = {"missing", "defaulted"}

Find = Callable[[str], Any]


def parse_json(text: str) -> Any:
    """JSON with exact numbers."""
    return json.loads(text, parse_float=Decimal)


def pointer(tree: Any, path: str) -> Any:
    """RFC 6901. LookupError where nothing is, ValueError for what is no pointer."""
    if not re.fullmatch(r"(/([^~/]|~[01])*)*", path):
        raise ValueError(f"{path!r} is no JSON Pointer")
    for token in path.split("/")[1:]:
        key = token.replace("~1", "/").replace("~0", "~")
        if isinstance(tree, list) and re.fullmatch("0|[1-9][0-9]*", key):
            tree = tree[int(key)]
        elif isinstance(tree, dict):
            tree = tree[key]
        else:
            raise KeyError(key)
    return tree


def xpath(root: Any, path: str) -> str:
    """The string value of the one node at `path`. LookupError where none is, ValueError where it isn't one node."""
    nodes = root.xpath(path) if path.startswith("/") else None
    if not isinstance(nodes, list) or len(nodes) > 1:
        raise ValueError(f"{path!r} is no absolute XPath of one node")
    if not nodes:
        raise LookupError(path)
    return str(nodes[0]) if isinstance(nodes[0], str) else str(nodes[0].xpath("string()"))


def reader(media_type: str, text: str) -> Find:
    """A function: source → what stands there."""
    if "json" in media_type:
        tree = parse_json(text)
        return lambda path: pointer(tree, path)
    root = etree.fromstring(text.encode(), etree.XMLParser(encoding="utf-8", no_network=True, resolve_entities=False))
    return lambda path: xpath(root, path)


def fault(entry: dict[str, Any], find: dict[str, Find]) -> str:
    """What is wrong with one entry; "" when nothing is."""
    how, inputs = entry["how"], entry["inputs"]
    if how not in HOWS:
        return f"unknown how {how}"
    if (how in READ and not inputs) or (how == "constant" and inputs):
        return f"{how} with {len(inputs)} inputs"
    for one in inputs:
        if told := _input_fault(one, how, find):
            return told
    return ""


def _input_fault(one: dict[str, Any], how: str, find: dict[str, Find]) -> str:
    read = "raw" in one
    try:
        found = find[one["document"]](one["source"])
    except (LookupError, ValueError, etree.XPathError) as error:
        nothing_there = not read and how in UNREAD and isinstance(error, LookupError) and one["document"] in find
        return "" if nothing_there else f"{one['source']}: {error!r}"
    if not read:
        return "" if how in UNREAD and found in (None, "") else f"{one['source']}: {found!r} is there, unread"
    same = found == one["raw"] and isinstance(found, bool) == isinstance(one["raw"], bool)
    return "" if same else f"{one['source']}: {found!r} is there, raw is {one['raw']!r}"


def decoded(start: bytes | str, chain: list[str]) -> str:
    """The text at the end of a recorded chain: bytes of a payload, or a text that stands in another document."""
    value: bytes | str = start
    for step in chain:
        name, _, argument = step.partition(":")
        if name == "text":
            assert isinstance(value, bytes)
            value = value.decode(argument.partition(" ")[0]).removeprefix("\ufeff")
        elif name == "base64":
            value = base64.b64decode(re.sub(r"\s", "", value if isinstance(value, str) else value.decode("ascii")))
        elif name == "gzip":
            assert isinstance(value, bytes)
            value = gzip.decompress(value) if value[:2] == b"\x1f\x8b" else zlib.decompress(value)
        elif name == "zip":
            assert isinstance(value, bytes)
            value = zipfile.ZipFile(io.BytesIO(value)).read(argument)
        elif name == "xml":
            assert isinstance(value, str)
            value = re.sub(r"\A\s*<\?xml[ \t\r\n][^>]*\?>", "", value)
        elif name in {"csv", "ndjson"}:
            assert isinstance(value, str)
            rows = _csv(value, argument) if name == "csv" else _lines(value)
            value = "[" + ",\n".join(rows) + "]"
        elif name not in {"string", "json"}:
            raise ValueError(f"unknown step {step!r}")
    if not isinstance(value, str):
        raise TypeError(f"the chain {chain} ends with bytes")
    return value


def _csv(text: str, argument: str) -> list[str]:
    """Each row as a JSON object under the names of the header line (or those behind the delimiter)."""
    delimiter, _, header = argument.partition(" ")
    delimiter = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}.get(delimiter, delimiter) or ","
    whole = f"{header}\n{text}" if header else text
    names, *rows = [row for row in csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter) if any(row)]
    if not names[-1].strip():
        names, rows = names[:-1], [row[:-1] if len(row) == len(names) and not row[-1] else row for row in rows]
    names = [name.strip() for name in names]
    return [json.dumps(dict(zip(names, row, strict=True)) if len(row) == len(names) else row, ensure_ascii=False)
            for row in rows]  # fmt: skip


def _lines(text: str) -> list[str]:
    """Each line that isn't blank; one that is no JSON as a string."""
    lines = [line.removesuffix("\r") for line in text.split("\n") if line.strip()]
    return [line if _is_json(line) else json.dumps(line, ensure_ascii=False) for line in lines]


def _is_json(line: str) -> bool:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a name twice")
        return dict(pairs)

    try:
        json.loads(line, object_pairs_hook=once)
    except ValueError:
        return False
    return True


def payload_faults(documents: list[dict[str, Any]], payloads: dict[str, bytes], find: dict[str, Find]) -> list[str]:
    """What doesn't lead from the payloads' bytes to the documents."""
    told = []
    for one in documents:
        parent, digest = one["parent"], one["payload_hash"]
        if hashlib.sha256(payloads[digest]).hexdigest() != digest:
            told.append(f"payload {digest}: its bytes have another hash")
        try:
            start = find[parent["document"]](parent["source"]) if parent else payloads[digest]
            if decoded(start, one["chain"]) != one["text"]:
                told.append(f"{one['id']}: decoded again, its text is another one")
        except (ValueError, TypeError, LookupError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            told.append(f"{one['id']}: {error!r}")
    return told


def claim_faults(claim: dict[str, Any], payloads: dict[str, bytes] | None = None) -> list[str]:
    """All that doesn't hold in one claim of `lineage --documents`."""
    find = {one["id"]: reader(one["media_type"], one["text"]) for one in claim["documents"]}
    told = payload_faults(claim["documents"], payloads, find) if payloads is not None else []
    told += [f"{entry['field']}: {wrong}" for entry in claim["entries"] if (wrong := fault(entry, find))]
    for document in claim["documents"]:
        parent = document["parent"]
        if parent:
            try:
                find[parent["document"]](parent["source"])
            except (LookupError, ValueError, etree.XPathError) as error:
                told.append(f"parent of {document['id']}: {error!r}")
    return told


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Every scalar of some content by its JSON Pointer."""
    if isinstance(value, dict):
        named = [(name.replace("~", "~0").replace("/", "~1"), inner) for name, inner in value.items()]
        return {at: leaf for name, inner in named for at, leaf in leaves(inner, f"{path}/{name}").items()}
    if isinstance(value, list):
        return {at: leaf for place, inner in enumerate(value) for at, leaf in leaves(inner, f"{path}/{place}").items()}
    return {path: value}


def main(files: list[str]) -> int:
    wrong = checked = 0
    for file in files:
        try:
            lineage = parse_json(Path(file).read_text("utf-8"))
            claims, packed = lineage["claims"], lineage.get("payloads")
            payloads = None if packed is None else {name: base64.b64decode(one) for name, one in packed.items()}
        except (OSError, ValueError, KeyError, TypeError) as error:
            sys.stdout.write(f"{file}: not what `liandan lineage NO --documents --json` prints: {error}\n")
            return 2
        for claim in claims:
            checked += sum(len(entry["inputs"]) for entry in claim["entries"])
            for told in claim_faults(claim, payloads):
                wrong += 1
                sys.stdout.write(f"{file} {claim['adapter']} {claim['source_key']} {told}\n")
    sys.stdout.write(f"{checked} inputs evaluated, {wrong} wrong\n")
    return 1 if wrong or not checked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
