"""What paging, cursor and request demand of each other, told with the place in the file."""

import pytest

from adapters.load import load_adapter
from canonical_schema.problem import ProblemsFound

FILE = """\
id: xx
title: 系统
title_en: System
driver: rest
base_url: ${XX_URL}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    request: {path: /list, query: {page: "{page}", after: "{next}", last: "{id}", since: "{from}", until: "{to}"}}
    paging: {kind: pages}
    cursor: {row: /t, format: yyyy-MM-dd, start: 2020-01-01}
    decode: [text, json]
"""
REQUEST, PAGING, CURSOR = 10, 11, 12
PLAIN = "query: {since: x}"


def faults(tmp_path, *changes):
    text = FILE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "xx.yaml"
    file.write_text(text, "utf-8")
    try:
        load_adapter(file, name="xx.yaml")
    except ProblemsFound as found:
        return [(fault.line, fault.words) for fault in found.problems]
    return []


def paging(text):
    return "{kind: pages}", text


WITHOUT_CURSOR = "    cursor: {row: /t, format: yyyy-MM-dd, start: 2020-01-01}\n", ""
UNASKED = 'query: {page: "{page}", after: "{next}", last: "{id}", since: "{from}", until: "{to}"}', PLAIN


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (paging("{kind: token, next: /next, more: /more}"),),
        (paging("{kind: link}"),),
        (paging("{kind: keyset, id: /id}"),),
        (paging("{kind: token, next: /next, keep: yes}"), WITHOUT_CURSOR, UNASKED, (PLAIN, 'query: {a: "{next}"}')),
        (paging("{kind: single}"), WITHOUT_CURSOR, UNASKED),
    ],
)
def test_what_fits_together_is_no_fault(tmp_path, changes):
    assert faults(tmp_path, *changes) == []


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ((paging("{kind: page}"),), PAGING, "'keyset', 'window', 'pages', 'token', 'link' or 'single'"),
        ((paging("{kind: pages, id: /n}"),), PAGING, "'id' belongs to paging by keyset"),
        ((paging("{kind: pages, next: /n}"),), PAGING, "'next' belongs to paging by token or link"),
        ((paging("{kind: link, keep: yes}"),), PAGING, "'keep' belongs to paging by token"),
        ((paging("{kind: token}"),), PAGING, "needs 'next', where the answer tells the next one"),
        ((paging("{kind: pages, first: one}"),), PAGING, "the number of the first page is needed here"),
        ((paging("{kind: token, next: /n, keep: yes}"),), CURSOR, "a feed's cursor is its token"),
        ((UNASKED,), REQUEST, "paging by pages needs {page} or {offset} in the request"),
        ((UNASKED, paging("{kind: token, next: /n}")), REQUEST, "needs {next} in the request"),
        ((UNASKED, paging("{kind: keyset, id: /n}")), REQUEST, "needs {id} in the request"),
        ((UNASKED, ("start: 2020-01-01", "start: 2020-01-01, window: 3d")), REQUEST, "'window' needs {to}"),
        ((paging("{kind: keyset}"), ("start: 2020-01-01", "start: 2020-01-01, window: 3d")), CURSOR, "has no windows"),
        ((paging("{kind: keyset, id: /n}"), WITHOUT_CURSOR), 8, "needs 'cursor'"),
        ((paging("{kind: single}"), WITHOUT_CURSOR), REQUEST, "{from} needs a 'cursor'"),
    ],
)
def test_what_does_not_is_told_with_its_place(tmp_path, changes, line, words):
    found = faults(tmp_path, *changes)
    assert [at for at, told in found if words in told] == [line], found
