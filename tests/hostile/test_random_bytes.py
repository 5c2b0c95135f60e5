"""Whatever bytes come, each decoder gives a document or says what is damaged; nothing else ever comes out of it."""

import base64
import gzip
import os

import pytest

from adapters.decode import decode
from adapters.limits import Limits
from canonical_schema import declared
from canonical_schema.problem import ProblemsFound
from mappings import compile_mapping
from mappings.outward import compile_outward

TIMES = 50_000 if os.environ.get("LIANDAN_TORTURE") else 15_000
TOKENS = {
    "json": [b"{", b"}", b"[", b"]", b'"', b":", b",", b"1e9", b"-", b"null", b"true", b'"a"', b"\\u", b"\\ud800", b" ", b"0"],
    "xml": [b"<a>", b"</a>", b"<a", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"&lt;", b"&x;", b"<?x ", b"?>", b"<!DOCTYPE a>", b"=", b"'"],
    "yaml": [b"a: ", b"\n", b"- ", b"  ", b"{", b"}", b"[", b"]", b"&x ", b"*x", b"!!int ", b"<<: ", b"'", b'"', b"|", b"#", b"kind: manifest\n"],
}  # fmt: skip
CHAINS = [
    ("json", ("text:utf-8", "json")),
    ("xml", ("text", "xml")),
    ("xml", ("text:gb18030", "xml")),
    ("xml", ("text", "xml", "soap", "string", "json")),
    ("json", ("text:utf-16", "json")),
    ("json", ("gzip", "text:utf-8", "json")),
    ("xml", ("base64", "gzip", "text:gb18030", "xml")),
    ("xml", ("zip:*.xml", "text", "xml")),
]


def noise(dice, tokens):
    """Bytes of the decoder's own alphabet mixed with any others: pure noise gets no further than its first byte."""
    parts = [
        dice.choice(tokens) if dice.random() < 0.8 else dice.randbytes(dice.randrange(1, 4))
        for _ in range(dice.randrange(24))
    ]
    return b"".join(parts)


def wrapped(dice, body, chain):
    """Now and then well packed, so that the inner steps are reached too."""
    if dice.random() < 0.3:
        return body
    if "gzip" in chain:
        body = gzip.compress(body, 1)
    if "base64" in chain:
        body = base64.b64encode(body)
    if "text:utf-16" in chain:
        body = body.decode("latin-1").encode("utf-16")
    return body


@pytest.mark.parametrize(
    ("alphabet", "chain"), CHAINS, ids=lambda one: "-".join(one) if isinstance(one, tuple) else one
)
def test_a_decoder_gives_documents_or_says_what_is_damaged(dice, alphabet, chain):
    limits = Limits()
    seen = set()
    for _ in range(TIMES):
        body = wrapped(dice, noise(dice, TOKENS[alphabet]), chain)
        found = decode(body, chain, limits)
        assert all(len(one.reasons) >= 1 and all(one.reasons) for one in found.damaged)
        seen |= {"documents"} if found.documents else set()
        seen |= {"damaged"} if found.damaged else set()
    assert "damaged" in seen or chain[0].startswith("zip")


def problems(read, text):
    try:
        read(text, "m.yaml")
    except ProblemsFound as found:
        return found.problems
    return ()


@pytest.mark.parametrize("read", [declared.read, compile_mapping, compile_outward], ids=["yaml", "mapping", "outward"])
def test_a_declared_file_is_read_or_its_faults_have_places(dice, read):
    faulty = 0
    for _ in range(TIMES // 4):
        found = problems(read, noise(dice, TOKENS["yaml"]).decode("latin-1"))
        assert all(one.file == "m.yaml" and one.line >= 1 and one.column >= 1 and one.words for one in found)
        faulty += bool(found)
    assert faulty > TIMES // 10
