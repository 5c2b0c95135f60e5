import base64
import gzip
import io
import json
import warnings
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from adapters.decode import Vet, check_chain, decode, redecode
from adapters.limits import Limits
from adapters.payload import Decoded

LIMITS = Limits()
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<n:getResponse xmlns:n="urn:x"><getReturn>{}</getReturn></n:getResponse></s:Body></s:Envelope>'
)


def zipped(packing: int = zipfile.ZIP_DEFLATED, /, **members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for name, body in members.items():
            archive.writestr(name.replace("_", "."), body)
    return packed.getvalue()


def again(payload: bytes, decoded: Decoded) -> None:
    """The documents can be had again from bytes and recorded chains alone."""
    described = json.loads(json.dumps([document.described() for document in decoded.documents]))
    second = redecode(payload, described)
    assert [(one.id, one.text, one.chain, one.parent, one.name) for one in second] == [
        (one.id, one.text, one.chain, one.parent, one.name) for one in decoded.documents
    ]


def test_plain_json():
    decoded = decode(b'\xef\xbb\xbf{"a": 1.10}', ["text:utf-8", "json"], LIMITS, name="a.json")
    (document,) = decoded.documents
    assert (document.id, document.parent, document.chain) == ("d1", None, ("text:utf-8", "json"))
    assert (document.text, document.media_type, document.name) == ('{"a": 1.10}', "application/json", "a.json")


def test_json_in_a_soap_string():
    payload = ENVELOPE.format('{"rows": [{"x": "a&amp;b"}]}').encode()
    decoded = decode(payload, ["text:utf-8", "xml", "soap", "string", "json"], LIMITS)
    outer, inner = decoded.documents
    assert outer.chain == ("text:utf-8", "xml")
    assert not outer.text.lstrip().startswith("<?xml")
    assert inner.parent is not None
    assert inner.chain == ("string", "json")
    assert inner.parent[0] == "d1"
    assert outer.tree.xpath(inner.parent[1])[0].text == inner.text
    assert inner.tree == {"rows": [{"x": "a&b"}]}
    assert decoded.leaves == (inner,)
    assert etree.fromstring(outer.text.encode()).xpath("count(" + inner.parent[1] + ")") == 1
    again(payload, decoded)


def test_xml_in_cdata_in_soap():
    payload = ENVELOPE.format('<![CDATA[<?xml version="1.0" encoding="GBK"?><a><b>镕</b></a>]]>').encode()
    decoded = decode(payload, ["text", "xml", "soap", "string", "xml"], LIMITS)
    assert decoded.documents[1].tree.findtext("b") == "镕"
    assert decoded.documents[1].text == "<a><b>镕</b></a>"
    again(payload, decoded)


def test_a_damaged_child_takes_its_envelope_with_it():
    decoded = decode(ENVELOPE.format('{"rows": [').encode(), ["text", "xml", "soap", "string", "json"], LIMITS)
    assert decoded.documents == ()
    (damaged,) = decoded.damaged
    assert damaged.place.startswith("d1 /*[local-name()='Envelope']")
    assert damaged.reasons == ("line 1, column 11: the text ends too early (内容不完整)",)


def test_a_soap_fault_is_no_document():
    fault = "<s:Fault><faultcode>s:Server</faultcode><faultstring>忙</faultstring></s:Fault>"
    payload = f'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{fault}</s:Body></s:Envelope>'
    decoded = decode(payload.encode(), ["text", "xml", "soap", "string", "json"], LIMITS)
    assert "Server: 忙" in decoded.damaged[0].reasons[0]


def test_base64_gzip_xml_inside_json():
    packed = base64.encodebytes(gzip.compress("<a>堃</a>".encode("gb18030"))).decode()
    payload = json.dumps({"data": {"body": packed}}).encode()
    decoded = decode(payload, ["text", "json", "at:/data/body", "base64", "gzip", "text:gb18030", "xml"], LIMITS)
    assert decoded.documents[1].parent == ("d1", "/data/body")
    assert decoded.documents[1].chain == ("base64", "gzip", "text:gb18030", "xml")
    assert decoded.documents[1].tree.text == "堃"
    again(payload, decoded)


def test_a_zip_keeps_what_is_whole():
    label = '<?xml version="1.0" encoding="GB2312"?>\n'
    payload = zipped(
        a_xml=(label + "<r>镕</r>").encode("gb18030"),
        b_xml=(label + "<r><x ").encode("gb18030"),
        c_xml=b"<r/>",
        d_txt=b"-",
    )
    decoded = decode(payload, ["zip:*.xml", "text:gb18030", "xml"], LIMITS, name="n.zip")
    assert [(one.id, one.name) for one in decoded.documents] == [("d1", "a.xml"), ("d2", "c.xml")]
    assert decoded.documents[0].chain == ("zip:a.xml", "text:gb18030 (declared gb2312)", "xml")
    assert decoded.leaves == decoded.documents
    (damaged,) = decoded.damaged
    assert damaged.place == "b.xml"
    assert damaged.reasons[0].startswith("line 2, column ")
    again(payload, decoded)


@pytest.mark.parametrize(
    ("packing", "at"), [(zipfile.ZIP_DEFLATED, 40), (zipfile.ZIP_BZIP2, 45), (zipfile.ZIP_LZMA, 50)]
)
def test_a_member_with_broken_bytes_leaves_the_others(packing, at):
    payload = bytearray(zipped(packing, a_xml=b"<a>" + b"x" * 500 + b"</a>", b_xml=b"<b/>"))
    payload[at] ^= 0xFF
    decoded = decode(bytes(payload), ["zip:*.xml", "text", "xml"], LIMITS)
    assert [one.name for one in decoded.documents] == ["b.xml"]
    assert [one.place for one in decoded.damaged] == ["a.xml"]


def test_an_unreadable_zip_is_one_damaged_whole():
    decoded = decode(zipped(a_xml=b"<a/>")[:-30], ["zip:*.xml", "text", "xml"], LIMITS, name="n.zip")
    assert decoded.documents == ()
    assert [one.place for one in decoded.damaged] == ["n.zip"]
    assert "ZIP" in decoded.damaged[0].reasons[0]


def test_bombs_stop_at_the_limit():
    payload = zipped(a_xml=b"<a>" + b" " * (8 << 20) + b"</a>")
    assert "unpacks to more" in decode(payload, ["zip:*", "text", "xml"], LIMITS).damaged[0].reasons[0]
    assert (
        "unpacks to more"
        in decode(gzip.compress(bytes(8 << 20)), ["gzip", "text", "xml"], LIMITS).damaged[0].reasons[0]
    )
    many = zipped(**{f"m{n}_xml": b"<a/>" for n in range(20)})
    assert "20 members" in decode(many, ["zip:*", "text", "xml"], Limits(members=10)).damaged[0].reasons[0]


def test_bombs_in_packings_are_no_smaller():
    """Each alone is small enough; together they are many times what may be unpacked (42.zip and its kind)."""
    bound = Limits(unpacked=4 << 20, members=30)
    packed = gzip.compress(b"<a>" + b" " * 900_000 + b"</a>")
    payload = zipped(**{f"m{n}_xml": packed for n in range(20)})
    decoded = decode(payload, ["zip:*", "gzip", "text", "xml"], bound)
    assert (len(decoded.documents), len(decoded.damaged)) == (4, 16)
    assert "unpacks to more than" in decoded.damaged[-1].reasons[0]
    inner = zipped(a_xml=b"<a>" + b" " * 900_000 + b"</a>")
    decoded = decode(zipped(**{f"m{n}_xml": inner for n in range(20)}), ["zip:*", "zip:*", "text", "xml"], bound)
    assert (len(decoded.documents), len(decoded.damaged)) == (4, 16)
    many = zipped(**{f"n{n}_xml": b"<a/>" for n in range(9)})
    decoded = decode(zipped(**{f"m{n}_xml": many for n in range(9)}), ["zip:*", "zip:*", "text", "xml"], bound)
    assert (len(decoded.documents), len(decoded.damaged)) == (18, 7)
    assert "9 members, more than 3" in decoded.damaged[-1].reasons[0]


def test_further_demands_make_damaged():
    vet = Vet(
        member=lambda name, _: ("wrong digest",) if name == "a.xml" else (),
        document=lambda _, tree: ("no r",) if tree.tag != "r" else (),
    )
    decoded = decode(zipped(a_xml=b"<r/>", b_xml=b"<q/>", c_xml=b"<r/>"), ["zip:*", "text", "xml"], LIMITS, vet=vet)
    assert [one.name for one in decoded.documents] == ["c.xml"]
    assert [(one.place, one.reasons) for one in decoded.damaged] == [("a.xml", ("wrong digest",)), ("b.xml", ("no r",))]


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        (["text", "json"], ""),
        (["zip:*.xml", "text:gb18030", "xml"], ""),
        (["text", "xml", "soap", "string", "json"], ""),
        (["txt", "json"], "no decoding step"),
        (["json"], "has bytes before it"),
        (["text"], "ends with text"),
        (["text:gb99", "json"], "no known charset"),
        (["text:hex", "json"], "no known charset"),
        (["text", "json", "soap", "json"], "'soap' takes XML tree"),
        (["text", "json", "at", "json"], "needs a place"),
        (["text", "json", "at:data", "json"], "needs a place"),
        (["text", "xml", "at:x/y", "json"], ""),
        (["text", "xml", "at:/x[", "json"], "is no XPath"),
        ([], "ends with bytes"),
    ],
)
def test_a_declared_chain_is_checked(steps, words):
    assert words in check_chain(steps)
    assert bool(words) == bool(check_chain(steps))


CHAINS = [
    ["text:utf-8", "json"],
    ["text", "xml"],
    ["text:gb18030", "xml"],
    ["zip:*", "text", "xml"],
    ["gzip", "text", "json"],
    ["base64", "text", "json"],
    ["text", "xml", "soap", "string", "json"],
]
SAMPLES = [
    b'{"a": [1, 2.5, "x"]}',
    '<?xml version="1.0" encoding="GB2312"?><a b="1">镕</a>'.encode("gb18030"),
    zipped(a_xml=b"<a>text</a>", b_xml=b"<b/>"),
    zipped(zipfile.ZIP_LZMA, a_xml=b"<a>text</a>"),
    gzip.compress(b'{"a": 1}'),
    base64.b64encode(b'{"a": 1}'),
    ENVELOPE.format('{"a": 1}').encode(),
]


@settings(max_examples=150)
@given(st.sampled_from(CHAINS), st.binary(max_size=200))
def test_random_bytes_are_damaged_or_documents(steps, payload):
    decoded = decode(payload, steps, LIMITS)
    assert decoded.documents or decoded.damaged
    again(payload, decoded)


@settings(max_examples=300)
@given(
    st.sampled_from(CHAINS),
    st.sampled_from(SAMPLES),
    st.integers(0, 2000),
    st.binary(min_size=1, max_size=4),
    st.booleans(),
)
def test_changed_samples_are_damaged_or_documents(steps, sample, at, change, cut):
    at %= len(sample)
    payload = sample[:at] if cut else sample[:at] + change + sample[at + len(change) :]
    decoded = decode(payload, steps, LIMITS)
    assert decoded.documents or decoded.damaged
    again(payload, decoded)


def test_a_name_that_stands_twice_is_refused_and_gbk_names_are_read():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive, warnings.catch_warnings(action="ignore"):
        for name in ("a.xml", "a.xml", "联单.xml"):
            archive.writestr(name, b"<a/>")
    decoded = decode(packed.getvalue(), ["zip:*.xml", "text", "xml"], LIMITS)
    assert [one.name for one in decoded.documents] == ["联单.xml"]
    assert [one.place for one in decoded.damaged] == ["a.xml", "a.xml"]
    assert "2 members have this name" in decoded.damaged[0].reasons[0]
    utf8, gbk = "联单.xml".encode(), "联单.xml".encode("gbk").ljust(10, b"x")
    renamed = packed.getvalue().replace(utf8, gbk).replace(b"\x00\x08\x00\x00", b"\x00\x00\x00\x00")
    assert "联单" in decode(renamed, ["zip:*", "text", "xml"], LIMITS).documents[0].name
    again(renamed, decode(renamed, ["zip:*", "text", "xml"], LIMITS))


def test_a_member_without_a_name_is_no_surprise():
    renamed = bytearray(zipped(a_xml=b"<a/>"))
    for place in (26, renamed.index(b"PK\x01\x02") + 28):
        renamed[place] = 0
    decoded = decode(bytes(renamed), ["zip:*", "text", "xml"], LIMITS)
    assert decoded.damaged
