from pathlib import Path

import pytest

import adapters
from adapters.load import load_adapter, load_target
from canonical_schema.problem import ProblemsFound

OWN = Path(adapters.__file__).parent
JS = (OWN / "provinces/js.yaml").read_text("utf-8")


def problems(tmp_path, text):
    file = tmp_path / "js.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(ProblemsFound) as found:
        load_adapter(file, name="js.yaml")
    return found.value.problems


@pytest.mark.parametrize("name", ["js", "tj", "gd"])
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
    assert str(fault) == f"js.yaml:{line}:7: unknown key 'overlpa'; did you mean 'overlap'?"


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
        ("base_url: ${LIANDAN_JS_URL}\n", "", "driver rest needs 'base_url'", "id: js"),
        ('decode: ["text:utf-8", json]', "decode: [json]", "'json' takes text, but has bytes", "decode:"),
        ("      start: 2020-01-01 00:00:00", "      start: 2020-01-01", "isn't written as", "start:"),
        ("      zone: Asia/Shanghai", "      zone: Asia/Shangai", "no time zone", "zone:"),
        ("      row: /updateTime\n", "", "needs cursor 'row'", "format:"),
        ("      path: /api/manifests\n", "", "needs 'path'", "query:"),
        ("    decode:", "    source_schema: none.json\n    decode:", "no file none.json", "source_schema:"),
        ("      format: yyyy-MM-dd HH", "      format: dd/MM/yyyy HH", "in this order", "start:"),
        ("      overlap: 10m", "      overlap: 10", "a number and s, m, h or d", "overlap:"),
        ("  success: 1\n", "", "go together", "code:"),
        ("  token: /data/token\n", "", "'token', where it stands", "kind:"),
        ('"text:utf-8", json]', '"text:utf-8", xml]', "must end with json", "decode:"),
    ],
)
def test_what_one_part_demands_of_another(tmp_path, old, new, words, shown):
    assert old in JS
    (fault,) = problems(tmp_path, JS.replace(old, new))
    assert words in fault.words
    # of a map as a whole, the first line inside it is shown
    assert JS.replace(old, new).splitlines()[fault.line - 1].strip().startswith(shown)


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
