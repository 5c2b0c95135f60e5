"""What `adapters check` finds in an adapter's file and its mappings, each for itself and against each other."""

import shutil
from pathlib import Path

import pytest

import adapters
from gateway.checked import Checked, check
from gateway.packs import find_packs
from gateway.registration import Registration

OWN = Path(adapters.__file__).parent.parent
FUNCTIONS = "def only_digits(text):\n    return text\n"


@pytest.fixture
def xx(tmp_path):
    """js under another name: an adapter, its mapping, the way back, and a function of the pack."""
    pack = tmp_path / "pack"
    (pack / "adapters/provinces").mkdir(parents=True)
    shutil.copytree(OWN / "mappings/provinces/js", pack / "mappings/provinces/xx")
    for file in (pack / "mappings").rglob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace("system: js", "system: xx"), "utf-8")
    own = (OWN / "adapters/provinces/js.yaml").read_text("utf-8").replace("id: js", "id: xx").replace("_JS_", "_XX_")
    (pack / "adapters/provinces/xx.yaml").write_text(own, "utf-8")
    (pack / "adapters/provinces/xx.py").write_text(FUNCTIONS, "utf-8")
    return pack


ADAPTER = "adapters/provinces/xx.yaml"
MAPPING = "mappings/provinces/xx/manifests.yaml"
BACK = "mappings/provinces/xx/out/manifests.yaml"
SET = {"LIANDAN_XX_URL": "http://x", "LIANDAN_XX_APP_ID": "a", "LIANDAN_XX_APP_SECRET": "s"}


def edited(pack, file, old, new):
    """Replaces a text that stands there once; its line."""
    text = (pack / file).read_text("utf-8")
    assert text.count(old) == 1, (old, text.count(old))
    (pack / file).write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


def checked(pack, environment=SET) -> Checked:
    packs = find_packs([pack])
    registered = Registration(packs, database=None, clock=None, environment=environment)
    return check(packs.province("xx"), lambda: registered.spec("xx"), environment)


def test_a_sound_adapter_has_neither_fault_nor_note(xx):
    told = checked(xx)
    assert (told.problems, told.notes) == ([], [])


@pytest.mark.parametrize(
    ("file", "old", "new", "suggestion", "shown"),
    [
        (ADAPTER, "      overlap: 10m", "      overlpa: 10m", "overlap", "overlpa:"),
        (ADAPTER, "kind: keyset", "kind: keysett", "keyset", "keysett"),
        (ADAPTER, '"{page}"', '"{pgae}"', "{page}", '"{pgae}"'),
        (ADAPTER, '"text:utf-8", json', '"txt:utf-8", json', "text", '["txt'),
        (ADAPTER, "Asia/Shanghai", "Asia/Shangai", "Asia/Shanghai", "Asia/Shangai"),
        (MAPPING, "  national_no: nationalNo", "  nationl_no: nationalNo", "national_no", "nationl_no"),
        (
            MAPPING,
            "  plan_filing_no: planNo",
            "  plan_filing_no: {from: planNo, call: only_digit}",
            "only_digits",
            "only_digit}",
        ),
        (MAPPING, "  plan_filing_no: planNo", "  plan_filing_no: {from: planNo, steps: [uper]}", "upper", "uper]"),
        (MAPPING, "10: declared", "10: declard", "declared", "declard"),
    ],
)
def test_a_slip_is_told_with_its_place_and_what_was_meant(xx, file, old, new, suggestion, shown):
    line = edited(xx, file, old, new)
    (problem,) = [one for one in checked(xx).problems if one.suggestion]
    assert problem.file.endswith(file)
    assert (problem.line, problem.suggestion) == (line, suggestion)
    assert (xx / file).read_text("utf-8").splitlines()[line - 1][problem.column - 1 :].startswith(shown)


def test_what_lies_behind_a_misspelt_key_is_told_in_the_same_breath(xx):
    edited(xx, ADAPTER, "driver: rest", "drivr: rest")
    edited(xx, ADAPTER, "kind: keyset", "kind: keysett")
    edited(xx, ADAPTER, '"{from}"', '"{form}"')
    edited(xx, ADAPTER, "concurrency: 2", "concurrency: 0")
    words = "\n".join(one.words for one in checked(xx).problems)
    assert "unknown key 'drivr'" in words
    assert "'keysett' is none of" in words
    assert "at least 1 is needed here (至少为 1)" in words
    edited(xx, ADAPTER, "concurrency: 0", "concurrency: 2")
    assert "nothing fills {form}" in "\n".join(one.words for one in checked(xx).problems)


def test_every_fault_is_told_in_chinese_too(xx):
    edited(xx, ADAPTER, "kind: keyset", "kind: keysett")
    edited(xx, ADAPTER, "connect: 5s", "connect: 5")
    edited(xx, ADAPTER, "success: 1", "succes: 1")
    problems = checked(xx).problems
    assert len(problems) == 3
    edited(xx, MAPPING, "  plan_filing_no: planNo", "  plan_filing_no: {from: planNo, steps: [uper]}")
    problems += checked(xx).problems
    assert "there is no step 'uper' (没有这个步骤); did you mean 'upper'?" in "\n".join(map(str, problems))
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in one.told) for one in problems)


def test_a_chain_and_a_mapping_that_speak_of_different_forms_are_a_fault_at_the_chain(xx):
    edited(xx, MAPPING, "document: json", "document: xml")
    told = [one for one in checked(xx).problems if "the chain ends with json" in one.words]
    assert [(one.file.endswith(ADAPTER), "document: xml" in one.words) for one in told] == [(True, True)]


def test_variables_that_are_not_set_are_notes_at_the_place_that_names_them(xx):
    told = checked(xx, environment={"LIANDAN_XX_URL": "http://x"})
    text = (xx / ADAPTER).read_text("utf-8").splitlines()
    assert told.problems == []
    assert [(one.kind, text[one.line - 1].strip()) for one in told.notes] == [
        ("absent", "appId: ${LIANDAN_XX_APP_ID}"),
        ("absent", "appSecret: ${LIANDAN_XX_APP_SECRET}"),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "words", "suggestion"),
    [
        (ADAPTER, "      row: /updateTime", "      row: /data/list/0/updateTime", "inside each row", "/updateTime"),
        (
            ADAPTER,
            "      path: /api",
            "      json: {a: 1}\n      text: abc\n      path: /api",
            "nothing names {json}",
            "",
        ),
        (ADAPTER, "      path: /api", "      operation: list\n      path: /api", "doesn't use 'operation'", ""),
        (ADAPTER, "    decode:", "    duplicates: any\n    decode:", "doesn't use 'duplicates'", ""),
        (ADAPTER, "      size: 100", "      size: 100\n      key: /transNo", "doesn't use 'key'", ""),
        (ADAPTER, "driver: rest\n", "driver: rest\nhosts: ['*.example.cn']\n", "no host is called", ""),
        (ADAPTER, "driver: rest\n", "driver: rest\nfolder: /drop\n", "doesn't use 'folder'", ""),
        (ADAPTER, "rows: /data/list", "rows: /data/rows", "pages are counted by the list at /data/rows", ""),
        (MAPPING, "newer: {from: updateTime", "newer: {from: createTime", "takes /createTime for newer", ""),
        (MAPPING, "newer: {from: updateTime, time: yyyy-MM-dd HH:mm:ss}\n", "", "has no 'newer'", ""),
    ],
)
def test_what_works_and_may_not_be_meant_is_a_note(xx, file, old, new, words, suggestion):
    edited(xx, file, old, new)
    told = checked(xx)
    (note,) = [one for one in told.notes if words in one.words]
    assert (note.kind, note.suggestion, note.file.endswith(ADAPTER)) == ("note", suggestion, True)


def test_fields_that_the_system_tells_and_the_way_back_forgets_are_told_apart_from_the_others(xx):
    text = (xx / BACK).read_text("utf-8")
    assert "plan_filing_no" in text
    (xx / BACK).write_text("\n".join(row for row in text.splitlines() if "plan_filing_no" not in row) + "\n", "utf-8")
    told = checked(xx)
    assert told.problems == []
    ((_, known),) = told.known_untold.items()
    assert known == ("plan_filing_no",)
