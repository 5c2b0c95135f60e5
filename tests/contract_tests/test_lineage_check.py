"""The checker that starts from bytes: it follows true chains, and says what doesn't lead there."""

import base64
import gzip
import hashlib
import io
import zipfile

import pytest

from contract_tests.lineage_check import claim_faults, decoded

TEXT = "<r><n>甲</n></r>"


def zipped(name, body):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, body)
    return out.getvalue()


def declared(text, charset):
    return f'<?xml version="1.0" encoding="{charset}"?>{text}'.encode("gb18030")


@pytest.mark.parametrize(
    ("start", "chain", "text"),
    [
        (b'\xef\xbb\xbf{"a": 1}', ["text:utf-8", "json"], '{"a": 1}'),
        (declared(TEXT, "GB2312"), ["text:gb18030 (declared gb2312)", "xml"], TEXT),
        (zipped("a.xml", TEXT.encode()), ["zip:a.xml", "text:utf-8", "xml"], TEXT),
        (
            base64.encodebytes(gzip.compress(declared(TEXT, "GBK"))).decode(),
            ["base64", "gzip", "text:gb18030", "xml"],
            TEXT,
        ),
        ('[{"n": 1}]', ["string", "json"], '[{"n": 1}]'),
    ],
)
def test_each_step_of_a_chain_is_done_anew(start, chain, text):
    assert decoded(start, chain) == text


def claim(body, **more):
    document = {
        "id": "d1", "payload_hash": hashlib.sha256(body).hexdigest(), "parent": None, "chain": ["text:utf-8", "json"],
        "media_type": "application/json", "text": body.decode(),
    } | more  # fmt: skip
    entry = {"field": "/a", "how": "mapped", "value": "1", "inputs": [{"document": "d1", "source": "/a", "raw": "1"}]}
    return {"documents": [document], "entries": [entry]}


def test_what_was_changed_on_the_way_is_told():
    body = b'{"a": "1"}'
    digest = hashlib.sha256(body).hexdigest()
    assert claim_faults(claim(body), {digest: body}) == []
    assert "another hash" in claim_faults(claim(body), {digest: body + b" "})[0]
    assert "another one" in claim_faults(claim(body, text='{"a": "1" }'), {digest: body})[0]
    assert "unknown step" in claim_faults(claim(body, chain=["rot13"]), {digest: body})[0]
    raw = claim(body)
    raw["entries"][0]["inputs"][0]["raw"] = "2"
    assert "raw is '2'" in claim_faults(raw, {digest: body})[0]
