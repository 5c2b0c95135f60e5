"""A file cut between its rows: the same rows in the same order, whatever looks like a row, however the bytes come."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from adapters.decode.pieces import pieces
from adapters.errors import Malformed

BIG = 1 << 20
ROWS = [
    "<行>1</行>",
    "<行/>",
    "<行 a='>'/>",
    '<行 b="/>">2</行>',
    "<行>\n<行>in</行></行>",
    "<行><![CDATA[</行><行>]]></行>",
    "<行><!-- </行> --></行>",
    "<行>镕㐀𠀀</行  >",
    "<行><?x </行> ?></行>",
    "<行子>no row</行子>",
]
BETWEEN = ["", "\n", " <!-- <行> -->", "<?p <行/>?>", "<![CDATA[]]>", "<注>x</注>"]


def cut(body, size, rows=2, path="/表/行", charset="gb18030", ceiling=BIG, key=None):
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    return list(pieces(chunks, path, charset, rows, ceiling, key))


def parsed(body, charset="gb18030"):
    return etree.fromstring(body.decode(charset).encode())


def told(row):
    return etree.tostring(row, encoding="unicode", with_tail=False)


@given(
    rows=st.lists(st.tuples(st.sampled_from(ROWS), st.sampled_from(BETWEEN)), max_size=12),
    size=st.integers(1, 40),
    wanted=st.integers(1, 4),
    charset=st.sampled_from(["gb18030", "utf-8"]),
)
def test_pieces_hold_the_rows_of_the_whole(rows, size, wanted, charset):
    text = "<表 批='<1' ><头>h</头>".replace("<1", "1") + "".join(row + gap for row, gap in rows) + "<尾/></表>\n"
    body = text.encode(charset)
    found = cut(body, size, wanted, charset=charset)
    whole = parsed(body, charset)
    trees = [parsed(piece.body, charset) for piece in found]
    assert [told(row) for tree in trees for row in tree.findall("行")] == [told(row) for row in whole.findall("行")]
    assert all(tree.find("头").text == "h" and tree.attrib == whole.attrib for tree in trees)
    assert [len(tree.findall("行")) for tree in trees] == [piece.rows for piece in found]
    assert [piece.first for piece in found] == [1 + sum(one.rows for one in found[:n]) for n in range(len(found))]
    assert b"".join(body[piece.start : piece.end] for piece in found) == body
    assert all(piece.rows == wanted for piece in found[:-1])
    assert sum(piece.rows for piece in found) == len(whole.findall("行"))


def test_a_small_file_is_one_piece_and_nothing_is_added():
    body = "<表><行>1</行></表>".encode()
    assert [piece.body for piece in cut(body, 7, charset="utf-8")] == [body]
    assert [piece.body for piece in cut(b"no xml at all", 5)] == [b"no xml at all"]
    assert [piece.body for piece in cut(b"", 5)] == [b""]


@given(
    keys=st.lists(st.sampled_from("abc"), min_size=1, max_size=15), wanted=st.integers(1, 3), size=st.integers(1, 30)
)
def test_rows_of_one_key_stay_together(keys, wanted, size):
    body = ("<t>" + "".join(f"<r><k>{key}</k></r>" for key in keys) + "</t>").encode()
    found = cut(body, size, wanted, "/t/r", key=lambda one: etree.fromstring(one).findtext("r/k"))
    groups = [[row.findtext("k") for row in etree.fromstring(piece.body)] for piece in found]
    assert [key for group in groups for key in group] == keys
    assert all(before[-1] != after[0] for before, after in itertools.pairwise(groups))
    assert all(len(group) >= wanted for group in groups[:-1])
    assert all(len(set(group[wanted - 1 :])) == 1 for group in groups[:-1])


def test_prefixes_and_two_parents():
    body = b"<x:a xmlns:x='u'><x:b><x:r/><x:r/><x:r/></x:b><x:b><x:r/></x:b></x:a>"
    found = cut(body, 5, 2, "/x:a/x:b/x:r")
    assert [piece.rows for piece in found] == [2, 2]
    assert [len(etree.fromstring(piece.body).findall(".//{u}r")) for piece in found] == [2, 2]


def test_a_row_without_end_is_bounded():
    with pytest.raises(Malformed, match="more than 100 bytes"):
        cut(b"<t><r>" + b"x" * 200, 10, 2, "/t/r", ceiling=100)
    with pytest.raises(Malformed, match="a tag of more than"):
        cut(b"<t><r " + b"x" * (3 << 20), 1 << 18, 2, "/t/r", ceiling=8 << 20)
    with pytest.raises(Malformed, match="before the first row"):
        cut(b"<t>" + b"x" * (2 << 20) + b"<r/>", 1 << 18, 2, "/t/r", ceiling=8 << 20)
