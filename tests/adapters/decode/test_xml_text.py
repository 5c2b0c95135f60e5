import pytest
from lxml import etree

from adapters.decode.text import decode_text
from adapters.decode.xml_text import parse_xml, path_of
from adapters.errors import Malformed


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("<!DOCTYPE a><a/>", 1, "DOCTYPE"),
        ('<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<a>&x;</a>', 2, "DOCTYPE"),
        ('<!DOCTYPE a [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><a>&c;</a>', 1, "DOCTYPE"),
        ("<a>&x;</a>", 1, "not well-formed"),
        ("<a>\n<b></a>", 2, "not well-formed"),
        ('<?xml version="1.0"?>\n\n<a>\n  <b></a>', 4, "not well-formed"),
        ("<a><x:b/></a>", 1, "prefix x"),
        ("", 1, "empty"),
        ("<a/><b/>", 1, "not well-formed"),
        ("<a>\x01</a>", 1, "not well-formed"),
        ("<a>" * 300 + "</a>" * 300, 1, "not well-formed"),
    ],
)
def test_refused_with_its_place(text, line, words):
    with pytest.raises(Malformed) as refused:
        parse_xml(text)
    assert words in refused.value.words
    assert refused.value.line == line
    assert refused.value.column >= 1


def test_the_text_carries_no_declaration_and_loses_nothing_else():
    text, root = parse_xml('<?xml version="1.0" encoding="GB2312"?>\n<a> <!-- c --><b/>x </a>')
    assert text == "\n<a> <!-- c --><b/>x </a>"
    assert root.xpath("string()") == " x "


def test_nothing_outside_is_included(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    _, root = parse_xml(
        f'<?xml-stylesheet href="{secret}"?><a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="{secret}"/></a>'
    )
    assert "secret" not in str(root.xpath("string()"))


def test_paths_are_prefix_free_and_select_just_their_element():
    root = etree.fromstring('<p:a xmlns:p="urn:1" xmlns="urn:2"><b/><q:b xmlns:q="urn:3"/><!-- --><b><c/></b></p:a>')
    for element in root.iter(etree.Element):
        assert root.getroottree().xpath(path_of(element)) == [element]
    assert path_of(root[3][0]) == "/*[local-name()='a']/*[local-name()='b'][3]/*[local-name()='c'][1]"


@pytest.mark.parametrize(
    ("label", "argument", "used"),
    [
        ("GB2312", "", "text:gb18030 (declared gb2312)"),
        ("GB2312", "gb18030", "text:gb18030 (declared gb2312)"),
        ("gb18030", "gb2312", "text:gb18030"),
        ("GBK", "gbk", "text:gb18030 (declared gbk)"),
        ("UTF-8", "gb18030", "text:gb18030 (declared utf-8)"),
    ],
)
def test_a_lying_label_is_recorded(label, argument, used):
    body = f'<?xml version="1.0" encoding="{label}"?><a>镕堃㙟</a>'.encode("gb18030")
    text, step = decode_text(body, argument)
    assert "镕堃㙟" in text
    assert step == used
    assert decode_text(body, step.removeprefix("text:")) == (text, step)


def test_wrong_bytes_name_line_and_column():
    with pytest.raises(Malformed) as refused:
        decode_text("<a>\n<b>江苏".encode() + b"\xff</b></a>", "utf-8")
    assert (refused.value.line, refused.value.column) == (2, 6)
