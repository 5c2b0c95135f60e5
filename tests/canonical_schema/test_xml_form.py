import json
from copy import deepcopy

import pytest
from lxml import etree

from canonical_schema.errors import Unreadable
from canonical_schema.export.samples import sample
from canonical_schema.record_file import read
from canonical_schema.xml_form import NAMESPACE, to_xml, xpath

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def altered(change):
    root = etree.fromstring(to_xml(sample("manifest", "full")))
    change(root)
    return etree.tostring(root, encoding="UTF-8")


def find(root, path):
    return root.find("/".join(f"{{{NAMESPACE}}}{step}" for step in path.split("/")))


def places(data):
    return [fault.place for fault in read(data).faults]


@pytest.mark.parametrize(
    "hard",
    ['甲<乙>&amp; "丙"\'\n]]> 镕𠮷', "0012.50", "true", "null", "1e5", "a\tb", "x\n\n y", "<b>no</b>", "\u2028x"],
)
def test_any_text_comes_back_as_it_was(hard):
    record = sample("manifest", "full")
    record["claims"][0]["source_key"] = f" {hard}\r\n"
    assert read(to_xml(record)).record == record
    content = record["content"]
    content["consignor"]["name"] = hard
    assert read(to_xml(record)).record["content"]["consignor"]["name"] == hard


def test_an_empty_list_of_the_envelope_comes_back():
    record = sample("manifest", "full")
    record["quality"]["findings"] = []
    assert read(to_xml(record)).record == record


def test_comments_and_cdata_are_only_another_way_to_write():
    data = to_xml(sample("manifest", "full")).replace(
        "<name>废矿物油</name>".encode(), "<name>废<!-- x --><![CDATA[矿物]]>油<?pi x?></name>".encode()
    )
    assert b"CDATA" in data
    assert read(data).record == sample("manifest", "full")
    assert read(data).faults == ()


def test_a_schema_location_is_no_fault_and_is_never_followed():
    data = to_xml(sample("manifest", "minimal")).replace(
        b"<record ", f'<record {XSI} xsi:schemaLocation="urn:liandan:canonical:1 http://host.invalid/x.xsd" '.encode()
    )
    assert read(data).faults == ()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda root: etree.SubElement(find(root, "content"), f"{{{NAMESPACE}}}unexpected"), "/record/content/unexpected"),
        (lambda root: etree.SubElement(find(root, "content"), "status"), "/record/content/status"),
        (lambda root: etree.SubElement(find(root, "kind"), f"{{{NAMESPACE}}}x"), "/record/kind"),
        (lambda root: find(root, "content/status").set("lang", "zh"), "/record/content/status/@lang"),
        (lambda root: setattr(find(root, "content"), "text", "word"), "/record/content"),
        (lambda root: setattr(find(root, "content/wastes/quantity_t"), "text", "1.250"), "/record/content/wastes[1]/quantity_t"),
        (lambda root: setattr(find(root, "content/wastes/seq"), "text", "+1"), "/record/content/wastes[1]/seq"),
        (lambda root: setattr(find(root, "content/wastes/seq"), "text", "9" * 5000), "/record/content/wastes[1]/seq"),
        (lambda root: setattr(find(root, "content/wastes/receipt/major_discrepancy"), "text", "1"), "/record/content/wastes[1]/receipt/major_discrepancy"),
        (lambda root: find(root, "content/planned_at").remove(find(root, "content/planned_at/at")), "/record/content/planned_at"),
        (lambda root: find(root, "content").append(find(root, "content/status")), "/record/content/status"),
        (lambda root: find(root, "content").insert(0, deepcopy(find(root, "content/status"))), "/record/content/status"),
        (lambda root: find(root, "sections").append(deepcopy(find(root, "sections/section"))), "/record/sections"),
        (lambda root: root.remove(find(root, "claims")), "/record/claims"),
        (lambda root: setattr(find(root, "content/status"), "text", None), "/record/content/status"),
    ],
)  # fmt: skip
def test_what_isnt_of_the_form_is_named_by_its_xpath(change, place):
    data = altered(change)
    if place == "/record/claims":
        data = altered(lambda root: [root.remove(one) for one in root.findall(f"{{{NAMESPACE}}}claims")])
    assert place in places(data)


def test_another_root_is_refused():
    assert places(b"<record/>") == ["/record"]
    assert places(f'<other xmlns="{NAMESPACE}"/>'.encode()) == ["/other"]
    assert places(f'<record xmlns="{NAMESPACE}"/>'.encode()) == ["/record/kind"]
    assert places(f'<record xmlns="{NAMESPACE}"><kind>manifst</kind></record>'.encode()) == ["/record/kind"]


@pytest.mark.parametrize(
    "broken",
    [
        b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
        b'<!DOCTYPE r SYSTEM "http://host.invalid/x.dtd"><r/>',
        b"<!DOCTYPE r><r/>",
        b'<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><r b="&b;"/>',
        b"<a>" * 5000 + b"</a>" * 5000,
        b"<a",
        b"<a>\x00</a>",
        b'<?xml version="1.0" encoding="no-such-charset"?><a/>',
        b"\xff\xfe<\x00a\x00",
        b"<",
        b"",
        b"{",
        b"[" * 100_000,
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b"\xff",
        b"nonsense",
    ],
)
def test_hostile_or_broken_xml_or_json_is_refused_with_words(broken):
    with pytest.raises(Unreadable) as caught:
        read(broken)
    assert caught.value.zh
    assert caught.value.en


@pytest.mark.parametrize("told", [b"[]", b"1", b'"x"', b"null", b"{}", b'{"kind": []}', b'{"kind": "manifest"}'])
def test_json_that_is_no_record_has_faults(told):
    assert read(told).faults


def test_an_xpath_names_what_the_pointer_does():
    record = sample("manifest", "full")
    root = etree.fromstring(to_xml(record))
    for pointer, value in _leaves(record, ""):
        steps = xpath(pointer).split("/")[2:]
        found = root.xpath("/".join(f"c:{step}" for step in steps), namespaces={"c": NAMESPACE})
        assert [one.text for one in found] == [json.dumps(value) if isinstance(value, bool | int) else value], pointer


def _leaves(value, pointer):
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if parts is None:
        return [(pointer, value)]
    return [leaf for name, inner in parts for leaf in _leaves(inner, f"{pointer}/{name}")]
