from pathlib import Path

import pytest

import adapters
from adapters.load import load_adapter, load_target, noted
from canonical_schema.problem import ProblemsFound

OWN = Path(adapters.__file__).parent
JS = (OWN / "provinces/js.yaml").read_text("utf-8")


def problems(tmp_path, text, name="js", **more):
    file = tmp_path / f"{name}.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_adapter(file, name=file.name, **more)
    return found.value.problems


@pytest.mark.parametrize("name", ["js", "tj", "gd", "zj", "sh", "sc"])
def test_our_own_adapters_load(name):
    file = OWN / f"provinces/{name}.yaml"
    spec = load_adapter(file)
    assert (spec.id, spec.file, list(spec.datasets)) == (name, file, ["manifests"])
    assert len(spec.division or "") == 2


def test_our_own_target_loads():
    assert load_target(OWN / "targets/national.yaml").batch == 100


def test_a_typo_in_a_key_gives_place_and_likely_key(tmp_path):
    (fault,) = problems(tmp_path, JS.replace("      overlap: 10m", "      overlpa: 10m"))
    line = JS.splitlines().index("      overlap: 10m") + 1
    assert (fault.file, fault.line, fault.column, fault.suggestion) == ("js.yaml", line, 7, "overlap")
    assert str(fault) == f"js.yaml:{line}:7: unknown key 'overlpa' (没有这一项); did you mean 'overlap'?"


def test_all_faults_come_at_once(tmp_path):
    text = (
        JS.replace("driver: rest", "driver: rset")
        .replace("size: 100", "size: many")
        .replace("division: 32", "division: 320")
    )
    found = problems(tmp_path, text)
    assert len(found) == 3
    assert [fault.line for fault in found] == [
        number
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() in {"driver: rset", "size: many", "division: 320"}
    ]


@pytest.mark.parametrize(
    ("old", "new", "words", "shown"),
    [
        ("base_url: ${LIANDAN_JS_URL}\n", "", "driver rest needs 'base_url' (缺少此项)", "id: js"),
        ("base_url: ${LIANDAN_JS_URL}", "base_url: js.example.cn", "https://host/path or ${NAME}", "base_url:"),
        ("base_url: ${LIANDAN_JS_URL}", "base_url: ftp://${HOST}/a", "https://host/path or ${NAME}", "base_url:"),
        ('decode: ["text:utf-8", json]', "decode: [json]", "'json' takes text, but has bytes", "decode:"),
        ("      start: 2020-01-01 00:00:00", "      start: 2020-01-01", "isn't a date written as", "start:"),
        ("      start: 2020-01-01 00:00:00", "      start: 2020-02-30 00:00:00", "isn't a date", "start:"),
        ("      zone: Asia/Shanghai", "      zone: Asia/Shangai", "no time zone", "zone:"),
        ("      row: /updateTime\n", "", "needs cursor 'row'", "format:"),
        ("      row: /updateTime", "      row: updateTime", "a JSON Pointer that begins with /", "row:"),
        ("      row: /updateTime", "      row: /update~Time", "a JSON Pointer that begins with /", "row:"),
        ("      rows: /data/list", "      rows: data.list", "a JSON Pointer that begins with /", "rows:"),
        ("      path: /api/manifests", "      path: api/manifests", "a path below base_url", "path:"),
        ("      path: /api/manifests\n", "", "needs 'path'", "query:"),
        ("    decode:", "    source_schema: none.json\n    decode:", "no file none.json", "source_schema:"),
        ("      format: yyyy-MM-dd HH", "      format: dd/MM/yyyy HH", "in this order", "format:"),
        ("      overlap: 10m", "      overlap: 10", "a number and s, m, h or d", "overlap:"),
        ("  success: 1\n", "", "go together", "code:"),
        ("  token: /data/token\n", "", "'token', where it stands", "login:"),
        ("    path: /auth/token\n", "", "needs 'path'", "method:"),
        ("division: 32", "division: 3205", "a province's two digits, such as 32 (省级", "division:"),
        ('"text:utf-8", json]', '"text:utf-8", csv]', "last step must be json or xml", "decode:"),
        ('"text:utf-8", json]', '"text:utf-8", csv, xml]', "'csv' gives a list that json reads, not xml", "decode:"),
        ('"text:utf-8", json]', '"text:utf-8", "csv:;;", json]', "';;' is no delimiter", "decode:"),
        ("      rows: /data/list\n", "      rows: /data/list\n      key: no\n", "such as /data/list", "key:"),
        ('"text:utf-8", json]', '"text:utf-8"]', "last step must be json or xml", "decode:"),
    ],
)
def test_what_one_part_demands_of_another(tmp_path, old, new, words, shown):
    assert old in JS
    (fault,) = problems(tmp_path, JS.replace(old, new))
    assert words in fault.words
    # of a map as a whole, the first line inside it is shown
    assert JS.replace(old, new).splitlines()[fault.line - 1].strip().startswith(shown)


@pytest.mark.parametrize("url", ["https://${HOST}:${PORT}/a", "http://u:${PW}@h", "file:/run/url", "${SCHEME}://h"])
def test_an_address_may_be_partly_or_wholly_secret(tmp_path, url):
    (tmp_path / "js.yaml").write_text(JS.replace("${LIANDAN_JS_URL}", url), "utf-8")
    assert load_adapter(tmp_path / "js.yaml").base_url == url


def test_a_missing_file_and_wrong_bytes_are_problems(tmp_path):
    with pytest.raises(ProblemsFound, match=r"none\.yaml:1:1: can't be read"):
        load_adapter(tmp_path / "none.yaml", name="none.yaml")
    (tmp_path / "gbk.yaml").write_bytes("id: js\ntitle: 江苏".encode("gbk"))
    with pytest.raises(ProblemsFound, match=r"gbk\.yaml:2:1: not UTF-8"):
        load_adapter(tmp_path / "gbk.yaml", name="gbk.yaml")


def test_secrets_stay_names():
    spec = load_adapter(OWN / "provinces/js.yaml")
    assert "${LIANDAN_JS_APP_SECRET}" in repr(spec)


def test_a_targets_patience_is_declared_and_must_rise(tmp_path):
    file = tmp_path / "t.yaml"
    head = "id: t\ntitle: 目标\ntitle_en: target\ndriver: national\nbase_url: http://127.0.0.1:1\n"
    file.write_text(head + "retry: {first: 2s, longest: 10m, deadline: 1d}\n", "utf-8")
    retry = load_target(file).retry
    assert (retry.first, retry.longest, retry.deadline) == (2, 600, 86_400)
    file.write_text(head + "retry: {first: 10m, longest: 2s}\n", "utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_target(file)
    assert [(one.line, "rise" in one.words) for one in found.value.problems] == [(6, True)]


def test_an_id_that_is_another_files_is_refused(tmp_path):
    copied = tmp_path / "hb.yaml"
    copied.write_text(JS, "utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_adapter(copied)
    (problem,) = found.value.problems
    assert (problem.column, "id is 'js'" in problem.words, "hb.yaml" in problem.words) == (5, True, True)


@pytest.mark.parametrize(
    ("old", "new", "words", "meant"),
    [
        (
            '"{from}"',
            '"{form}"',
            "nothing fills {form}: there is {page}, {size}, {from}, {to}, {offset}, {next}, {id}, {token}, {time}, {nonce} (没有",
            "{from}",
        ),
        ("path: /api/manifests", "path: /api/{pages}", "nothing fills {pages}", "{page}"),
        ("Bearer {token}", "Bearer {tokn}", "nothing fills {tokn}", "{token}"),
        ("appId: ${LIANDAN_JS_APP_ID}", 'appId: "{page}"', "nothing fills {page}: there is {time}, {nonce} (没有", ""),
        ("path: /auth/token", 'path: "/auth/{to}"', "nothing fills {to}: there is none here", ""),
        # only an argument of a SOAP operation is JSON as a whole
        ('"{from}"', '"{json}"', "nothing fills {json}", ""),
    ],
)
def test_a_placeholder_that_nobody_fills_is_a_fault(tmp_path, old, new, words, meant):
    assert old in JS
    text = JS.replace(old, new)
    (fault,) = problems(tmp_path, text)
    assert (words in fault.words, fault.suggestion) == (True, meant)
    assert (
        text.splitlines()[fault.line - 1][fault.column - 1 :].strip('"').startswith(new.partition(": ")[2].strip('"'))
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('["{token}", "{json}"]', '["{tokn}", "{json}"]', "nothing fills {tokn}"),
        ('kssj: "{from}"', 'kssj: "{json}"', "nothing fills {json}"),
        ('["${LIANDAN_TJ_USER}", "${LIANDAN_TJ_PASSWORD}"]', '["{json}", "x"]', "nothing fills {json}"),
        ("kind: window", "kind: link", "SOAP has no links"),
        ("      window: 366d", "      window: 1h", "a window must reach beyond what yyyy-MM-dd can tell apart"),
    ],
)
def test_what_a_soap_adapter_demands(tmp_path, old, new, words):
    text = (OWN / "provinces/tj.yaml").read_text("utf-8")
    assert old in text
    (fault,) = problems(tmp_path, text.replace(old, new), "tj")
    assert words in fault.words


def test_a_token_needs_a_login(tmp_path):
    start, end = JS.index("auth:"), JS.index("# 所有应答")
    (fault,) = problems(tmp_path, JS[:start] + JS[end:].replace('"{from}"', '"{token}"'))
    assert "nothing fills {token}" in fault.words


@pytest.mark.parametrize(
    ("key", "path", "words"),
    [
        ("member", "/控制文件/文件[", "is no XPath: Invalid expression"),
        ("member", "count(/控制文件)", "gives no nodes"),
        ("member_name", '"@名:称"', "is no XPath: Undefined namespace prefix"),
        ("member_rows", '"@"', "is no XPath"),
        ("member_sha256", "foo()", "is no XPath: Unregistered function"),
        ("archive_sha256", "/a//", "is no XPath"),
        ("row", "string(/行)", "gives no nodes"),
        ("name", '"{stme}.ctl.xml"', "nothing fills {stme}: there is {stem}"),
    ],
)
def test_a_control_files_places_are_checked(tmp_path, key, path, words):
    lines = (OWN / "provinces/gd.yaml").read_text("utf-8").splitlines()
    (at,) = [number for number, line in enumerate(lines) if line.startswith(f"      {key}: ")]
    lines[at] = f"      {key}: {path}"
    (fault,) = problems(tmp_path, "\n".join(lines), "gd")
    assert (words in fault.words, fault.line, fault.column) == (True, at + 1, len(key) + 9)


def test_a_division_is_one_of_the_provinces_handed_in(tmp_path):
    unknown = JS.replace("division: 32", "division: 38")
    (fault,) = problems(tmp_path, unknown, provinces={"32", "44"})
    assert (fault.words, fault.column) == ("no province has the code 38 (没有这个省级代码)", 11)
    assert load_adapter(OWN / "provinces/js.yaml", provinces={"32"}).division == "32"


def test_faults_of_the_shape_are_told_in_both_languages(tmp_path):
    text = (
        JS.replace("title: ", "titel: ", 1).replace("driver: rest", "driver: rset").replace("size: 100", "size: many")
    )
    text = text.replace("concurrency: 2", "concurrency: 0").replace('decode: ["text:utf-8", json]', "decode: x")
    assert [str(fault).partition(": ")[2] for fault in problems(tmp_path, text)] == [
        "key 'title' is missing ('titel' stands here) (缺少此项)",
        "unknown key 'titel' (没有这一项); did you mean 'title'?",
        "'rset' is none of 'rest', 'soap', 'xml_drop', 'file' or 'liandan' (不在可选值之列); did you mean 'rest'?",
        "datasets.manifests.paging.size: a whole number is needed here (应为整数)",
        "datasets.manifests.decode: a list is needed here: [a, b] (应为列表)",
        "limits.concurrency: at least 1 is needed here (至少为 1)",
    ]


def test_a_targets_address_and_headers_are_checked(tmp_path):
    file = tmp_path / "t.yaml"
    head = "id: t\ntitle: 目标\ntitle_en: target\ndriver: national\n"
    file.write_text(head + 'base_url: national.example.cn\nheaders: {X-Token: "{token}"}\n', "utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_target(file)
    assert [(one.line, one.column) for one in found.value.problems] == [(5, 11), (6, 20)]


NORTH = """\
id: north
title: 北方网关
title_en: The gateway of the north
driver: liandan
base_url: ${NORTH_URL}
auth: {send: {Authorization: "Bearer ${NORTH_KEY}"}}
datasets:
  claims: {title: 申报, title_en: Claims}
"""


def test_another_gateway_needs_an_address_and_nothing_of_its_datasets(tmp_path):
    (tmp_path / "north.yaml").write_text(NORTH, "utf-8")
    spec = load_adapter(tmp_path / "north.yaml")
    assert (spec.gateway.origins, spec.gateway.size, spec.datasets["claims"].decode) == ((), 100, ())
    (fault,) = problems(tmp_path, NORTH.replace("base_url: ${NORTH_URL}\n", ""), "north")
    assert fault.words == "driver liandan needs 'base_url' (缺少此项)"
    (fault,) = problems(tmp_path, NORTH + "gateway: {size: 5000}\n", "north")
    assert (fault.line, "at most 1000 is needed here (至多为 1000)" in fault.words) == (9, True)


def test_another_gateway_has_no_login(tmp_path):
    (fault,) = problems(tmp_path, NORTH.replace("auth: {send", "auth: {login: {path: /login}, send"), "north")
    assert (fault.line, "another gateway has no login" in fault.words) == (6, True)


def test_what_another_gateway_does_not_need_is_noted(tmp_path):
    text = NORTH.replace("title_en: Claims", "title_en: Claims, decode: [text, json]")
    (tmp_path / "north.yaml").write_text(text, "utf-8")
    told = noted(tmp_path / "north.yaml", load_adapter(tmp_path / "north.yaml"), {"NORTH_URL": "x", "NORTH_KEY": "y"})
    assert [one.words for one in told] == ["driver liandan doesn't use 'decode' (此接入方式不使用此项)"]


def test_every_other_driver_needs_a_chain(tmp_path):
    (fault,) = problems(tmp_path, JS.replace('    decode: ["text:utf-8", json]\n', ""))
    assert "'decode'" in fault.words
