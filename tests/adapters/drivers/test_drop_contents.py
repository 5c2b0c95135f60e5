"""What dropped files hold: packed, in whatever charset, and bounded where somebody packed too much."""

import codecs
import gzip
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.decode.text import decode_text
from tests.adapters.drivers.dropping import SECRETS, later, place, rows, xml  # noqa: F401 - a fixture

GZIP = 'files: "*.xml.gz"\ndecode: [gzip, "text:gb18030", xml]\n'
ZIP = 'files: "*.zip"\ndecode: ["zip:*.xml", "text:gb18030", xml]\n'
SMALL = "{unpacked_mb: 4, ratio: 50, members: 3}"


def zipped(members):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return body.getvalue()


def test_gzip_is_unpacked_and_kept_as_it_came(place, pull):  # noqa: F811
    body = place.write("a.xml.gz", gzip.compress(xml("镕", "2")))
    place.write("b.xml.gz", gzip.compress(xml("3"))[:-9])
    place.write("c.xml.gz", gzip.compress(xml("4")[:30]) + gzip.compress(xml("4")[30:]))
    pulled = pull(place.adapter(GZIP), SECRETS, clock=later)
    assert rows(pulled) == ["镕", "2", "4"]
    assert pulled.exchanges[0].payload.body == body
    assert [(one.place, one.reasons) for one in pulled.damaged] == [
        ("b.xml.gz", ("the gzip stream is cut short (压缩数据不完整)",))
    ]


def test_bombs_are_told_and_hold_nothing_up(place, pull):  # noqa: F811
    rise = b"<a>" + b" " * (3 << 20) + b"</a>"  # 1:1000, below the size that is allowed
    place.write("a.zip", zipped({"1.xml": rise, "2.xml": xml("2")}))
    place.write("b.zip", zipped({f"{n}.xml": xml("x") for n in range(4)}))
    place.write("c.zip", zipped({f"{n}.xml": b"<a>" + bytes(range(32, 60)) * 40_000 for n in range(3)}))
    place.write("d.zip", zipped({"../../4.xml": xml("4")}))
    pulled = pull(place.adapter(ZIP, SMALL), SECRETS, clock=later)
    assert rows(pulled) == ["2", "4"]
    told = [(one.place, one.reasons[0].partition(" (")[0]) for one in pulled.damaged]
    assert told[0][0] == "1.xml"
    assert told[0][1].startswith("unpacks to more than 1048576 bytes")
    assert told[1] == ("b.zip", "4 members, more than 3")
    assert pulled.error is None
    assert not (place.root.parent / "4.xml").exists()


def test_a_gzip_bomb_is_told(place, pull):  # noqa: F811
    place.write("a.xml.gz", gzip.compress(b" " * (3 << 20)))
    (damaged,) = pull(place.adapter(GZIP, SMALL), SECRETS, clock=later).damaged
    assert damaged.reasons[0].startswith("unpacks to more than 1048576 bytes")


def test_a_file_larger_than_allowed_is_told_and_is_not_fetched_whole(place, pull):  # noqa: F811
    place.write("a.xml.gz", b"x" * (5 << 20))
    pulled = pull(place.adapter(GZIP, SMALL), SECRETS, clock=later)
    assert "a.xml.gz: malformed: larger than 4194304 bytes" in str(pulled.error)


@pytest.mark.parametrize("label", ["GB2312", "UTF-8", "ISO-8859-1"])
@pytest.mark.parametrize(
    ("charset", "step"),
    [
        ("gb2312", "text:gb2312"),
        ("gbk", "text:gbk"),
        ("gb18030", "text:gb18030"),
        ("utf-8", "text:utf-8"),
        ("utf-8-sig", "text:utf-8"),
        ("utf-16", "text:utf-16"),
        ("utf-16-le", "text:utf-16-le"),
        ("utf-16-be", "text:utf-16-be"),
    ],
)
def test_the_declared_charset_counts_whatever_the_file_says(place, pull, charset, step, label):  # noqa: F811
    place.put("a.xml", "危险废物", charset=charset, label=label)
    pulled = pull(place.adapter(f'files: "*.xml"\ndecode: ["{step}", xml]\n'), SECRETS, clock=later)
    assert (rows(pulled), pulled.damaged) == (["危险废物"], [])


@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), min_size=1),
    mark=st.sampled_from(
        [(codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")]
    ),
)
def test_a_byte_order_mark_is_believed_before_a_label(text, mark):
    bom, charset = mark
    body = bom + f'<?xml version="1.0" encoding="GB2312"?>{text}'.encode(charset)
    assert decode_text(body, "")[0] == f'<?xml version="1.0" encoding="GB2312"?>{text}'
