"""The header Link (RFC 8288), also in forms that systems really write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.protocol.links import links, next_link


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ('<https://a.cn/l?page=2>; rel="next", <https://a.cn/l?page=9>; rel="last"', "https://a.cn/l?page=2"),
        ("<https://a.cn/l?page=1>;rel=prev,<https://a.cn/l?page=3>;rel=next", "https://a.cn/l?page=3"),
        ('</l?q=a,b;c>; title="x, <y>; rel=\\"next\\""; rel="next"', "/l?q=a,b;c"),
        ("<?page=2>; REL = NEXT", "?page=2"),
        ('<b>; rel="start NEXT"', "b"),
        ("<b>; rel=prev; rel=next", ""),
        ('<b>; rel="next"; anchor="#foo"', ""),
        ("<b>; rel=nextpage", ""),
        (", , <b>; rel=next", "b"),
        ("<b>; crossorigin; rel=next", "b"),
        ("< b >;rel=next", "b"),
        ("https://a.cn/b; rel=next", ""),
        ("", ""),
    ],
)
def test_the_next_page(header, found):
    assert next_link(header) == found


@given(st.text(st.sampled_from('<>;,="\\ relnxt'), max_size=60))
def test_no_header_breaks_the_reader(header):
    for target, parameters in links(header):
        assert ">" not in target
        assert all(name == name.lower() for name in parameters)
